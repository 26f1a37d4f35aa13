#pragma once

#include <boost/json/array.hpp>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "library/changes.hpp"

namespace audio_ident::cli {

/// Shows how an ingest goes on stderr: on a terminal one line that is written over, and failed files as they come.
class ProgressPrinter : public library::ChangeObserver {
  public:
    ProgressPrinter();

    void on_progress(const ingest::IngestProgress& progress) override;
    void on_file(const ingest::FileEvent& event) override;
    void on_notice(std::string_view sentence) override;
    /// Takes the line away.
    void clear();

  private:
    bool terminal_;
    bool shown_ = false;
};

/// The answer of a command that ingests; the exit code that goes with it. `what` names the command in messages.
ExitCode print_report(const ingest::IngestReport& report, bool json, std::string_view what);

/// Files that failed, in an answer.
boost::json::array errors_json(const std::vector<ingest::IngestError>& errors);

}  // namespace audio_ident::cli
