#include "app/logging.hpp"

#include <boost/json/object.hpp>
#include <fmt/chrono.h>
#include <spdlog/formatter.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "util/json.hpp"
#include "util/log_scope.hpp"
#include "util/utf8.hpp"

namespace audio_ident::app {
namespace {

class JsonFormatter : public spdlog::formatter {
  public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
        const auto seconds = std::chrono::time_point_cast<std::chrono::seconds>(message.time);
        const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(message.time - seconds).count();
        const auto level = spdlog::level::to_string_view(message.level);
        boost::json::object line = {
            {"time", fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z",
                                 fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), microseconds)},
            {"level", std::string_view(level.data(), level.size())},
            {"message", util::sanitise_utf8({message.payload.data(), message.payload.size()})},
        };
        if (const auto* id = util::LogScope::request_id()) line["request_id"] = *id;
        const auto text = util::json_text(line) + "\n";
        out.append(text.data(), text.data() + text.size());
    }
    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<JsonFormatter>(); }
};

/// " [0f8fad5b-…]" in lines that belong to a request.
class RequestFlag : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg&, const std::tm&, spdlog::memory_buf_t& out) override {
        if (const auto* id = util::LogScope::request_id()) fmt::format_to(std::back_inserter(out), " [{}]", *id);
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<RequestFlag>(); }
};

spdlog::level::level_enum level_of(config::LogLevel level) {
    switch (level) {
        case config::LogLevel::trace: return spdlog::level::trace;
        case config::LogLevel::debug: return spdlog::level::debug;
        case config::LogLevel::info: return spdlog::level::info;
        case config::LogLevel::warning: return spdlog::level::warn;
        case config::LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

}  // namespace

void set_up_logging(const config::LogSettings& settings) {
    auto logger =
        std::make_shared<spdlog::logger>("audio-ident", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    logger->set_level(level_of(settings.level));
    auto text = std::make_unique<spdlog::pattern_formatter>();
    text->add_flag<RequestFlag>('*').set_pattern("%H:%M:%S %^%l%$%* %v");
    if (settings.format == config::LogFormat::json) logger->set_formatter(std::make_unique<JsonFormatter>());
    else logger->set_formatter(std::move(text));
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace audio_ident::app
