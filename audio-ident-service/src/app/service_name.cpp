#include "app/service_name.hpp"

#include <chrono>
#include <fstream>
#include <spdlog/spdlog.h>
#include <string>
#include <utility>

#include "core/deadline.hpp"
#include "util/atomic_file.hpp"

namespace audio_ident::app {

namespace {

/// The name in a file, which only this service uses now.
std::optional<Uuid> name_in(const std::filesystem::path& file) {
    std::ifstream known(file);
    std::string text;
    std::getline(known, text);
    if (const auto id = Uuid::parse(text)) return id;
    const auto id = Uuid::random();
    const auto written = util::replace_file(file, id.to_string(), util::Durability::program_crash);
    return written ? std::optional(id) : std::nullopt;
}

}  // namespace

ServiceName ServiceName::take(const std::filesystem::path& data_dir) {
    const auto file = data_dir / "service-id";
    auto lock = util::FileLock::acquire(data_dir / "service-id.lock", "audio-ident serve",
                                        Deadline::after(std::chrono::seconds(0)));
    const auto id = lock ? name_in(file) : std::nullopt;
    if (!id) {
        spdlog::info("the name in {} is in use, or cannot be: this service has another one until it ends",
                     file.string());
        return ServiceName(Uuid::random());
    }
    ServiceName name(*id);
    name.lock_.emplace(std::move(*lock));
    return name;
}

}  // namespace audio_ident::app
