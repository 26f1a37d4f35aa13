#include "fingerprint/faint_noise.hpp"

namespace audio_ident::fingerprint {

FaintNoise::FaintNoise() : rows_(kBoxFrames + 1), sums_(2 * kBoxFrames + 1) {}

void FaintNoise::reset() {
    sum_ = 0;
    added_ = removed_ = given_ = 0;
}

void FaintNoise::add(const PowerRow& row) {
    rows_[added_ % rows_.size()] = row;
    PowerSum& sum = sums_[added_ % sums_.size()];
    if (added_ - removed_ == sums_.size()) {
        sum_ -= sum;
        ++removed_;
    }
    sum = sum_of(row);
    sum_ += sum;
    ++added_;
}

LogRow FaintNoise::next() {
    for (; removed_ + kBoxFrames < given_; ++removed_) sum_ -= sums_[removed_ % sums_.size()];
    const auto values = static_cast<float>((added_ - removed_) * kBins);
    const float mean = static_cast<float>(sum_) / (kPowerScale * values);
    return log_of(rows_[given_++ % rows_.size()], kFaintNoise * mean);
}

}  // namespace audio_ident::fingerprint
