#include "http/metrics.hpp"

#include <fmt/format.h>
#include <iterator>

namespace audio_ident::http {

void Metrics::add_gauge(std::string name, std::string help, std::function<double()> value) {
    const std::lock_guard lock(mutex_);
    gauges_.push_back({std::move(name), std::move(help), std::move(value)});
}

void Metrics::add_text(std::function<std::string()> text) {
    const std::lock_guard lock(mutex_);
    texts_.push_back(std::move(text));
}

void Metrics::count_request(std::string_view method, std::string_view route, unsigned status, double seconds) {
    const std::lock_guard lock(mutex_);
    ++requests_[{std::string(method), std::string(route), status}];
    Histogram& histogram = durations_[std::string(route)];
    ++histogram.count;
    histogram.sum += seconds;
    for (std::size_t i = 0; i < kBuckets.size(); ++i) {
        if (seconds > kBuckets[i]) continue;
        ++histogram.buckets[i];
        break;
    }
}

void Metrics::count_error(std::string_view code) {
    const std::lock_guard lock(mutex_);
    ++errors_[std::string(code)];
}

void Metrics::count_hang_up() {
    const std::lock_guard lock(mutex_);
    ++hang_ups_;
}

std::string Metrics::text() const {
    const std::lock_guard lock(mutex_);
    std::string text;
    const auto out = std::back_inserter(text);
    const auto head = [&](std::string_view name, std::string_view help, std::string_view type) {
        fmt::format_to(out, "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
    };
    head("audioident_http_requests_total", "Requests answered", "counter");
    for (const auto& [key, count] : requests_) {
        fmt::format_to(out, "audioident_http_requests_total{{method=\"{}\",route=\"{}\",status=\"{}\"}} {}\n",
                       std::get<0>(key), std::get<1>(key), std::get<2>(key), count);
    }
    head("audioident_http_request_duration_seconds", "From the header of a request to its response", "histogram");
    for (const auto& [route, histogram] : durations_) {
        std::uint64_t below = 0;
        for (std::size_t i = 0; i < kBuckets.size(); ++i) {
            below += histogram.buckets[i];
            fmt::format_to(out, "audioident_http_request_duration_seconds_bucket{{route=\"{}\",le=\"{}\"}} {}\n", route,
                           kBuckets[i], below);
        }
        fmt::format_to(out,
                       "audioident_http_request_duration_seconds_bucket{{route=\"{0}\",le=\"+Inf\"}} {1}\n"
                       "audioident_http_request_duration_seconds_sum{{route=\"{0}\"}} {2}\n"
                       "audioident_http_request_duration_seconds_count{{route=\"{0}\"}} {1}\n",
                       route, histogram.count, histogram.sum);
    }
    head("audioident_errors_total", "Requests answered with an error, by code", "counter");
    for (const auto& [code, count] : errors_)
        fmt::format_to(out, "audioident_errors_total{{code=\"{}\"}} {}\n", code, count);
    head("audioident_hang_ups_total", "Requests abandoned because their clients hung up", "counter");
    fmt::format_to(out, "audioident_hang_ups_total {}\n", hang_ups_);
    for (const auto& gauge : gauges_) {
        head(gauge.name, gauge.help, "gauge");
        fmt::format_to(out, "{} {}\n", gauge.name, gauge.value());
    }
    for (const auto& more : texts_) text += more();
    return text;
}

}  // namespace audio_ident::http
