#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "audio/decoder.hpp"
#include "util/packet_socket.hpp"

namespace audio_ident::audio {

/// Sends samples to the user of a decoder in blocks of one size, and stops when the user is gone or wants no more
/// (worker_message.hpp).
class SampleSender {
  public:
    SampleSender(const util::PacketSocket& user, std::size_t block_samples)
        : user_(user), block_samples_(block_samples) {
        block_.reserve(block_samples);
    }

    Flow take(std::span<const float> samples) {
        while (!samples.empty()) {
            const auto part = samples.first(std::min(samples.size(), block_samples_ - block_.size()));
            block_.insert(block_.end(), part.begin(), part.end());
            samples = samples.subspan(part.size());
            if (block_.size() == block_samples_ && flush() == Flow::stop) return Flow::stop;
        }
        return Flow::proceed;
    }
    Flow flush() {
        using util::PacketSocket;
        if (!block_.empty() && !user_.send('p', std::as_bytes(std::span(block_)))) return Flow::stop;
        block_.clear();
        const auto order = user_.receive({}, PacketSocket::Descriptors::refuse, PacketSocket::Wait::no);
        return order && order->kind == 's' ? Flow::stop : Flow::proceed;
    }

  private:
    const util::PacketSocket& user_;
    const std::size_t block_samples_;
    std::vector<float> block_;
};

}  // namespace audio_ident::audio
