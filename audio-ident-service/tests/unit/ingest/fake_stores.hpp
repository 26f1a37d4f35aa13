#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "index/fingerprint/writer.hpp"
#include "support/fake_catalog.hpp"

namespace audio_ident::ingest::test {

/// The content of the stores. A copy shows what a crash leaves behind.
struct StoredState {
    audio_ident::test::FakeCatalog::Rows rows;
    std::map<TrackId, fingerprint::Fingerprint> entries;
};

/// Called before every change of a store. May refuse the change.
using BeforeChange = std::function<std::optional<Error>(const std::string& change)>;

class WatchedCatalog : public audio_ident::test::FakeCatalog {
  public:
    explicit WatchedCatalog(BeforeChange before_change) : before_change_(std::move(before_change)) {}

    Result<void> insert(const catalog::Track& track, const Deadline& deadline) override {
        if (auto error = before_change_("insert")) return Unexpected(*error);
        return FakeCatalog::insert(track, deadline);
    }
    Result<bool> update(const catalog::Track& track, const Deadline& deadline) override {
        if (auto error = before_change_("update")) return Unexpected(*error);
        return FakeCatalog::update(track, deadline);
    }
    Result<void> put(std::span<const catalog::Track> tracks, const Deadline& deadline) override {
        if (auto error = before_change_("put")) return Unexpected(*error);
        return FakeCatalog::put(tracks, deadline);
    }
    Result<bool> remove(const TrackId& id, const Deadline& deadline) override {
        if (auto error = before_change_("remove")) return Unexpected(*error);
        return FakeCatalog::remove(id, deadline);
    }

  private:
    BeforeChange before_change_;
};

class FakeIndex : public index::FingerprintIndexWriter {
  public:
    using Entries = std::map<TrackId, fingerprint::Fingerprint>;

    explicit FakeIndex(BeforeChange before_change) : before_change_(std::move(before_change)) {}

    Result<void> add(std::span<const index::TrackFingerprint> tracks, const Deadline&) override {
        if (auto error = before_change_("index add")) return Unexpected(*error);
        const std::lock_guard lock(mutex_);
        for (const auto& track : tracks) entries_[track.id] = track.fingerprint;
        return {};
    }
    Result<std::size_t> remove(std::span<const TrackId> ids, const Deadline&) override {
        if (auto error = before_change_("index remove")) return Unexpected(*error);
        const std::lock_guard lock(mutex_);
        std::size_t removed = 0;
        for (const TrackId& id : ids) removed += entries_.erase(id);
        return removed;
    }
    Result<bool> contains(const TrackId& id, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        return entries_.contains(id);
    }
    Result<std::optional<fingerprint::Fingerprint>> find(const TrackId& id, const Deadline&) override {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(id);
        return found == entries_.end() ? std::nullopt : std::optional(found->second);
    }
    Result<std::vector<TrackId>> tracks(const Deadline&) override {
        const std::lock_guard lock(mutex_);
        std::vector<TrackId> ids;
        for (const auto& entry : entries_) ids.push_back(entry.first);
        return ids;
    }
    Result<std::vector<TrackId>> outdated(const Deadline&) override {
        const std::lock_guard lock(mutex_);
        std::vector<TrackId> ids;
        for (const auto& [id, print] : entries_) {
            if (print.params_version < fingerprint::Params::kVersion) ids.push_back(id);
        }
        return ids;
    }
    Result<void> compact(const Deadline& deadline) override {
        ++compactions;
        if (on_compact) on_compact();
        return deadline.expired() ? fail(ErrorKind::timeout, "no time left to compact") : Result<void>();
    }
    Result<void> clear(const Deadline&) override {
        if (auto error = before_change_("index clear")) return Unexpected(*error);
        const std::lock_guard lock(mutex_);
        entries_.clear();
        return {};
    }

    Entries entries() const {
        const std::lock_guard lock(mutex_);
        return entries_;
    }
    void set_entries(Entries entries) {
        const std::lock_guard lock(mutex_);
        entries_ = std::move(entries);
    }
    int compactions = 0;
    std::function<void()> on_compact = {};

  private:
    BeforeChange before_change_;
    mutable std::mutex mutex_;
    Entries entries_;
};

/// Both stores, with one hook before every change of either.
struct FakeStores {
    std::function<std::optional<Error>(const std::string& change)> before_change;
    std::vector<std::string> changes;  ///< the changes made

    WatchedCatalog catalog{[this](const std::string& change) { return changing(change); }};
    FakeIndex index{[this](const std::string& change) { return changing(change); }};

    StoredState state() const { return {catalog.rows(), index.entries()}; }
    void set_state(StoredState state) {
        catalog.set_rows(std::move(state.rows));
        index.set_entries(std::move(state.entries));
    }

  private:
    std::optional<Error> changing(const std::string& change) {
        if (before_change) {
            if (auto error = before_change(change)) return error;
        }
        const std::lock_guard lock(mutex_);
        changes.push_back(change);
        return std::nullopt;
    }

    std::mutex mutex_;
};

}  // namespace audio_ident::ingest::test
