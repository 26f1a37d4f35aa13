#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/env_file.hpp"
#include "config/table.hpp"

/// Any text is parsed or rejected. Parsed entries have names, and every setting accepts or rejects every value.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto entries = audio_ident::config::parse_env_file(text, ".env");
    if (!entries) return 0;
    for (const auto& entry : *entries) {
        if (entry.name.empty() || entry.line < 1) std::abort();
        for (const auto& setting : audio_ident::config::all_settings()) {
            const auto value = audio_ident::config::parse(setting, entry.value);
            if (value && value->text != entry.value) std::abort();
            const bool secret = setting.secrecy == audio_ident::config::Secrecy::secret;
            const auto shown = audio_ident::config::masked(setting, entry.value);
            if (secret && setting.type == audio_ident::config::Type::text && !entry.value.empty() && shown != "***") {
                std::abort();
            }
        }
    }
    return 0;
}
