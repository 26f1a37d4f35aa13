#pragma once

#include <chrono>
#include <memory>

#include "cli/options.hpp"
#include "cli/program.hpp"
#include "config/loader.hpp"

namespace audio_ident::cli {

/// Everything that a command needs.
class Invocation {
  public:
    Invocation(const Program& program, bool json, config::Loaded loaded)
        : program_(program), json_(json), loaded_(std::move(loaded)) {}

    const Program& program() const { return program_; }
    bool json() const { return json_; }
    const config::Loaded& loaded() const { return loaded_; }
    const config::Settings& settings() const { return loaded_.settings; }
    const std::stop_token& stop() const { return program_.stop; }
    /// The deadline of one call of a store: a minute, or a stop.
    Deadline deadline() const { return Deadline::after(std::chrono::minutes(1), stop()); }
    /// The turn for a change that this command makes.
    library::Turn turn(std::string purpose, int wait_seconds) const {
        return {.purpose = std::move(purpose), .wait = std::chrono::seconds(wait_seconds), .stop = stop()};
    }
    /// The library, which the first call opens.
    library::Library& library() {
        if (!library_) library_ = program_.open(loaded_.settings);
        return *library_;
    }

  private:
    const Program& program_;
    bool json_;
    config::Loaded loaded_;
    std::shared_ptr<library::Library> library_;  ///< see Program::open
};

/// --wait SECONDS, of the commands that change the library.
void add_wait_option(Command& command, int& seconds);

/// --stream N, of the commands that decode files.
void add_stream_option(Command& command, std::optional<int>& stream);

/// --max-results, --min-similarity and --diverse, of the commands that ask the vibe lane.
void add_vibe_options(Command& command, std::size_t& max_results, double& min_similarity, bool& diverse);

/// Each adds a command to the program.
void add_ingest_command(Command& root);
void add_search_command(Command& root);
void add_similar_command(Command& root);
void add_timeline_command(Command& root);
void add_listen_command(Command& root);
void add_monitor_command(Command& root);
void add_plays_command(Command& root);
/// Adds a command to `db`.
void add_copy_command(Command& db);
/// Adds a command to `monitor`.
void add_test_webhook_command(Command& monitor);
void add_serve_command(Command& root);
void add_tracks_command(Command& root);
void add_doctor_command(Command& root);
void add_rebuild_index_command(Command& root);
void add_reembed_command(Command& root);
void add_model_command(Command& root);
void add_db_command(Command& root);
void add_config_command(Command& root);
void add_commands_command(Command& root);
void add_version_command(Command& root);

}  // namespace audio_ident::cli
