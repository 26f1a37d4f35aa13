#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

#include "cli/exit_code.hpp"
#include "cli/services.hpp"
#include "config/loader.hpp"

namespace audio_ident::cli {

/// What a command that was chosen works with.
class Invocation {
  public:
    Invocation(const Program& program, bool json, config::Loaded loaded)
        : program_(program), json_(json), loaded_(std::move(loaded)) {}

    const Program& program() const { return program_; }
    bool json() const { return json_; }
    const config::Loaded& loaded() const { return loaded_; }
    const config::Settings& settings() const { return loaded_.settings; }
    /// Opened at the first call.
    Services& services() {
        if (!services_) services_ = program_.open(loaded_.settings);
        return *services_;
    }

  private:
    const Program& program_;
    bool json_;
    config::Loaded loaded_;
    std::unique_ptr<Services> services_;
};

using Run = std::function<ExitCode(Invocation&)>;

/// --wait SECONDS, of the commands that change the library.
void add_wait_option(CLI::App& command, int& seconds);

/// --max-results, --min-similarity and --diverse, of the commands that ask the vibe lane.
void add_vibe_options(CLI::App& command, std::size_t& max_results, double& min_similarity, bool& diverse);

/// Adds commands to the parser. The function of the one that is chosen is stored in `chosen` while parsing.
void add_ingest_command(CLI::App& root, Run& chosen);
void add_search_command(CLI::App& root, Run& chosen);
void add_similar_command(CLI::App& root, Run& chosen);
void add_serve_command(CLI::App& root, Run& chosen);
void add_tracks_command(CLI::App& root, Run& chosen);
void add_doctor_command(CLI::App& root, Run& chosen);
void add_rebuild_index_command(CLI::App& root, Run& chosen);
void add_reembed_command(CLI::App& root, Run& chosen);
void add_model_command(CLI::App& root, Run& chosen);
void add_db_command(CLI::App& root, Run& chosen);
void add_config_command(CLI::App& root, Run& chosen);
void add_version_command(CLI::App& root, Run& chosen);

}  // namespace audio_ident::cli
