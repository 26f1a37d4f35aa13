#include "app/versions.hpp"

#include <boost/version.hpp>
#include <chromaprint.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <lmdb.h>
#include <sqlite3.h>

extern "C" {
#include <libavutil/avutil.h>
}

namespace audio_ident::app {

std::vector<std::pair<std::string, std::string>> component_versions() {
    return {
        {"FFmpeg", av_version_info()},
        {"Chromaprint", chromaprint_get_version()},
        {"LMDB", fmt::format("{}.{}.{}", MDB_VERSION_MAJOR, MDB_VERSION_MINOR, MDB_VERSION_PATCH)},
        {"SQLite", sqlite3_libversion()},
        {"libpq", fmt::format("{}.{}", PQlibVersion() / 10000, PQlibVersion() % 10000)},
        {"Boost", fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100)},
    };
}

}  // namespace audio_ident::app
