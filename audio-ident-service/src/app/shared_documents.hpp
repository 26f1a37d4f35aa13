#pragma once

#include <cstddef>
#include <functional>

#include "catalog/document_store.hpp"

namespace audio_ident::app {

/// A library that moves from files to a database takes its calibration, its scale of similarity, its model in service
/// and its notes on duplicates with it: copies them from `from` when `to` has none of them. Waveforms are made again.
/// Fails as DocumentStore does.
Result<void> share_documents(catalog::DocumentStore& from, catalog::DocumentStore& to, const Deadline& deadline);

/// Copies these documents, the waveforms and the jobs, whatever `to` has; returns how many. Fails as DocumentStore
/// does.
Result<std::size_t> copy_documents(catalog::DocumentStore& from, catalog::DocumentStore& to,
                                   const std::function<void(std::size_t done, std::size_t of)>& progress,
                                   const Deadline& deadline);

}  // namespace audio_ident::app
