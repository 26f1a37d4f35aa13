#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace audio_ident::ingest {

/// File names in reports are text as util/path_text.hpp makes it.

struct IngestError {
    std::string file;
    std::string error;  ///< the cause, in words
    ErrorKind kind = ErrorKind::internal;
    Reason reason = {};
};

struct DuplicateFile {
    std::string file;
    std::string original;  ///< path of the track that holds this music
};

/// What an ingest did: the plan's IngestReport, and more.
struct IngestReport {
    std::int64_t total = 0;  ///< files met; when nothing broke it off, the sum of the next six counts and of the files
                             ///< in `errors` (which also has unreadable folders)
    std::int64_t ingested = 0;    ///< new tracks
    std::int64_t duplicates = 0;  ///< files whose bytes or music another track holds already
    std::int64_t updated = 0;     ///< tracks whose file had changed and was analysed again, or that were half-done
    std::int64_t moved = 0;       ///< tracks whose file was found under another name
    std::int64_t unchanged = 0;
    std::vector<IngestError> errors;

    std::vector<DuplicateFile> duplicate_files;
    std::vector<std::string> vanished_files;  ///< of tracks below the scanned folders; removed when pruned
    std::int64_t vanished = 0;
    std::int64_t pruned = 0;
    std::int64_t ignored = 0;          ///< met in folders and not taken for music
    std::vector<std::string> notices;  ///< sentences for the user about what else was found or done

    std::int64_t embedded = 0;      ///< of the tracks ingested and updated, those that the vibe lane has too
    std::int64_t not_embedded = 0;  ///< those that it was to have; `audio-ident reembed` makes up for it
    Error embedding_failure;        ///< why, of the last of them

    double seconds_of_audio = 0;  ///< decoded
    double elapsed_seconds = 0;
    bool interrupted = false;    ///< a stop was requested; what is in the counts above is stored
    std::optional<Error> fatal;  ///< a store failed and the run ended; what is in the counts above is stored
};

enum class FileOutcome { ingested, updated, moved, duplicate, failed };

/// One line of a log: unchanged files have none.
struct FileEvent {
    std::string file;
    FileOutcome outcome = FileOutcome::ingested;
    std::string detail;  ///< the original of a duplicate, the former path of a moved file, the cause of a failure
};

struct IngestProgress {
    std::int64_t files_done = 0;
    std::optional<std::int64_t> files_total;  ///< absent until the folders are counted
    std::int64_t embedded = 0;                ///< tracks that the vibe lane has got
    double seconds_of_audio = 0;              ///< decoded so far
    double elapsed_seconds = 0;
    double realtime_factor = 0;               ///< seconds of audio a second
    std::optional<double> remaining_seconds;  ///< an estimate, by bytes; absent while there is too little to go by
    std::string current_file;                 ///< the last one that was done
};

/// Told how an ingest goes, on the thread that runs it.
class IngestObserver {
  public:
    virtual ~IngestObserver() = default;
    /// About ten times a second.
    virtual void on_progress(const IngestProgress& progress) { static_cast<void>(progress); }
    /// What it reports is stored.
    virtual void on_file(const FileEvent& event) { static_cast<void>(event); }
};

}  // namespace audio_ident::ingest
