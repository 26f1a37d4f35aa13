#include "app/shared_documents.hpp"

#include <algorithm>
#include <utility>

#include "ingest/commit/duplicate_notes.hpp"
#include "library/model_in_service.hpp"
#include "search/calibration.hpp"
#include "search/similarity.hpp"

namespace audio_ident::app {

namespace {

constexpr std::size_t kDocumentsABatch = 100;  // of waveforms: some 2 KB each

std::vector<std::string> small_documents() {
    return {search::kCalibrationDocument, search::kSimilarityDocument, library::ModelInService::kDocument,
            ingest::DuplicateNotes::kDocument};
}

}  // namespace

Result<void> share_documents(catalog::DocumentStore& from, catalog::DocumentStore& to, const Deadline& deadline) {
    const auto names = small_documents();
    const auto stamps = to.stamps(names, deadline);
    if (!stamps) return forward(stamps);
    if (!std::ranges::all_of(*stamps, &std::string::empty)) return {};
    std::vector<catalog::Document> documents;
    for (const auto& name : names) {
        auto content = from.find(name, deadline);
        if (!content) return forward(content);
        if (*content) documents.push_back({name, std::move(**content)});
    }
    if (documents.empty()) return {};
    return to.put(documents, catalog::Worth::unique, deadline);
}

Result<std::size_t> copy_documents(catalog::DocumentStore& from, catalog::DocumentStore& to,
                                   const std::function<void(std::size_t done, std::size_t of)>& progress,
                                   const Deadline& deadline) {
    auto names = small_documents();
    for (const char* folder : {"waveforms", "jobs"}) {
        const auto found = from.names(folder, deadline);
        if (!found) return forward(found);
        names.insert(names.end(), found->begin(), found->end());
    }
    std::size_t copied = 0;
    std::vector<catalog::Document> batch;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (deadline.expired()) return fail(ErrorKind::timeout, "the copy was stopped");
        auto content = from.find(names[i], deadline);
        if (!content) return forward(content);
        if (*content) batch.push_back({names[i], std::move(**content)});
        if (batch.size() < kDocumentsABatch && i + 1 < names.size()) continue;
        if (auto put = to.put(batch, catalog::Worth::unique, deadline); !put) return forward(put);
        copied += std::exchange(batch, {}).size();
        progress(i + 1, names.size());
    }
    return copied;
}

}  // namespace audio_ident::app
