// The second program of the catalog's contract tests: contract-catalog-child PLACE COMMAND [FIRST COUNT]
// Prints one line after each completed step. On a failure it exits with 1 and prints the error's kind and message.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <grp.h>
#include <iostream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include "catalog/postgres_backend.hpp"
#include "catalog/sql_catalog.hpp"
#include "catalog/sqlite_backend.hpp"
#include "support/tracks.hpp"

namespace audio_ident::test {
namespace {

constexpr rlim_t kFileLimit = 2'000'000;
constexpr unsigned kNobody = 65534;

void say(const std::string& line) {
    std::fputs((line + "\n").c_str(), stdout);
    std::fflush(stdout);
}

[[noreturn]] void end(const Error& error) {
    say(fmt::format("{} {}", to_string(error.kind), error.message));
    std::_Exit(1);
}

template <typename T>
T must(Result<T> result) {
    if (!result) end(result.error());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Inserts rows FIRST, FIRST + 1, … and makes each one ready.
void insert(catalog::Catalog& catalog, int first, int count) {
    const Deadline deadline = Deadline::after(std::chrono::seconds(60));
    for (int number = first; number < first + count; ++number) {
        catalog::Track track = make_track(number);
        track.chromaprint_fingerprint = std::string(3000, 'A');
        must(catalog.insert(track, deadline));
        say(fmt::format("inserted {}", number));
        track.state = catalog::TrackState::ready;
        must(catalog.update(track, deadline));
        say(fmt::format("ready {}", number));
    }
}

int run(const std::vector<std::string>& arguments) {
    const std::string& place = arguments.at(1);
    const auto backend = place.starts_with("postgresql://") ? catalog::make_postgres_backend(place)
                                                            : catalog::make_sqlite_backend(place);
    const Deadline deadline = Deadline::after(std::chrono::seconds(60));
    const std::string& command = arguments.at(2);
    const auto number = [&](std::size_t i) { return std::stoi(arguments.at(i)); };

    if (command == "lock") {  // Holds the write lock until its input ends.
        auto connection = must(backend->connect(catalog::SqlBackend::Create::never, deadline));
        lib::Transaction transaction(*connection, backend->dialect().begin_write);
        say("locked");
        std::cin.get();
        return 0;
    }
    if (command == "upgrade") {
        auto migrator = must(catalog::Migrator::create(backend));
        for (const auto& done : must(migrator->upgrade(deadline))) say(done.name);
        return 0;
    }
    if (command == "nobody" && geteuid() == 0) {  // File permissions do not restrict the superuser.
        if (setgroups(0, nullptr) != 0 || setgid(kNobody) != 0 || setuid(kNobody) != 0) std::abort();
    }
    auto catalog = must(catalog::SqlCatalog::open(backend, catalog::SchemaPolicy::upgrade, {}, deadline));
    if (command == "full") {  // Writes beyond this file size fail like on a full disk.
        const rlimit limit{kFileLimit, kFileLimit};
        if (std::signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0) std::abort();
    }
    say(fmt::format("count {}", must(catalog->count(std::nullopt, Deadline()))));
    insert(*catalog, number(3), number(4));
    return 0;
}

}  // namespace
}  // namespace audio_ident::test

int main(int argc, char** argv) {
    return audio_ident::test::run(std::vector<std::string>(argv, argv + argc));
}
