#include "ingest/file_pipeline.hpp"

#include <utility>

#include "ingest/counting_scan.hpp"
#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace {

/// Hands the pipeline the files that are not known already.
class FeedingVisitor final : public ScanVisitor {
  public:
    using Emit = util::PipelineStages<FoundFile, ExaminedFile>::Emit;

    FeedingVisitor(const FilePipeline::Parts& parts, const Emit& emit, ScanOutcome& outcome)
        : parts_(parts), emit_(emit), outcome_(outcome) {}

    bool file(FileEntry entry) override {
        ++outcome_.met;
        const std::string path = util::path_to_text(entry.path.native());
        if (parts_.known.contains(path, entry.status.size_bytes, entry.status.modified_ns)) {
            ++outcome_.unchanged;
            parts_.meter.done(0);
            return true;
        }
        std::optional<Finding> finding;
        if (const auto original = parts_.notes.original_of(path, entry.status)) finding = NotedDuplicate{*original};
        return emit_({std::move(entry), std::move(finding)});
    }
    void ignored(const std::filesystem::path&) override { ++outcome_.ignored; }
    void problem(const std::filesystem::path& path, Error error) override {
        ++outcome_.met;
        static_cast<void>(emit_({{path, {}}, FileFailure{std::move(error)}}));
    }

  private:
    const FilePipeline::Parts& parts_;
    const Emit& emit_;
    ScanOutcome& outcome_;
};

class ExaminingWorker final : public util::PipelineStages<FoundFile, ExaminedFile>::Worker {
  public:
    explicit ExaminingWorker(std::unique_ptr<Examiner> examiner) : examiner_(std::move(examiner)) {}

    ExaminedFile work(FoundFile found) override {
        ExaminedFile examined{std::move(found.file)};
        examined.finding = found.finding ? std::move(*found.finding) : examiner_->examine(examined.file);
        return examined;
    }

  private:
    std::unique_ptr<Examiner> examiner_;
};

}  // namespace

Result<void> FilePipeline::run(unsigned threads, const std::stop_token& end) {
    end_ = end;
    auto list = parts_.scope.open_list();
    if (!list) return forward(list);
    if (*list) list_.emplace(std::move(**list));
    util::PipelineSettings settings;
    settings.threads = threads;
    {
        const CountingScan counting(parts_.scope, parts_.known, parts_.meter, end);
        util::OrderedPipeline<FoundFile, ExaminedFile>(settings, *this, end).run();
    }
    return stored_ ? parts_.committer.flush() : stored_;
}

void FilePipeline::produce(const Emit& emit) {
    FeedingVisitor visitor(parts_, emit, scanned_);
    Scanner scanner(parts_.scope.options, visitor, end_);
    scanned_.done = parts_.scope.scan(scanner, list_ ? &*list_ : nullptr);
    scanned_.complete = scanned_.done && scanner.complete();
    scanned_.folders = scanner.folders();
}

std::unique_ptr<FilePipeline::Worker> FilePipeline::make_worker() {
    return std::make_unique<ExaminingWorker>(parts_.make_examiner());
}

std::size_t FilePipeline::cost(const ExaminedFile& output) const {
    constexpr std::size_t kRest = 4096;  // names and tags, about
    const auto* content = std::get_if<NewContent>(&output.finding);
    if (!content) return kRest;
    const Analysis& analysis = content->analysis;
    const std::size_t values = analysis.embedding ? analysis.embedding->vectors.values.size() : 0;
    return kRest + analysis.fingerprint.peaks.size() * sizeof(fingerprint::Peak) + values * sizeof(float);
}

FilePipeline::Next FilePipeline::consume(ExaminedFile output) {
    const std::int64_t bytes = output.file.status.size_bytes;
    std::string name = util::path_to_text(output.file.path.native());
    stored_ = parts_.committer.take(std::move(output.file), std::move(output.finding));
    parts_.meter.done(bytes, std::move(name));
    return stored_ ? Next::proceed : Next::end;
}

FilePipeline::Next FilePipeline::tick() {
    parts_.show_progress();
    stored_ = parts_.committer.flush_if_due();
    return stored_ ? Next::proceed : Next::end;
}

}  // namespace audio_ident::ingest
