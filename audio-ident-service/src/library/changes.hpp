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

// The changes that a door may request, and the order in which they run. Only one program writes at a time, and in it
// only one change.

namespace audio_ident::library {

enum class Priority {
    interactive,  ///< somebody waits for it, so it runs before background changes of this process
    background    ///< pauses for interactive changes; waits for other programs without limit
};

/// How a change waits for its turn. Only an ingest can be a background change.
struct Turn {
    std::string purpose;  ///< one line, shown to others who wait for this change: "audio-ident ingest"
    Priority priority = Priority::interactive;
    std::chrono::seconds wait{0};  ///< an interactive change gives up when another program writes for longer
    std::stop_token stop = {};     ///< ends the waiting and the change; everything reported stays stored
};

/// Receives the progress of a change, on the thread that requested it.
class ChangeObserver : public ingest::IngestObserver {
  public:
    /// A sentence about something that will not be done, or done differently. Called before the work begins.
    virtual void on_notice(std::string_view sentence) { static_cast<void>(sentence); }
};

enum class Vectors { wanted, none };  ///< whether new tracks also enter the vibe lane

struct IngestRequest {
    std::vector<std::filesystem::path> paths;
    std::optional<std::filesystem::path> from_file = {};  ///< a list of names, see ingest::NameList; "-": stdin
    ingest::ScanOptions scan = {};
    ingest::Prune prune = ingest::Prune::keep;
    ingest::SameMusic same_music = ingest::SameMusic::reject;
    Vectors vectors = Vectors::wanted;
    /// The audio stream to index, see audio::DecodeOptions. Files whose track holds another one are analysed again.
    std::optional<int> stream = {};
};

/// An uploaded file. The library moves it to its own folder, or removes it if it does not become a track. If the
/// library fails before that, the file stays where it is.
struct Upload {
    std::filesystem::path file;  ///< on the disk of the upload folder
    std::string name;            ///< of the stored file; one piece of a path, never empty
};

struct Added {
    enum class As { new_track, duplicate };
    catalog::Track track;  ///< the one that holds this music now
    As as = As::new_track;
};

/// Whether removing a track also removes its audio file, if that was uploaded.
enum class Uploads { keep, remove };

struct RebuildRequest {
    ingest::PassScope scope = ingest::PassScope::all;
    enum class Index { existing, new_one } begin_with = Index::existing;
};

}  // namespace audio_ident::library
