#pragma once

#include "monitor/feed/feed.hpp"
#include "util/descriptor.hpp"

namespace audio_ident::monitor {

/// A file, which ends, or a named pipe, which goes on with its next writer. Nothing else is opened.
class FileFeed : public Feed {
  public:
    FileFeed(const std::string& path, FeedUser& user);

    std::optional<Ended> step(Clock::time_point now) override;
    pollfd wanted() const override;
    Clock::time_point next() const override { return next_; }

  private:
    std::string open(const std::string& path);

    FeedUser& user_;
    util::Descriptor file_;
    std::string problem_;  ///< why it cannot be opened
    bool is_pipe_ = false;
    bool has_come_ = false;  ///< from a pipe: its writer was there
    Clock::time_point next_{};
};

}  // namespace audio_ident::monitor
