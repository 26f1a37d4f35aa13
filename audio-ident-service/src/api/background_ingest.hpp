#pragma once

#include "jobs/run_work.hpp"
#include "library/library.hpp"

namespace audio_ident::api {

/// Ingests folders for jobs. The library makes way for changes that somebody waits for, and goes on after them.
jobs::IngestFolder background_ingest(library::Library& library);

}  // namespace audio_ident::api
