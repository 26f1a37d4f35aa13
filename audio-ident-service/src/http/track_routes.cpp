#include <algorithm>
#include <boost/algorithm/string/predicate.hpp>
#include <cerrno>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "audio/waveform.hpp"
#include "http/find_track.hpp"
#include "http/openapi.hpp"
#include "http/opus_cache.hpp"
#include "http/paths.hpp"
#include "http/problem.hpp"
#include "http/range.hpp"
#include "http/routes.hpp"
#include "http/types.hpp"
#include "ingest/committer.hpp"
#include "ingest/remove_tracks.hpp"
#include "util/json.hpp"
#include "util/path_text.hpp"

namespace audio_ident::http {
namespace {

namespace fs = std::filesystem;

constexpr auto kLockTimeout = std::chrono::seconds(10);  ///< a job makes way; another program may not
constexpr auto kDecodeTimeout = std::chrono::seconds(120);

Result<Response> list(const Library& library, const Request& request) {
    const auto query = parse_fields<TracksQuery>(request.query);
    if (!query) return forward(query);
    const auto found = library.catalog.list({.search = query->search,
                                             .state = catalog::TrackState::ready,
                                             .sort = query->sort,
                                             .order = query->order,
                                             .offset = (query->page - 1) * query->per_page,
                                             .limit = query->per_page},
                                            store_deadline(request));
    if (!found) return forward(found);
    TrackPage page{
        {}, found->total, query->page, query->per_page, (found->total + query->per_page - 1) / query->per_page};
    for (const auto& track : found->tracks) page.items.push_back(search::track_info(track));
    return json_response(util::json_text_of(page));
}

Result<Response> show(const Library& library, const Request& request) {
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    return json_response(util::json_text_of(track_detail(*track)));
}

Result<Response> remove(const Library& library, const fs::path& uploads, const Request& request) {
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    const WriteTurns::Request turn(library.turns);
    const auto lock =
        library.lock("audio-ident serve: remove a track", Deadline::after(kLockTimeout, request.deadline.stop_token()));
    if (!lock) return forward(lock);
    const auto removed = ingest::remove_tracks(library.stores(), {&track->id, 1}, *lock);
    if (!removed) return forward(removed);
    const auto path = util::path_from_text(track->file_path);
    if (path && lies_below(*path, uploads)) {
        std::error_code ignored;
        fs::remove(*path, ignored);
    }
    Response response;
    response.status = 204;
    return response;
}

constexpr std::pair<const char*, const char*> kTypes[] = {
    {".mp3", "audio/mpeg"},    {".flac", "audio/flac"}, {".wav", "audio/wav"},   {".ogg", "audio/ogg"},
    {".oga", "audio/ogg"},     {".opus", "audio/ogg"},  {".m4a", "audio/mp4"},   {".mp4", "audio/mp4"},
    {".aac", "audio/aac"},     {".webm", "audio/webm"}, {".aiff", "audio/aiff"}, {".aif", "audio/aiff"},
    {".wma", "audio/x-ms-wma"}};
constexpr const char* kUnknownType = "application/octet-stream";

std::string media_type_of(const fs::path& path) {
    const auto extension = path.extension().string();
    const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes), [&](const auto& type) {
        return boost::algorithm::iequals(extension, type.first);
    });
    return found == std::end(kTypes) ? kUnknownType : found->second;
}

/// The track was decoded once: now its file is gone or spoiled.
Unexpected cannot_decode(Error error) {
    if (error.kind != ErrorKind::timeout && error.kind != ErrorKind::internal) error.reason = Reason::file_not_found;
    return Unexpected(std::move(error));
}

/// A file as an answer: whole, a range of it, or "you have it already".
Result<Response> file_response(const fs::path& path, const std::string& media_type, const catalog::Track& track,
                               const Request& request) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status {};
    if (descriptor < 0 || ::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        const int code = descriptor < 0 ? errno : EINVAL;
        if (descriptor >= 0) ::close(descriptor);
        return Unexpected(Error{ErrorKind::not_available,
                                fmt::format("the file of the track {} cannot be read: {}", track.id.to_string(),
                                            std::error_code(code, std::generic_category()).message()),
                                Reason::file_not_found});
    }
    FileSlice whole(descriptor, 0, static_cast<std::uint64_t>(status.st_size));
    const auto modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    const std::string tag = fmt::format("\"{:x}-{:x}\"", whole.size(), modified_ns);

    Response response;
    response.with("Content-Type", media_type)
        .with("ETag", tag)
        .with("Accept-Ranges", "bytes")
        .with("Cache-Control", "private, no-cache");
    const auto has = request.header("if-none-match");
    if (has == "*" || has.find(tag) != std::string_view::npos) {
        response.status = 304;
        return response;
    }
    const auto condition = request.header("if-range");
    const bool ranged = condition.empty() || condition == tag;
    const auto range = ranged ? parse_range(request.header("range"), whole.size()) : WholeBody{};
    if (std::holds_alternative<Unsatisfiable>(range)) {
        Response refused = problem(
            {ErrorKind::invalid_input, "the range begins after the end of the file", Reason::range_not_satisfiable},
            request.id);
        refused.with("Content-Range", fmt::format("bytes */{}", whole.size())).with("ETag", tag);
        return refused;
    }
    if (const auto* part = std::get_if<ByteRange>(&range)) {
        response.status = 206;
        response.with("Content-Range",
                      fmt::format("bytes {}-{}/{}", part->begin, part->begin + part->size - 1, whole.size()));
        response.body = whole.part(part->begin, part->size);
        return response;
    }
    response.body = std::move(whole);
    return response;
}

Result<Response> audio(const Library& library, const OpusCache& opus, const Request& request) {
    const auto query = parse_fields<AudioQuery>(request.query);
    if (!query) return forward(query);
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    const auto path = util::path_from_text(track->file_path).value_or("");
    if (query->as == AudioForm::original) return file_response(path, media_type_of(path), *track, request);
    const auto channels = track->channels.value_or(1) > 1 ? audio::Channels::stereo : audio::Channels::mono;
    auto file = opus.find(library.decoder, path, track->file_hash_sha256, channels,
                          Deadline::after(kDecodeTimeout, request.deadline.stop_token()));
    if (!file) return cannot_decode(file.error());
    return file_response(*file, "audio/ogg", *track, request);
}

/// Those of the ingest; made now for a track that was ingested before there were any.
Result<audio::WaveformPeaks> peaks_of(const Library& library, const catalog::Track& track, const Deadline& deadline) {
    if (auto stored = library.waveforms.find(track.file_hash_sha256)) return std::move(*stored);
    audio::Waveform waveform;
    audio::DecodeOptions options;
    options.sample_rate_hz = audio::Waveform::kSampleRateHz;
    options.deadline = deadline;
    const fs::path path = util::path_from_text(track.file_path).value_or("");
    const auto decoded = library.decoder.decode(path, options, [&](std::span<const float> samples) {
        waveform.consume(samples);
        return audio::Flow::proceed;
    });
    if (!decoded) return cannot_decode(decoded.error());
    auto peaks = waveform.finish();
    if (ingest::still_holds(track, deadline)) library.waveforms.put(track.file_hash_sha256, peaks);
    return peaks;
}

Result<Response> waveform(const Library& library, const Request& request) {
    const auto track = find_track(library, request);
    if (!track) return forward(track);
    const std::string tag = "\"peaks-" + track->file_hash_sha256 + "\"";
    Response response;
    if (request.header("if-none-match").find(tag) != std::string_view::npos) {
        response.status = 304;
    } else {
        const auto deadline = Deadline::after(kDecodeTimeout, request.deadline.stop_token());
        const auto thousandths = peaks_of(library, *track, deadline);
        if (!thousandths) return forward(thousandths);
        std::vector<double> peaks;
        for (const auto peak : *thousandths) peaks.push_back(peak / 1000.0);
        response = json_response(
            util::json_text_of(Waveform{track->id.to_string(), track->duration_seconds, std::move(peaks)}));
    }
    return response.with("ETag", tag).with("Cache-Control", "private, no-cache");
}

}  // namespace

std::vector<Route> track_routes(const Library& library, const fs::path& uploads, const OpusCache& opus) {
    return {
        {.method = "GET",
         .pattern = "/api/v1/tracks",
         .handle = [&library](const Request& request) { return list(library, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("listTracks", "The library, a page at a time")
                     .template query<TracksQuery>()
                     .template answers<TrackPage>(200, "A page of tracks");
             }},
        {.method = "GET",
         .pattern = "/api/v1/tracks/{id}",
         .handle = [&library](const Request& request) { return show(library, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("getTrack", "All that is known of a track")
                     .id("track")
                     .template answers<TrackDetail>(200, "The track")
                     .fails({404});
             }},
        {.method = "DELETE",
         .pattern = "/api/v1/tracks/{id}",
         .access = Access::write,
         .handle = [&library, uploads](const Request& request) { return remove(library, uploads, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("deleteTrack", "Take a track out of the library; a file that was not uploaded stays")
                     .id("track")
                     .answers(204, "It is gone")
                     .fails({404})
                     .writes();
             }},
        {.method = "GET",
         .pattern = "/api/v1/tracks/{id}/audio",
         .work = Work::cpu,
         .handle = [&library, opus](const Request& request) { return audio(library, opus, request); },
         .describe =
             [](auto& operation, auto& components) {
                 const boost::json::object bytes = {{"type", "string"}, {"format", "binary"}};
                 Operation document(operation, components);
                 document.summary("getTrackAudio", "The track's audio file, whole or a range of it")
                     .id("track")
                     .template query<AudioQuery>()
                     .header("Range", "bytes=FIRST-LAST, bytes=FIRST- or bytes=-COUNT")
                     .header("If-Range", "An ETag: the range counts only while the file is that one")
                     .answers(200, "The whole file", kUnknownType, bytes)
                     .answers(206, "The range", kUnknownType, bytes)
                     .answers(304, "The file is the one that If-None-Match names")
                     .fails({404, 416, 504});
                 for (const auto& type : kTypes) {
                     document.answers(200, "", type.second, bytes).answers(206, "", type.second, bytes);
                 }
             }},
        {.method = "GET",
         .pattern = "/api/v1/tracks/{id}/waveform",
         .work = Work::cpu,
         .handle = [&library](const Request& request) { return waveform(library, request); },
         .describe =
             [](auto& operation, auto& components) {
                 Operation(operation, components)
                     .summary("getTrackWaveform", "How loud the track is along its length")
                     .id("track")
                     .template answers<Waveform>(200, "The peaks")
                     .answers(304, "They are those that If-None-Match names")
                     .fails({404, 504});
             }},
    };
}

}  // namespace audio_ident::http
