#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/deadline.hpp"
#include "core/result.hpp"
#include "index/vector/reader.hpp"
#include "index/vector/writer.hpp"

namespace audio_ident::index {

/// One space of vectors in a store.
struct VectorsInStore {
    VectorIndexReader& reader;
    VectorIndexWriter& writer;
};

/// Fails with invalid_input when `to` has vectors of tracks that `from` does not have: it belongs to another library.
/// `where` names the target for the message.
Result<void> check_vectors_belong(VectorIndexWriter& from, VectorIndexWriter& to, const std::string& where,
                                  const Deadline& deadline);

/// Copies the vectors of all tracks; those that the target has already are written again. Returns the number of tracks.
Result<std::size_t> copy_vectors(const VectorsInStore& from, VectorIndexWriter& to,
                                 const std::function<void(std::size_t done, std::size_t of)>& progress,
                                 const Deadline& deadline);

}  // namespace audio_ident::index
