#pragma once

#include <stdexcept>

namespace audio_ident::index {

/// Thrown inside index/ where stored data contradicts itself; the text says what is wrong. guarded() makes it an Error
/// of kind corrupt, so that it never leaves a port.
class Corrupt : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace audio_ident::index
