#pragma once

#include "core/result.hpp"
#include "fingerprint/fingerprint.hpp"

namespace audio_ident::index {

/// What the codecs of the index rely on: the fingerprint is of this program's version, its peaks are sorted by frame
/// and bin and lie within its frames. Else invalid_input.
Result<void> check_fingerprint(const fingerprint::Fingerprint& fingerprint);

}  // namespace audio_ident::index
