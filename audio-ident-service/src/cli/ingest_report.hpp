#pragma once

#include <boost/json/array.hpp>
#include <string_view>
#include <vector>

#include "cli/exit_code.hpp"
#include "library/changes.hpp"

namespace audio_ident::cli {

/// Shows the progress of an ingest on stderr: on a terminal one line that it overwrites, and each failed file.
class ProgressPrinter : public library::ChangeObserver {
  public:
    ProgressPrinter();

    void on_progress(const ingest::IngestProgress& progress) override;
    void on_file(const ingest::FileEvent& event) override;
    void on_notice(std::string_view sentence) override;
    /// Removes the line.
    void clear();

  private:
    bool terminal_;
    bool shown_ = false;
};

/// Prints the answer of a command that ingests, and returns its exit code. `what` names the command in messages.
ExitCode print_report(const ingest::IngestReport& report, bool json, std::string_view what);

/// The files that failed, as JSON for an answer.
boost::json::array errors_json(const std::vector<ingest::IngestError>& errors);

}  // namespace audio_ident::cli
