#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "support/encode.hpp"
#include "support/process.hpp"
#include "support/synth.hpp"
#include "support/temp_folder.hpp"

namespace audio_ident::test {

/// A user with an empty home: runs the program there, with a music folder to fill.
class Home {
  public:
    Home() : data_(folder_ / "data"), music_(folder_ / "music") { std::filesystem::create_directory(music_); }

    const std::filesystem::path& folder() const { return folder_.path(); }
    const std::filesystem::path& data() const { return data_; }
    const std::filesystem::path& music() const { return music_; }

    /// Something like music, of its own for each seed; as the extension says.
    std::filesystem::path add_song(int seed, const std::string& name, double seconds = 20) const {
        auto path = music_ / name;
        encode(test::music(static_cast<std::uint64_t>(seed), seconds, 22050), path,
               {"-metadata", "title=Song " + std::to_string(seed)});
        return path;
    }

    Process start(std::vector<std::string> arguments, ProcessSettings settings = {}) const {
        std::vector<std::string> command = prefix;
        command.push_back(AUDIO_IDENT_PROGRAM);
        command.insert(command.end(), arguments.begin(), arguments.end());
        settings.folder = folder().string();
        std::vector<std::pair<std::string, std::string>> environment = {
            {"HOME", folder().string()}, {"XDG_DATA_HOME", ""}, {"AUDIO_IDENT_DATA_DIR", data_.string()}};
        environment.insert(environment.end(), settings.environment.begin(), settings.environment.end());
        settings.environment = std::move(environment);
        return Process(command, settings);
    }
    ProcessResult run(std::vector<std::string> arguments, ProcessSettings settings = {}) const {
        return start(std::move(arguments), std::move(settings)).wait();
    }

    std::vector<std::string> prefix;  ///< a command that runs the program: {"setpriv", …}

  private:
    TempFolder folder_;
    std::filesystem::path data_;
    std::filesystem::path music_;
};

/// The objects of an answer, one a line.
inline std::vector<boost::json::value> json_lines(const std::string& text) {
    std::vector<boost::json::value> values;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) values.push_back(boost::json::parse(line));
    return values;
}

}  // namespace audio_ident::test
