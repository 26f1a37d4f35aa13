#include <boost/json/object.hpp>

#include "api/monitor_types.hpp"
#include "catalog/timestamp_text.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include "monitor/webhook/courier.hpp"
#include "monitor/webhook/webhook.hpp"
#include "util/json.hpp"
#include "util/url.hpp"
#include "util/utf8.hpp"

namespace audio_ident::cli {
namespace {

/// A play that nobody played.
catalog::Delivery sample() {
    const auto now = catalog::current_timestamp();
    catalog::PlayRow play;
    play.id = Uuid::random();
    play.monitor = Uuid::random();
    play.track = TrackId::random();
    play.title = "A test of the webhook";
    play.artist = "audio-ident";
    play.started_at = now - std::chrono::minutes(6);
    play.ended_at = now - std::chrono::minutes(3);
    play.end_place_seconds = 180;
    play.confidence = 1;
    play.final = true;
    return {play, "Test", now};
}

ExitCode test_webhook(Invocation& invocation) {
    const auto& settings = invocation.settings().monitors;
    if (settings.webhook_url.empty()) {
        note("there is no webhook; set MONITOR_WEBHOOK_URL and MONITOR_WEBHOOK_SECRET");
        return ExitCode::usage;
    }
    const auto event = api::play_event_of(sample(), api::PlayEventType::test);
    const auto reply =
        monitor::Webhook({settings.webhook_url, settings.webhook_secret})
            .post(event.id, util::json_text_of(event), Deadline::after(monitor::kAnswerTime, invocation.stop()));
    if (!reply) {
        note("the receiver at {} does not answer: {}; check MONITOR_WEBHOOK_URL", util::mask_url(settings.webhook_url),
             reply.error().message);
        return exit_code_of(reply.error().kind);
    }
    const bool is_taken = monitor::is_taken(*reply);
    const auto said = util::sanitise_utf8(util::trim_space(reply->body));
    if (invocation.json())
        print_line(
            util::json_text(boost::json::object{{"status", reply->status}, {"taken", is_taken}, {"body", said}}));
    else print_line(fmt::format("{}  {}", reply->status, one_line(said)));
    if (is_taken) return ExitCode::fine;
    note("the receiver did not take it: only a status of 200 to 299 says so, and redirects are not followed");
    return ExitCode::fatal;
}

}  // namespace

void add_test_webhook_command(Command& monitor) {
    auto& command = monitor.add_command("test-webhook", "Post a sample to MONITOR_WEBHOOK_URL, and show the answer");
    command.footer =
        "The service posts each play when it is final. The sample has the type \"test\", and is signed alike.\n\n"
        "Examples:\n"
        "  MONITOR_WEBHOOK_URL=https://example.org/plays MONITOR_WEBHOOK_SECRET=s3cret \\\n"
        "    audio-ident monitor test-webhook";
    command.run = test_webhook;
}

}  // namespace audio_ident::cli
