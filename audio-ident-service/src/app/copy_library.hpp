#pragma once

#include "config/settings.hpp"
#include "core/executor.hpp"
#include "core/result.hpp"
#include "library/changes.hpp"
#include "library/copy.hpp"

namespace audio_ident::app {

/// As library::Backends::copy(). `executor`, which LMDB needs to open vectors, outlives it.
Result<library::CopyReport> copy_library(const config::Settings& settings, Executor& executor,
                                         const library::CopyRequest& request, const library::Turn& turn,
                                         library::CopyObserver& observer);

}  // namespace audio_ident::app
