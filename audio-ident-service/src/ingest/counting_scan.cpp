#include "ingest/counting_scan.hpp"

#include "util/path_text.hpp"

namespace audio_ident::ingest {

namespace {

class CountingVisitor final : public ScanVisitor {
  public:
    CountingVisitor(const KnownFiles& known, ProgressMeter& meter) : known_(known), meter_(meter) {}

    bool file(FileEntry entry) override {
        const bool known =
            known_.contains(util::path_to_text(entry.path.native()), entry.status.size_bytes, entry.status.modified_ns);
        meter_.found(known ? 0 : entry.status.size_bytes);
        return true;
    }
    void ignored(const std::filesystem::path&) override {}
    void problem(const std::filesystem::path&, Error) override { meter_.found(0); }

  private:
    const KnownFiles& known_;
    ProgressMeter& meter_;
};

}  // namespace

CountingScan::CountingScan(const ScanScope& scope, const KnownFiles& known, ProgressMeter& meter,
                           const std::stop_token& end)
    : scope_(scope),
      known_(known),
      meter_(meter),
      thread_([this](const std::stop_token& stop) { count(stop); }),
      on_end_(end, [this] { thread_.request_stop(); }) {}

void CountingScan::count(const std::stop_token& stop) const {
    auto list = scope_.open_list();
    if (!list || (*list && !(*list)->can_be_read_again())) return;
    CountingVisitor visitor(known_, meter_);
    Scanner scanner(scope_.options, visitor, stop);
    if (scope_.scan(scanner, *list ? &**list : nullptr) && scanner.complete()) meter_.all_found();
}

}  // namespace audio_ident::ingest
