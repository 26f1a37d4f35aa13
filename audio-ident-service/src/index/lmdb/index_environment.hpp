#pragma once

#include <filesystem>
#include <type_traits>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/lmdb/guard.hpp"
#include "lib/lmdb/environment.hpp"

namespace audio_ident::index {

/// The LMDB environment that holds a library's indexes, and the way in which the indexes read and write in it: every
/// transaction of theirs begins here. A folder may be open once in a process. Thread-safe.
class IndexEnvironment {
  public:
    /// Whether a write transaction changed anything; unchanged ones are not committed.
    enum class Outcome { changed, unchanged };

    template <typename Body>
    using Answer = std::invoke_result_t<Body&, const lmdb::Transaction&>;

    /// `read_write` makes the folder. Throws lmdb::LmdbError.
    IndexEnvironment(const std::filesystem::path& folder, lmdb::Access access, unsigned max_tables)
        : environment_(folder, access, max_tables) {}

    /// False also where the first writer died before it had written anything.
    static bool has_data(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return environment_.folder(); }
    const lmdb::Environment& lmdb() const { return environment_; }

    /// Runs `body(const lmdb::Transaction&)`, which returns a Result and may throw what LMDB and the codecs throw, on
    /// the last committed state. Fails with timeout when the deadline is over, and as guarded() says.
    template <typename Body>
    Answer<Body> read(const LmdbName& name, const Deadline& deadline, Body&& body) const {
        return guarded(name, folder(), [&]() -> Answer<Body> {
            if (deadline.expired()) return fail(ErrorKind::timeout, "{}: no time left to read it", name.what);
            const lmdb::Transaction transaction(environment_, lmdb::Access::read_only);
            return body(transaction);
        });
    }

    /// Runs `body(const lmdb::Transaction&)`, which returns Result<Outcome>, and commits what it changed. Waits while
    /// another writer, of any process, is at work. Fails as read() and `body` do; then nothing is changed.
    template <typename Body>
    Result<void> write(const LmdbName& name, const Deadline& deadline, Body&& body) const {
        return guarded(name, folder(), [&]() -> Result<void> {
            if (deadline.expired()) return fail(ErrorKind::timeout, "{}: no time left to write it", name.what);
            lmdb::Transaction transaction(environment_, lmdb::Access::read_write);
            if (deadline.expired()) {
                return fail(ErrorKind::timeout, "{} {}: another writer was at work until the time was up", name.what,
                            folder().string());
            }
            const Result<Outcome> outcome = body(transaction);
            if (!outcome) return forward(outcome);
            if (*outcome == Outcome::changed) transaction.commit();
            return {};
        });
    }

  private:
    lmdb::Environment environment_;
};

}  // namespace audio_ident::index
