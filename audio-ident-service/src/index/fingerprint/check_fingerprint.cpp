#include "index/fingerprint/check_fingerprint.hpp"

#include <algorithm>
#include <tuple>

#include "fingerprint/params.hpp"

namespace audio_ident::index {

Result<void> check_fingerprint(const fingerprint::Fingerprint& fingerprint) {
    if (fingerprint.params_version != fingerprint::Params::kVersion) {
        return fail(ErrorKind::invalid_input, "fingerprint index: a fingerprint of version {}",
                    fingerprint.params_version);
    }
    const auto earlier = [](const fingerprint::Peak& a, const fingerprint::Peak& b) {
        return std::tie(a.frame, a.bin) < std::tie(b.frame, b.bin);
    };
    const auto outside = [&](const fingerprint::Peak& peak) {
        return peak.frame >= fingerprint.frames || peak.bin >= fingerprint::kBins;
    };
    if (std::is_sorted(fingerprint.peaks.begin(), fingerprint.peaks.end(), earlier) &&
        std::none_of(fingerprint.peaks.begin(), fingerprint.peaks.end(), outside)) {
        return {};
    }
    return fail(ErrorKind::invalid_input, "fingerprint index: a fingerprint with peaks out of order or bounds");
}

}  // namespace audio_ident::index
