#include "util/host_name.hpp"

#include <array>
#include <unistd.h>

namespace audio_ident::util {

std::string host_name() {
    std::array<char, 256> host{};
    return ::gethostname(host.data(), host.size() - 1) == 0 ? host.data() : "";
}

}  // namespace audio_ident::util
