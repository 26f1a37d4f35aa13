#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"

namespace audio_ident::ingest {

/// File names in reports are text from util/path_text.hpp.

struct IngestError {
    std::string file;
    std::string error;  ///< the cause, in words
    ErrorKind kind = ErrorKind::internal;
    Reason reason = {};
};

struct DuplicateFile {
    std::string file;
    std::string original;  ///< the path of the track that holds this music
};

/// What a person should know of a file that became a track.
struct FileNote {
    enum class About {
        damage,   ///< it ends early, or some of it cannot be decoded
        streams,  ///< it has other audio streams than the one that is indexed
        kin       ///< it begins like another track, and is another recording
    };
    std::string file;
    About about = About::damage;
    std::string text;  ///< in words, without the file's name
};

constexpr std::string_view to_string(FileNote::About about) {
    switch (about) {
        case FileNote::About::damage: return "damage";
        case FileNote::About::streams: return "streams";
        case FileNote::About::kin: break;
    }
    return "kin";
}

/// The outcome of an ingest.
struct IngestReport {
    std::int64_t total = 0;     ///< files found; after a whole run, the sum of the next six counts and of the files in
                                ///< `errors` (which also has unreadable folders)
    std::int64_t ingested = 0;  ///< new tracks
    std::int64_t duplicates = 0;  ///< files whose bytes or music another track holds already
    std::int64_t updated = 0;     ///< tracks whose file had changed and was analysed again, or that were half-done
    std::int64_t moved = 0;       ///< tracks whose file was found under another name
    std::int64_t unchanged = 0;
    std::vector<IngestError> errors;

    std::vector<FileNote> file_notes;  ///< on ingested and updated tracks
    std::vector<DuplicateFile> duplicate_files;
    std::vector<std::string> vanished_files;  ///< files of tracks below the scanned folders that are gone
    std::int64_t vanished = 0;
    std::int64_t pruned = 0;
    std::int64_t ignored = 0;          ///< files in folders that do not look like music
    std::vector<std::string> notices;  ///< what else the user should know, in sentences

    std::int64_t embedded = 0;      ///< ingested and updated tracks that the vibe lane has too
    std::int64_t not_embedded = 0;  ///< tracks that should be in the vibe lane; `audio-ident reembed` adds them
    Error embedding_failure;        ///< why the last of them is not

    double seconds_of_audio = 0;  ///< decoded
    double elapsed_seconds = 0;
    bool interrupted = false;    ///< a stop was requested; what the counts count is stored
    std::optional<Error> fatal;  ///< a store failed and the run ended; what the counts count is stored
};

enum class FileOutcome { ingested, updated, moved, duplicate, failed };

/// One line of a log; unchanged files have none.
struct FileEvent {
    std::string file;
    FileOutcome outcome = FileOutcome::ingested;
    std::string detail;  ///< the original of a duplicate, the former path of a moved file, the cause of a failure
};

struct IngestProgress {
    std::int64_t files_done = 0;
    std::optional<std::int64_t> files_total;  ///< absent until the folders are counted
    std::int64_t embedded = 0;                ///< tracks added to the vibe lane
    double seconds_of_audio = 0;              ///< decoded so far
    double elapsed_seconds = 0;
    double realtime_factor = 0;               ///< seconds of audio a second
    std::optional<double> remaining_seconds;  ///< an estimate by bytes; absent at the beginning
    std::string current_file;                 ///< the last file that was done
};

/// Receives the progress of an ingest, on the thread that runs it.
class IngestObserver {
  public:
    virtual ~IngestObserver() = default;
    /// About ten times a second.
    virtual void on_progress(const IngestProgress& progress) { static_cast<void>(progress); }
    /// A file that was stored, or that needs no storing.
    virtual void on_file(const FileEvent& event) { static_cast<void>(event); }
};

}  // namespace audio_ident::ingest
