#pragma once

#include <thread>

#include "library/stored_library.hpp"

namespace audio_ident::app {

/// After a crash, settles what it left between catalog and index; after an upgrade, replaces fingerprints of an earlier
/// version. On a thread of the lowest priority, as long as it lives: searches and changes go on meanwhile, and what is
/// left is done at the next start. It logs what it did.
class LibraryKeeper {
  public:
    /// `library` outlives it.
    explicit LibraryKeeper(library::StoredLibrary& library);

  private:
    std::jthread thread_;
};

}  // namespace audio_ident::app
