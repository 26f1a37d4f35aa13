#include "lib/chromaprint/fingerprinter.hpp"

#include <algorithm>
#include <chromaprint.h>
#include <limits>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace audio_ident::chromaprint {

namespace {

struct Dealloc {
    void operator()(void* memory) const { chromaprint_dealloc(memory); }
};

void check(int ok, const char* what) {
    if (ok == 0) throw std::runtime_error(std::string("Chromaprint: ") + what + " failed");
}

/// Contexts must not be created or freed in parallel: with FFTW, Chromaprint uses its global planner.
std::mutex& planner() {
    static std::mutex mutex;
    return mutex;
}

}  // namespace

Fingerprinter::Fingerprinter(int sample_rate_hz) {
    const std::lock_guard lock(planner());
    context_ = chromaprint_new(CHROMAPRINT_ALGORITHM_DEFAULT);
    if (context_ == nullptr) throw std::bad_alloc();
    if (chromaprint_start(context_, sample_rate_hz, 1) == 0) {
        chromaprint_free(context_);
        throw std::runtime_error("Chromaprint: start failed");
    }
}

Fingerprinter::~Fingerprinter() {
    const std::lock_guard lock(planner());
    chromaprint_free(context_);
}

void Fingerprinter::feed(std::span<const std::int16_t> samples) {
    constexpr std::size_t kMost = std::numeric_limits<int>::max();
    for (; !samples.empty(); samples = samples.subspan(std::min(kMost, samples.size()))) {
        check(chromaprint_feed(context_, samples.data(), static_cast<int>(std::min(kMost, samples.size()))), "feed");
    }
}

void Fingerprinter::finish() {
    check(chromaprint_finish(context_), "finish");
}

std::string Fingerprinter::text() const {
    char* text = nullptr;
    check(chromaprint_get_fingerprint(context_, &text), "get_fingerprint");
    return std::unique_ptr<char, Dealloc>(text).get();
}

std::vector<std::uint32_t> Fingerprinter::items() const {
    std::uint32_t* items = nullptr;
    int count = 0;
    check(chromaprint_get_raw_fingerprint(context_, &items, &count), "get_raw_fingerprint");
    const std::unique_ptr<std::uint32_t, Dealloc> owner(items);
    return {items, items + count};
}

std::optional<std::vector<std::uint32_t>> decode_fingerprint(std::string_view text) {
    if (text.empty() || text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) return std::nullopt;
    std::uint32_t* items = nullptr;
    int count = 0;
    int algorithm = 0;
    const int ok =
        chromaprint_decode_fingerprint(text.data(), static_cast<int>(text.size()), &items, &count, &algorithm, 1);
    const std::unique_ptr<std::uint32_t, Dealloc> owner(items);
    if (ok == 0 || algorithm != CHROMAPRINT_ALGORITHM_DEFAULT || count <= 0) return std::nullopt;
    return std::vector<std::uint32_t>(items, items + count);
}

}  // namespace audio_ident::chromaprint
