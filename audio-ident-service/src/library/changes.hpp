#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/track.hpp"
#include "ingest/ingest.hpp"
#include "ingest/pass.hpp"
#include "ingest/report.hpp"

// What a door may have changed, and how a change gets its turn: one program, and in it one change, writes at a time.

namespace audio_ident::library {

enum class Priority {
    interactive,  ///< somebody waits: goes before background changes of this process
    background    ///< makes way for interactive changes and goes on after them; waits for other programs without end
};

/// How a change gets its turn. Only an ingest can be a background change.
struct Turn {
    std::string purpose;  ///< one line, for whoever has to wait meanwhile: "audio-ident ingest"
    Priority priority = Priority::interactive;
    std::chrono::seconds wait{0};  ///< an interactive change gives up when another program writes for longer
    std::stop_token stop = {};     ///< ends the waiting and the change; what was reported is stored
};

/// Told how a change goes, on the thread that asked for it.
class ChangeObserver : public ingest::IngestObserver {
  public:
    /// A sentence about what cannot be done, or is done differently, before the work begins.
    virtual void on_notice(std::string_view sentence) { static_cast<void>(sentence); }
};

enum class Vectors { wanted, none };  ///< whether new tracks are added to the vibe lane too

struct IngestRequest {
    std::vector<std::filesystem::path> paths;
    std::optional<std::filesystem::path> from_file = {};  ///< a list of names, see ingest::NameList; "-": stdin
    ingest::ScanOptions scan = {};
    ingest::Prune prune = ingest::Prune::keep;
    ingest::SameMusic same_music = ingest::SameMusic::reject;
    Vectors vectors = Vectors::wanted;
};

/// A file that somebody sent. The library moves it to its own folder, or removes it where it does not become a track;
/// it stays where it is when the library does not come to that.
struct Upload {
    std::filesystem::path file;  ///< on the disk of the upload folder
    std::string name;            ///< for the stored file; one piece of a path, never empty
};

struct Added {
    enum class As { new_track, duplicate };
    catalog::Track track;  ///< the one that holds this music now
    As as = As::new_track;
};

/// Whether the audio file of a removed track goes too, if it was uploaded.
enum class Uploads { keep, remove };

struct RebuildRequest {
    ingest::PassScope scope = ingest::PassScope::all;
    enum class Index { existing, new_one } begin_with = Index::existing;
};

}  // namespace audio_ident::library
