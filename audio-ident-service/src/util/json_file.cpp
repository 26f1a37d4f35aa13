#include "util/json_file.hpp"

#include <fstream>
#include <system_error>

#include "util/json.hpp"

namespace audio_ident::util {

Result<void> write_json_file(const std::filesystem::path& file, const boost::json::object& object) {
    const auto fresh = std::filesystem::path(file.string() + ".new");
    {
        std::ofstream stream(fresh, std::ios::binary | std::ios::trunc);
        stream << json_text(object) << '\n';
        if (!stream.flush()) return fail(ErrorKind::not_available, "cannot write {}", fresh.string());
    }
    std::error_code error;
    std::filesystem::rename(fresh, file, error);
    if (error) return fail(ErrorKind::not_available, "cannot write {}: {}", file.string(), error.message());
    return {};
}

}  // namespace audio_ident::util
