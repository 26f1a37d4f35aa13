#pragma once

#include <memory>

#include "audio/decoder.hpp"
#include "storage/audio_store.hpp"

namespace audio_ident::storage {

/// A decoder of the store's files too, wherever they are: it opens them with the store first. `store` outlives it.
std::unique_ptr<audio::Decoder> make_fetching_decoder(std::unique_ptr<audio::Decoder> decoder, AudioStore& store);

}  // namespace audio_ident::storage
