#include "monitor/unknown_sounds/sound_ring.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include "core/uuid.hpp"
#include "fingerprint/params.hpp"

namespace audio_ident::monitor {
namespace {

constexpr std::int64_t kBetweenMarks = 10 * std::int64_t{fingerprint::kSampleRateHz};
constexpr std::chrono::seconds kClockWasWrong{1};
constexpr float kFullScale = 32767;

std::chrono::microseconds length_of(std::int64_t samples) {
    return std::chrono::microseconds(samples * 1'000'000 / fingerprint::kSampleRateHz);
}
std::int64_t samples_in(std::chrono::microseconds length) {
    return length.count() * fingerprint::kSampleRateHz / 1'000'000;
}

Unexpected failed(const std::filesystem::path& folder) {
    return fail(ErrorKind::not_available, "cannot write in {}: {}", folder.string(), std::strerror(errno));
}

}  // namespace

SoundRing::SoundRing(std::filesystem::path folder, std::chrono::seconds lasts)
    : folder_(std::move(folder)), capacity_(samples_in(lasts)) {}

void SoundRing::write(std::span<const float> samples, Timestamp at, Run run) {
    const std::lock_guard lock(mutex_);
    if (marks_.empty() || run == Run::begins || written_ - marks_.back().sample >= kBetweenMarks) {
        if (!descriptor_) {
            if (const auto opened = open(); !opened) return give_up(opened.error());
        }
        mark(at, marks_.empty() ? Run::begins : run);
    }
    while (descriptor_ && !samples.empty()) {
        const auto room = static_cast<std::size_t>(capacity_ - written_ % capacity_);
        const auto part = samples.first(std::min(samples.size(), room));
        if (const auto done = put(part); !done) return give_up(done.error());
        written_ += static_cast<std::int64_t>(part.size());
        samples = samples.subspan(part.size());
    }
    while (marks_.size() > 1 && marks_[1].sample + capacity_ <= written_) {
        marks_[1].begins_run = true;
        marks_.pop_front();
    }
}

void SoundRing::mark(Timestamp at, Run run) {
    if (run == Run::goes_on) {
        const auto moved = at - marks_.back().at - length_of(written_ - marks_.back().sample);
        if (moved > kClockWasWrong || moved < -kClockWasWrong) {
            for (auto mark = marks_.rbegin(); mark != marks_.rend(); ++mark) {
                mark->at += moved;
                if (mark->begins_run) break;
            }
        }
    }
    marks_.push_back({written_, at, run == Run::begins});
}

Result<void> SoundRing::open() {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) return fail(ErrorKind::not_available, "cannot make {}: {}", folder_.string(), error.message());
    const auto file = folder_ / (Uuid::random().to_string() + ".ring");
    descriptor_ = util::Descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!descriptor_) return failed(folder_);
    std::filesystem::remove(file, error);
    told_ = false;
    return {};
}

Result<void> SoundRing::put(std::span<const float> samples) {
    std::vector<std::int16_t> values;
    values.reserve(samples.size());
    for (const float sample : samples)
        values.push_back(static_cast<std::int16_t>(std::lround(std::clamp(sample, -1.0F, 1.0F) * kFullScale)));
    auto bytes = std::as_bytes(std::span<const std::int16_t>(values));
    auto place = static_cast<off_t>(written_ % capacity_ * std::int64_t{sizeof(std::int16_t)});
    while (!bytes.empty()) {
        const auto done = ::pwrite(descriptor_.get(), bytes.data(), bytes.size(), place);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return failed(folder_);
        bytes = bytes.subspan(static_cast<std::size_t>(done));
        place += done;
    }
    return {};
}

/// The disk is full, or the folder is gone. The next samples try again.
void SoundRing::give_up(const Error& error) {
    if (!told_) spdlog::warn("unknown sounds cannot be listened to: {}", error.message);
    told_ = true;
    marks_.clear();
    descriptor_.reset();
}

std::optional<std::vector<float>> SoundRing::read(Timestamp begin, Timestamp end) const {
    const std::lock_guard lock(mutex_);
    const auto wanted = samples_in(end - begin);
    const auto first = find(begin, wanted);
    if (!first) return std::nullopt;
    std::vector<float> samples;
    std::vector<std::int16_t> values(static_cast<std::size_t>(wanted));
    for (std::int64_t done = 0; done < wanted;) {
        const auto place = (*first + done) % capacity_;
        const auto part = std::min(wanted - done, capacity_ - place);
        const auto bytes = static_cast<ssize_t>(part * std::int64_t{sizeof(std::int16_t)});
        const auto got = ::pread(descriptor_.get(), values.data() + done, static_cast<std::size_t>(bytes),
                                 static_cast<off_t>(place * std::int64_t{sizeof(std::int16_t)}));
        if (got != bytes) return std::nullopt;
        done += part;
    }
    samples.reserve(values.size());
    for (const auto value : values) samples.push_back(static_cast<float>(value) / kFullScale);
    return samples;
}

/// The first of so many samples, all of one run and still in the file. Of several such places the latest.
std::optional<std::int64_t> SoundRing::find(Timestamp begin, std::int64_t samples) const {
    if (!descriptor_ || samples <= 0) return std::nullopt;
    std::int64_t run_end = written_;
    for (auto mark = marks_.rbegin(); mark != marks_.rend(); ++mark) {
        if (mark->at <= begin) {
            const auto first = mark->sample + samples_in(begin - mark->at);
            if (first + samples <= run_end && first + capacity_ >= written_) return first;
        }
        if (mark->begins_run) run_end = mark->sample;
    }
    return std::nullopt;
}

}  // namespace audio_ident::monitor
