#include "cli/cli.hpp"

namespace audio_ident::cli {

int run(int, char**) {
    return 2;
}

}  // namespace audio_ident::cli
