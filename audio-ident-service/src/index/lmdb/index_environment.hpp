#pragma once

#include <filesystem>
#include <type_traits>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/lmdb/guard.hpp"
#include "index/store/maps.hpp"
#include "lib/lmdb/environment.hpp"

namespace audio_ident::index {

/// The LMDB environment that holds a library's indexes. It begins all their transactions. A process must not open the
/// same folder twice. Thread-safe.
class IndexEnvironment {
  public:
    template <typename Body>
    using Answer = std::invoke_result_t<Body&, const lmdb::Transaction&>;

    /// `read_write` makes the folder. Throws lmdb::LmdbError.
    IndexEnvironment(const std::filesystem::path& folder, lmdb::Access access, unsigned max_tables)
        : environment_(folder, access, max_tables) {}

    /// False also when the first writer died while it made the file. True where the file cannot be read: opening the
    /// environment says why.
    static bool has_data(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return environment_.folder(); }
    const lmdb::Environment& lmdb() const { return environment_; }

    /// Runs `body(const lmdb::Transaction&)` on the last committed state. `body` returns a Result, and may throw what
    /// LMDB and the codecs throw. Fails with timeout when the deadline has passed, and like guarded().
    template <typename Body>
    Answer<Body> read(const IndexName& name, const Deadline& deadline, Body&& body) const {
        return guarded(name, folder(), [&]() -> Answer<Body> {
            if (deadline.expired()) return fail(ErrorKind::timeout, "{}: no time left to read it", name.what);
            const lmdb::Transaction transaction(environment_, lmdb::Access::read_only);
            return body(transaction);
        });
    }

    /// Runs `body(const lmdb::Transaction&)`, which returns Result<Outcome>, and commits its changes. Waits while
    /// another writer of any process is at work. Fails like read() and `body`; then nothing is changed.
    template <typename Body>
    Result<void> write(const IndexName& name, const Deadline& deadline, Body&& body) const {
        return guarded(name, folder(), [&]() -> Result<void> {
            if (deadline.expired()) return fail(ErrorKind::timeout, "{}: no time left to write it", name.what);
            lmdb::Transaction transaction(environment_, lmdb::Access::read_write);
            if (deadline.expired()) {
                return fail(ErrorKind::timeout, "{} {}: another program was still writing when the time ran out",
                            name.what, folder().string());
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
