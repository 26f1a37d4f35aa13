#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace audio_ident::http {

/// Counters and durations of requests, and gauges, in the text format of Prometheus. Thread-safe.
class Metrics {
  public:
    /// `value` is called each time the metrics are shown.
    void add_gauge(std::string name, std::string help, std::function<double()> value);
    /// `text` is called each time the metrics are shown, and gives whole families in their format.
    void add_text(std::function<std::string()> text);
    /// `route` is the pattern of the route, not the path: every value becomes a time series.
    void count_request(std::string_view method, std::string_view route, unsigned status, double seconds);
    void count_error(std::string_view code);
    /// A request whose client hung up before the response was ready.
    void count_hang_up();

    std::string text() const;

  private:
    static constexpr std::array kBuckets = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                            0.25,  0.5,    1.0,   2.5,  5.0,   10.0};

    struct Histogram {
        std::array<std::uint64_t, kBuckets.size()> buckets{};  ///< not cumulative
        std::uint64_t count = 0;
        double sum = 0;
    };
    struct Gauge {
        std::string name;
        std::string help;
        std::function<double()> value;
    };

    mutable std::mutex mutex_;
    std::vector<Gauge> gauges_;
    std::vector<std::function<std::string()>> texts_;
    std::map<std::tuple<std::string, std::string, unsigned>, std::uint64_t> requests_;
    std::map<std::string, Histogram> durations_;
    std::map<std::string, std::uint64_t, std::less<>> errors_;
    std::uint64_t hang_ups_ = 0;
};

}  // namespace audio_ident::http
