#include "util/json_file.hpp"

#include "util/atomic_file.hpp"
#include "util/json.hpp"

namespace audio_ident::util {

Result<void> write_json_file(const std::filesystem::path& file, const boost::json::object& object) {
    // These files are small and seldom written, and hold a choice or minutes of work. So they survive a power cut.
    return replace_file(file, json_text(object) + '\n', Durability::power_cut);
}

}  // namespace audio_ident::util
