#pragma once

#include "jobs/run_work.hpp"
#include "library/library.hpp"

namespace audio_ident::api {

/// Ingests folders for jobs. The library pauses an ingest for changes that somebody waits for.
jobs::IngestFolder background_ingest(library::Library& library);

}  // namespace audio_ident::api
