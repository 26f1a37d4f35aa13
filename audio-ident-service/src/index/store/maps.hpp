#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/deadline.hpp"
#include "core/result.hpp"

// The port below the fingerprint index: ordered maps of bytes, read and written in transactions. A store keeps them and
// knows nothing of what they hold (docs/formats/fingerprint-index.md), so that every store holds the same bytes.

namespace audio_ident::index {

using Bytes = std::span<const std::byte>;

/// The maps by what they hold. A map is ordered by its keys, as memcmp() orders them. Keys have 16 bytes at most.
enum class Map : std::uint8_t { meta, tracks, numbers, segments, contents, peaks, postings };
inline constexpr Map kEveryMap[] = {Map::meta,     Map::tracks, Map::numbers, Map::segments,
                                    Map::contents, Map::peaks,  Map::postings};

/// Whether a transaction changed anything; unchanged ones are not committed.
enum class Outcome { changed, unchanged };

/// The maps in one committed state, or within a transaction. For one thread at a time. Every call may throw what the
/// store throws; the store that made the view turns it into an Error.
class MapView {
  public:
    using See = std::function<void(Bytes key, Bytes value)>;
    using SeeEach = std::function<void(std::size_t which, Bytes value)>;

    virtual ~MapView() = default;

    /// The bytes are valid until the next call on this object.
    virtual std::optional<Bytes> get(Map map, Bytes key) const = 0;
    /// Calls `see` for those of the keys that are there, in any order. Cheaper than many get() where the store is far.
    virtual void get_each(Map map, std::span<const Bytes> keys, const SeeEach& see) const = 0;
    /// Calls `see` for the entries with keys in [first, end), in order. An empty `end` means all from `first` on.
    virtual void scan(Map map, Bytes first, Bytes end, const See& see) const = 0;
    /// Calls `see` for the first `most` entries with keys from `first` on, in order.
    virtual void scan_some(Map map, Bytes first, std::size_t most, const See& see) const = 0;
    /// The first key that is at least `from`.
    virtual std::optional<std::vector<std::byte>> first_key(Map map, Bytes from) const = 0;
};

/// A view within a transaction, which sees its own changes. `see` must not change anything.
class MapTransaction : public MapView {
  public:
    virtual void put(Map map, Bytes key, Bytes value) = 0;
    /// Does nothing when the key is not there.
    virtual void erase(Map map, Bytes key) = 0;
    /// Removes the entries with keys in [first, end).
    virtual void erase_range(Map map, Bytes first, Bytes end) = 0;
    virtual void clear(Map map) = 0;
};

/// The right to write, for one call of a writer. Only one of all processes writes at a time.
class WritingTurn {
  public:
    virtual ~WritingTurn() = default;

    /// Runs `body` in a transaction and commits what it changed; then it is durable. Fails as `body` does, and with
    /// timeout, not_available, corrupt; then nothing is changed.
    virtual Result<void> write(const Deadline& deadline,
                               const std::function<Result<Outcome>(MapTransaction&)>& body) = 0;
};

/// A store of the maps. Thread-safe.
class MapStore {
  public:
    virtual ~MapStore() = default;

    /// Where it is, for messages; without secrets.
    virtual const std::string& location() const = 0;
    /// Runs `body` on the last committed state. Fails as `body` does, and with timeout, not_available, corrupt.
    virtual Result<void> read(const Deadline& deadline, const std::function<Result<void>(const MapView&)>& body) = 0;
    /// Fails with timeout when another writer is still at work at the deadline, and with not_available.
    virtual Result<std::unique_ptr<WritingTurn>> take_turn(const Deadline& deadline) = 0;
};

}  // namespace audio_ident::index
