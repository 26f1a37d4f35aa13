#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

#include "core/result.hpp"

namespace audio_ident::ingest {

/// Reads a list of file names, one name after the other, however long the list is: `--from-file LIST`.
///
/// If the first 4,096 bytes have a NUL, names end with a NUL, as from `find -print0`; else they end with a newline. (A
/// name is shorter than that, and has no NUL.) Nothing is trimmed or unescaped, so that a list with NULs can have every
/// name. Empty names are left out, and the last name needs no terminator.
class NameList {
  public:
    /// "-" is standard input. Fails with not_available when the list cannot be opened.
    static Result<NameList> open(const std::filesystem::path& list);

    ~NameList();
    NameList(NameList&& other) noexcept;
    NameList& operator=(NameList&&) = delete;

    /// Returns the next name; absent after the last one. Fails with not_available (read error), invalid_input (a name
    /// is longer than any name can be, so this is no list), timeout (a stop was requested while it waited for a pipe).
    Result<std::optional<std::string>> next(const std::stop_token& stop);

    /// Whether reading it again gives the same names: true for regular files, not for pipes and standard input.
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
    std::size_t begin_ = 0;  ///< where the unread part of the buffer begins
};

}  // namespace audio_ident::ingest
