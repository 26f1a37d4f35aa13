#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "core/result.hpp"

namespace audio_ident::ingest {

/// Reads a list of file names, one after the other, however long the list: `--from-file LIST`.
///
/// Names end with a NUL when there is a NUL in the list's first 4,096 bytes (a name has fewer, and none has a NUL in it),
/// else with a newline: `find -print0` gives the one, any other list the other. Nothing is trimmed or unescaped, so that a
/// NUL-separated list can carry every name; empty names are left out; the last name needs no end.
class NameList {
  public:
    /// "-" is standard input. Fails with not_available when the list cannot be opened.
    static Result<NameList> open(const std::filesystem::path& list);

    ~NameList();
    NameList(NameList&& other) noexcept;
    NameList& operator=(NameList&&) = delete;

    /// Absent after the last name. Fails with: not_available (read error), invalid_input (a name longer than any name can
    /// be: this is no list), timeout (stop requested while waiting for a pipe).
    Result<std::optional<std::string>> next(const std::stop_token& stop);

    /// Whether reading it again gives the same names: a regular file, neither a pipe nor standard input.
    bool can_be_read_again() const { return regular_; }

  private:
    NameList(int fd, bool owned, bool regular) : fd_(fd), owned_(owned), regular_(regular) {}
    Result<void> fill(const std::stop_token& stop);

    int fd_ = -1;
    bool owned_ = false;
    bool regular_ = false;
    bool at_end_ = false;
    std::optional<char> separator_;
    std::string buffer_;
    std::size_t begin_ = 0;  ///< of what is left in the buffer
};

}  // namespace audio_ident::ingest
