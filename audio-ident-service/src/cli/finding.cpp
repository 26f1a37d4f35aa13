#include "cli/finding.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "cli/output.hpp"
#include "cli/text.hpp"
#include "util/json.hpp"

namespace audio_ident::cli {
namespace {

const char* word_of(Health health) {
    switch (health) {
        case Health::good: return "ok";
        case Health::warning: return "note";
        case Health::bad: break;
    }
    return "FAIL";
}

boost::json::object to_json(const Finding& finding) {
    return {{"check", finding.subject},
            {"status", word_of(finding.health)},
            {"message", finding.text},
            {"advice", finding.advice.empty() ? boost::json::value(nullptr) : finding.advice.c_str()}};
}

}  // namespace

ExitCode print_findings(std::span<const Finding> findings, bool json) {
    const bool healthy = std::ranges::none_of(findings, [](const auto& f) { return f.health == Health::bad; });
    if (json) {
        boost::json::array checks;
        for (const auto& finding : findings) checks.push_back(to_json(finding));
        print_line(util::json_text(boost::json::object{{"healthy", healthy}, {"checks", std::move(checks)}}));
        return healthy ? ExitCode::fine : ExitCode::fatal;
    }
    for (const auto& finding : findings) {
        print_line(fmt::format("{:<5} {:<18} {}", word_of(finding.health), finding.subject, one_line(finding.text)));
        if (!finding.advice.empty()) print_line(fmt::format("{:24} → {}", "", finding.advice));
    }
    return healthy ? ExitCode::fine : ExitCode::fatal;
}

}  // namespace audio_ident::cli
