#pragma once

#include "core/result.hpp"
#include "fingerprint/fingerprint.hpp"

namespace audio_ident::index {

/// Checks what the codecs of the index rely on: the fingerprint has this program's version, and its peaks are sorted by
/// frame and bin and lie within its frames. Fails with invalid_input.
Result<void> check_fingerprint(const fingerprint::Fingerprint& fingerprint);

}  // namespace audio_ident::index
