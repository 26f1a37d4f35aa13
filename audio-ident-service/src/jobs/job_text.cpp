#include "jobs/job_text.hpp"

#include <boost/describe.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_from.hpp>
#include <boost/json/value_to.hpp>
#include <boost/mp11/algorithm.hpp>

#include "catalog/timestamp_text.hpp"
#include "util/json.hpp"

namespace audio_ident::jobs {

namespace json = boost::json;

namespace {

using About = ingest::FileNote::About;

constexpr std::string_view kIngest = "ingest";
constexpr std::string_view kTimeline = "timeline";

// The members of the text, by group. They look like the API's types but are not the same: stored jobs must be readable
// by later versions of the program, whatever the API becomes.

struct Common {
    std::string kind{kIngest};
    std::string id;
    Status status = Status::queued;
    std::string created_at;
    std::optional<std::string> finished_at;
    std::int64_t restarts = 0;
    std::optional<std::string> error;
};
BOOST_DESCRIBE_STRUCT(Common, (), (kind, id, status, created_at, finished_at, restarts, error))

struct Progress {
    std::int64_t files_done = 0;
    std::optional<std::int64_t> files_total;
    double seconds_of_audio = 0;
    std::optional<double> remaining_seconds;
};
BOOST_DESCRIBE_STRUCT(Progress, (), (files_done, files_total, seconds_of_audio, remaining_seconds))

struct FileError {
    std::string file;
    std::string error;
};
BOOST_DESCRIBE_STRUCT(FileError, (), (file, error))

struct Note {
    std::string file;
    std::string about;
    std::string note;
};
BOOST_DESCRIBE_STRUCT(Note, (), (file, about, note))

struct Report {
    std::int64_t total = 0;
    std::int64_t ingested = 0;
    std::int64_t duplicates = 0;
    std::vector<FileError> errors;
    std::int64_t updated = 0;
    std::int64_t moved = 0;
    std::int64_t unchanged = 0;
    std::vector<Note> notes;
};
BOOST_DESCRIBE_STRUCT(Report, (), (total, ingested, duplicates, errors, updated, moved, unchanged, notes))

About about_of(std::string_view text) {
    for (const About about : {About::streams, About::kin}) {
        if (text == to_string(about)) return about;
    }
    return About::damage;
}

/// Reads the members of a T that the object has. Throws when one is of another type.
template <typename T>
T read(const json::object& object) {
    T result;
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>([&](auto member) {
        using Value = std::remove_cvref_t<decltype(result.*member.pointer)>;
        if (const auto* value = object.if_contains(member.name)) result.*member.pointer = json::value_to<Value>(*value);
    });
    return result;
}

template <typename T>
T read_member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value ? read<T>(value->as_object()) : T();
}

json::object ingest_to_json(const IngestWork& work) {
    const auto& progress = work.progress;
    const auto& report = work.report;
    Report stored{report.total,   report.ingested, report.duplicates, {},
                  report.updated, report.moved,    report.unchanged,  {}};
    for (const auto& error : report.errors) stored.errors.push_back({error.file, error.error});
    for (const auto& note : report.file_notes) {
        stored.notes.push_back({note.file, std::string(to_string(note.about)), note.text});
    }
    return {{"directory", work.directory},
            {"progress", json::value_from(Progress{progress.files_done, progress.files_total, progress.seconds_of_audio,
                                                   progress.remaining_seconds})},
            {"report", json::value_from(stored)}};
}

IngestWork ingest_from_json(const json::object& object) {
    IngestWork work;
    work.directory = json::value_to<std::string>(object.at("directory"));
    const auto progress = read_member<Progress>(object, "progress");
    work.progress.files_done = progress.files_done;
    work.progress.files_total = progress.files_total;
    work.progress.seconds_of_audio = progress.seconds_of_audio;
    work.progress.remaining_seconds = progress.remaining_seconds;
    const auto report = read_member<Report>(object, "report");
    work.report.total = report.total;
    work.report.ingested = report.ingested;
    work.report.duplicates = report.duplicates;
    work.report.updated = report.updated;
    work.report.moved = report.moved;
    work.report.unchanged = report.unchanged;
    for (const auto& note : report.notes) {
        work.report.file_notes.push_back({note.file, about_of(note.about), note.note});
    }
    for (const auto& error : report.errors) work.report.errors.push_back({.file = error.file, .error = error.error});
    return work;
}

/// The kind of a job, and the members of this kind alone.
struct Body {
    std::string_view kind;
    json::object members;
};

Body body_of(const IngestWork& work) {
    return {kIngest, ingest_to_json(work)};
}

struct Timeline {
    std::string recording;
    double min_confidence = 0;
};
BOOST_DESCRIBE_STRUCT(Timeline, (), (recording, min_confidence))

Body body_of(const TimelineWork& work) {
    return {kTimeline, json::value_from(Timeline{work.recording, work.min_confidence}).as_object()};
}

Unexpected not_a_job(std::string_view why) {
    return fail(ErrorKind::corrupt, "not a job: {}", why);
}

Result<Job> job_from_json(const json::object& object) {
    const auto common = read<Common>(object);
    const auto id = Uuid::parse(common.id);
    const auto created_at = catalog::timestamp_from_text(common.created_at);
    if (!id || !created_at) return not_a_job("it has no id or time");
    Job job{.id = *id,
            .status = common.status,
            .created_at = *created_at,
            .restarts = common.restarts,
            .error = common.error};
    if (common.finished_at) job.finished_at = catalog::timestamp_from_text(*common.finished_at);
    if (common.kind == kTimeline) {
        const auto timeline = read<Timeline>(object);
        job.work = TimelineWork{.id = *id, .recording = timeline.recording, .min_confidence = timeline.min_confidence};
        return job;
    }
    if (common.kind != kIngest)
        return fail(ErrorKind::unsupported, "this version does not know jobs of the kind \"{}\"", common.kind);
    job.work = ingest_from_json(object);
    return job;
}

}  // namespace

std::string job_to_text(const Job& job) {
    auto body = std::visit([](const auto& work) { return body_of(work); }, job.work);
    Common common{std::string(body.kind), job.id.to_string(), job.status, catalog::timestamp_to_text(job.created_at),
                  std::nullopt,           job.restarts,       job.error};
    if (job.finished_at) common.finished_at = catalog::timestamp_to_text(*job.finished_at);
    auto object = json::value_from(common).as_object();
    for (auto& member : body.members) object[member.key()] = std::move(member.value());
    return util::json_text(object);
}

Result<Job> job_from_text(std::string_view text) {
    try {
        return job_from_json(json::parse({text.data(), text.size()}).as_object());
    } catch (const std::exception& error) {
        return not_a_job(error.what());
    }
}

}  // namespace audio_ident::jobs
