#include "index/fingerprint/lmdb_index.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <tuple>
#include <unordered_set>

#include "index/fingerprint/lmdb_snapshot.hpp"
#include "index/fingerprint/segment_builder.hpp"
#include "index/fingerprint/segment_merge.hpp"
#include "index/vector/check_vectors.hpp"

namespace audio_ident::index {

namespace {

constexpr LmdbName kName{"fingerprint index", "audio-ident rebuild-index"};

Result<void> check_version(const MetaRecord& meta, const std::filesystem::path& folder) {
    if (meta.format_version == kFormatVersion && meta.params_version == fingerprint::Params::kVersion) return {};
    const bool newer = meta.format_version > kFormatVersion ||
                       (meta.format_version == kFormatVersion && meta.params_version > fingerprint::Params::kVersion);
    return fail(
        ErrorKind::unsupported,
        "fingerprint index {}: format {} with fingerprints of version {}, this program reads format {} with version "
        "{}; {}",
        folder.string(), meta.format_version, meta.params_version, kFormatVersion, fingerprint::Params::kVersion,
        newer ? "use a newer audio-ident, or run `audio-ident rebuild-index` to make it anew from the audio files"
              : "run `audio-ident rebuild-index` to make it anew from the audio files");
}

// The codecs rely on what is checked here.
Result<void> check_fingerprint(const TrackFingerprint& track, const std::filesystem::path& folder) {
    const fingerprint::Fingerprint& given = track.fingerprint;
    if (given.params_version != fingerprint::Params::kVersion) {
        return fail(ErrorKind::invalid_input, "fingerprint index {}: a fingerprint of version {}", folder.string(),
                    given.params_version);
    }
    const auto earlier = [](const fingerprint::Peak& a, const fingerprint::Peak& b) {
        return std::tie(a.frame, a.bin) < std::tie(b.frame, b.bin);
    };
    const auto outside = [&](const fingerprint::Peak& peak) {
        return peak.frame >= given.frames || peak.bin >= fingerprint::kBins;
    };
    if (!std::is_sorted(given.peaks.begin(), given.peaks.end(), earlier) ||
        std::any_of(given.peaks.begin(), given.peaks.end(), outside)) {
        return fail(ErrorKind::invalid_input, "fingerprint index {}: a fingerprint with peaks out of order or bounds",
                    folder.string());
    }
    return {};
}

// Also where the first writer died before it had written anything.
bool lacks_data(const std::filesystem::path& folder) {
    std::error_code error;
    const auto size = std::filesystem::file_size(folder / "data.mdb", error);
    if (!error) return size == 0;
    return error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory;
}

Unexpected no_index(const std::filesystem::path& folder) {
    return fail(ErrorKind::not_available,
                "no fingerprint index at {}; ingest some music first: `audio-ident ingest FOLDER`", folder.string());
}

class Reader final : public FingerprintIndexReader {
  public:
    Reader(const lmdb::Environment& environment, const Tables& tables) : environment_(environment), tables_(tables) {}

    Result<std::unique_ptr<FingerprintSnapshot>> snapshot(const Deadline& deadline) override {
        using Answer = Result<std::unique_ptr<FingerprintSnapshot>>;
        return guarded(kName, environment_.folder(), [&]() -> Answer {
            if (deadline.expired()) return fail(ErrorKind::timeout, "fingerprint index: no time left to read it");
            auto transaction = std::make_unique<lmdb::Transaction>(environment_, lmdb::Access::read_only);
            std::shared_ptr<const SnapshotState> state;
            {
                const std::lock_guard lock(mutex_);
                if (!state_ || state_->transaction != transaction->id()) {
                    const auto meta = tables_.read_meta(*transaction);
                    if (!meta) throw std::runtime_error("the state record is missing");
                    if (auto right = check_version(*meta, environment_.folder()); !right) return forward(right);
                    state_ = SnapshotState::load(environment_, *transaction, tables_);
                }
                state = state_;
            }
            return std::make_unique<LmdbSnapshot>(std::move(transaction), tables_, std::move(state));
        });
    }

  private:
    const lmdb::Environment& environment_;
    const Tables& tables_;
    std::mutex mutex_;
    std::shared_ptr<const SnapshotState> state_;
};

class Writer final : public FingerprintIndexWriter {
  public:
    Writer(const lmdb::Environment& environment, const Tables& tables, const std::optional<VectorTables>& vectors)
        : environment_(environment), tables_(tables), vectors_(vectors) {}

    Result<void> add(std::span<const TrackFingerprint> tracks, const Deadline& deadline) override {
        return add_with(tracks, {}, deadline);
    }

    /// `also` writes something in the same transaction.
    Result<void> add_with(std::span<const TrackFingerprint> tracks,
                          const std::function<Result<void>(const lmdb::Transaction&)>& also, const Deadline& deadline) {
        auto added = write(deadline, [&](const lmdb::Transaction& transaction, MetaRecord& meta) -> Result<Outcome> {
            std::vector<const TrackFingerprint*> last;  // of each id in the call
            std::unordered_set<TrackId> seen;
            std::uint64_t frames = 0;
            for (auto track = tracks.rbegin(); track != tracks.rend(); ++track) {
                if (auto right = check_fingerprint(*track, environment_.folder()); !right) return forward(right);
                if (!seen.insert(track->id).second) continue;
                last.push_back(&*track);
                frames += track->fingerprint.frames;
            }
            if (frames > kLongestTimeline) {
                return fail(ErrorKind::invalid_input,
                            "fingerprint index {}: {} frames at once, at most {} can be added",
                            environment_.folder().string(), frames, kLongestTimeline);
            }
            std::reverse(last.begin(), last.end());
            for (const TrackFingerprint* track : last) erase(transaction, track->id);
            if (last.empty()) return Outcome::unchanged;
            write_segment(transaction, tables_, meta, last);
            if (also) {
                if (auto done = also(transaction); !done) return forward(done);
            }
            return Outcome::changed;
        });
        // The tracks are in. A merge that fails now, as on a full disk, is made up for after a later write.
        if (added) std::ignore = merge(MergeEffort::keep_up, deadline);
        return added;
    }

    Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline& deadline) override {
        std::size_t removed = 0;
        bool changed = false;
        auto done = write(deadline, [&](const lmdb::Transaction& transaction, MetaRecord&) -> Result<Outcome> {
            for (const TrackId& id : ids) {
                removed += erase(transaction, id) ? 1 : 0;
                changed = (vectors_ && vectors_->erase_everywhere(transaction, id)) || changed;
            }
            return removed == 0 && !changed ? Outcome::unchanged : Outcome::changed;
        });
        if (!done) return forward(done);
        return removed;
    }

    Result<bool> contains(const TrackId& id, const Deadline& deadline) override {
        return read<bool>(deadline, [&](const lmdb::Transaction& transaction) {
            return tables_.tracks.get(transaction, bytes_of(id.bytes())).has_value();
        });
    }

    Result<std::vector<TrackId>> tracks(const Deadline& deadline) override {
        return read<std::vector<TrackId>>(deadline, [&](const lmdb::Transaction& transaction) {
            std::vector<TrackId> ids;
            lmdb::Cursor cursor(transaction, tables_.tracks);
            for (auto entry = cursor.first(); entry; entry = cursor.next()) {
                ids.emplace_back(value_of<TrackId::Bytes>(entry->first));
            }
            return ids;
        });
    }

    Result<void> compact(const Deadline& deadline) override { return merge(MergeEffort::tidy, deadline); }

    Result<void> clear(const Deadline& deadline) override {
        return write(deadline, [&](const lmdb::Transaction& transaction, MetaRecord& meta) -> Result<Outcome> {
            for (const auto* table : {&tables_.tracks, &tables_.numbers, &tables_.segments, &tables_.contents,
                                      &tables_.peaks, &tables_.postings}) {
                table->clear(transaction);
            }
            meta.merge_target = MetaRecord::kNoMerge;
            return Outcome::changed;
        });
    }

  private:
    enum class Outcome { changed, unchanged };

    template <typename Body>
    Result<void> write(const Deadline& deadline, Body&& body) {
        return guarded(kName, environment_.folder(), [&]() -> Result<void> {
            if (deadline.expired()) return fail(ErrorKind::timeout, "fingerprint index: no time left to write it");
            lmdb::Transaction transaction(environment_, lmdb::Access::read_write);
            if (deadline.expired()) {
                return fail(ErrorKind::timeout,
                            "fingerprint index {}: another writer was at work until the time was up",
                            environment_.folder().string());
            }
            auto meta = tables_.read_meta(transaction);
            if (!meta) throw std::runtime_error("the state record is missing");
            if (auto right = check_version(*meta, environment_.folder()); !right) return right;
            const Result<Outcome> outcome = body(transaction, *meta);
            if (!outcome) return forward(outcome);
            if (*outcome == Outcome::unchanged) return {};
            ++meta->generation;
            tables_.write_meta(transaction, *meta);
            transaction.commit();
            return {};
        });
    }

    template <typename T, typename Body>
    Result<T> read(const Deadline& deadline, Body&& body) {
        return guarded(kName, environment_.folder(), [&]() -> Result<T> {
            if (deadline.expired()) return fail(ErrorKind::timeout, "fingerprint index: no time left to read it");
            const lmdb::Transaction transaction(environment_, lmdb::Access::read_only);
            return body(transaction);
        });
    }

    bool erase(const lmdb::Transaction& transaction, const TrackId& id) {
        const auto bytes = tables_.tracks.get(transaction, bytes_of(id.bytes()));
        if (!bytes) return false;
        const auto record = value_of<TrackRecord>(*bytes);
        tables_.tracks.erase(transaction, bytes_of(id.bytes()));
        tables_.numbers.erase(transaction, NumberKey(record.number).bytes());
        lmdb::Cursor cursor(transaction, tables_.peaks);
        auto entry = cursor.lower_bound(NumberKey(record.number, 0).bytes());
        while (entry && NumberKey::read(entry->first, 0) == record.number) {
            cursor.erase();
            entry = cursor.lower_bound(NumberKey(record.number, 0).bytes());
        }
        return true;
    }

    // Merges until the index is in order. Interrupted it leaves a whole index, and the next call goes on.
    Result<void> merge(MergeEffort effort, const Deadline& deadline) {
        for (bool more = true; more;) {
            auto done = write(deadline, [&](const lmdb::Transaction& transaction, MetaRecord& meta) -> Result<Outcome> {
                if (meta.merge_target == MetaRecord::kNoMerge) {
                    const auto sources = choose_merge(transaction, tables_, effort);
                    more = sources.has_value();
                    if (!sources) return Outcome::unchanged;
                    begin_merge(transaction, tables_, meta, *sources);
                }
                step_merge(transaction, tables_, meta, effort);
                return Outcome::changed;
            });
            if (!done) return done;
        }
        return {};
    }

    const lmdb::Environment& environment_;
    const Tables& tables_;
    const std::optional<VectorTables>& vectors_;
};

class LmdbBothLanesWriter final : public BothLanesWriter {
  public:
    LmdbBothLanesWriter(Writer& writer, const std::optional<VectorTables>& tables,
                        std::unique_ptr<LmdbVectorIndex> index)
        : writer_(writer), tables_(tables), index_(std::move(index)) {}

    const VectorSpace& space() const override { return index_->writer().space(); }

    Result<Stored> add(std::span<const TrackFingerprint> fingerprints, std::span<const TrackVectors> vectors,
                       const Deadline& deadline) override {
        if (auto right = check_vectors(space(), vectors); !right) return forward(right);
        const auto added = writer_.add_with(
            fingerprints,
            [&](const lmdb::Transaction& transaction) -> Result<void> {
                for (const TrackFingerprint& track : fingerprints) tables_->erase_everywhere(transaction, track.id);
                return index_->put(transaction, vectors);
            },
            deadline);
        if (!added) return forward(added);
        return Stored::both;
    }

  private:
    Writer& writer_;
    const std::optional<VectorTables>& tables_;
    std::unique_ptr<LmdbVectorIndex> index_;
};

}  // namespace

struct LmdbFingerprintIndex::Impl {
    Impl(std::unique_ptr<lmdb::Environment> env, const Tables& t, const std::optional<VectorTables>& v)
        : environment(std::move(env)),
          tables(t),
          vectors(v),
          reader(*environment, tables),
          writer(*environment, tables, vectors) {}

    std::unique_ptr<lmdb::Environment> environment;
    Tables tables;
    std::optional<VectorTables> vectors;
    Reader reader;
    Writer writer;
};

LmdbFingerprintIndex::LmdbFingerprintIndex(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LmdbFingerprintIndex::~LmdbFingerprintIndex() = default;
FingerprintIndexReader& LmdbFingerprintIndex::reader() {
    return impl_->reader;
}
FingerprintIndexWriter& LmdbFingerprintIndex::writer() {
    return impl_->writer;
}

std::unique_ptr<LmdbVectorIndex> LmdbFingerprintIndex::vectors(VectorSpace space, std::size_t graph_from) const {
    return std::make_unique<LmdbVectorIndex>(*impl_->environment, impl_->vectors, std::move(space), graph_from);
}

std::unique_ptr<BothLanesWriter> LmdbFingerprintIndex::both_lanes(VectorSpace space) {
    return std::make_unique<LmdbBothLanesWriter>(impl_->writer, impl_->vectors, vectors(std::move(space)));
}

Result<std::vector<VectorSpace>> LmdbFingerprintIndex::vector_spaces(const Deadline& deadline) const {
    return guarded(kVectorIndexName, impl_->environment->folder(), [&]() -> Result<std::vector<VectorSpace>> {
        if (deadline.expired()) return fail(ErrorKind::timeout, "vector index: no time left to read it");
        if (!impl_->vectors) return std::vector<VectorSpace>();
        return impl_->vectors->list_spaces(lmdb::Transaction(*impl_->environment, lmdb::Access::read_only));
    });
}

Result<void> LmdbFingerprintIndex::drop_vector_space(const std::string& name, const Deadline& deadline) {
    return vectors({name, 1})->writer().clear(deadline);
}

Result<std::unique_ptr<LmdbFingerprintIndex>> LmdbFingerprintIndex::open(const std::filesystem::path& folder,
                                                                         lmdb::Access access) {
    using Answer = Result<std::unique_ptr<LmdbFingerprintIndex>>;
    return guarded(kName, folder, [&]() -> Answer {
        const bool writes = access == lmdb::Access::read_write;
        if (!writes && lacks_data(folder)) return no_index(folder);
        auto environment = std::make_unique<lmdb::Environment>(folder, access, kTables + kVectorTables);
        lmdb::Transaction transaction(*environment, access);
        if (!writes && !Tables::exist(transaction)) return no_index(folder);
        const Tables tables(transaction, writes ? lmdb::IfMissing::create : lmdb::IfMissing::refuse);
        const auto meta = tables.read_meta(transaction);
        if (meta) {
            if (auto right = check_version(*meta, folder); !right) return forward(right);
        } else if (writes) {
            tables.write_meta(transaction, {.merge_target = MetaRecord::kNoMerge});
        } else {
            throw std::runtime_error("the state record is missing");
        }
        const auto vectors = VectorTables::open(transaction, access);
        transaction.commit();
        return std::unique_ptr<LmdbFingerprintIndex>(
            new LmdbFingerprintIndex(std::make_unique<Impl>(std::move(environment), tables, vectors)));
    });
}

}  // namespace audio_ident::index
