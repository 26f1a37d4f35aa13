#include "util/descriptor.hpp"

#include <unistd.h>

namespace audio_ident::util {

void Descriptor::reset() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
}

}  // namespace audio_ident::util
