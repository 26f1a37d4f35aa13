#include "app/shared_documents.hpp"

#include <algorithm>

#include "ingest/commit/duplicate_notes.hpp"
#include "library/model_in_service.hpp"
#include "search/calibration.hpp"
#include "search/similarity.hpp"

namespace audio_ident::app {

Result<void> share_documents(catalog::DocumentStore& from, catalog::DocumentStore& to, const Deadline& deadline) {
    const std::vector<std::string> names = {search::kCalibrationDocument, search::kSimilarityDocument,
                                            library::ModelInService::kDocument, ingest::DuplicateNotes::kDocument};
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

}  // namespace audio_ident::app
