# Every library the product links, as imported targets. All come from the distribution's packages, but for OpenVINO;
# scripts/setup.sh installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tl-expected REQUIRED)

pkg_check_modules(FFMPEG REQUIRED IMPORTED_TARGET libavformat libavcodec libswresample libavutil)
pkg_check_modules(CHROMAPRINT REQUIRED IMPORTED_TARGET libchromaprint)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(CURL REQUIRED IMPORTED_TARGET libcurl)
pkg_check_modules(ARCHIVE REQUIRED IMPORTED_TARGET libarchive)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc)

function(audio_ident_find_library target header library)
  string(MAKE_C_IDENTIFIER ${target} key)
  find_path(${key}_INCLUDE ${header} REQUIRED)
  find_library(${key}_LIBRARY ${library} REQUIRED)
  add_library(${target} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION ${${key}_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${${key}_INCLUDE})
endfunction()

audio_ident_find_library(lmdb::lmdb lmdb.h lmdb)
audio_ident_find_library(soci::core soci/soci.h soci_core)
audio_ident_find_library(soci::sqlite3 soci/sqlite3/soci-sqlite3.h soci_sqlite3)
audio_ident_find_library(soci::postgresql soci/postgresql/soci-postgresql.h soci_postgresql)
audio_ident_find_library(sqlite3::sqlite3 sqlite3.h sqlite3)

# What scripts/third_party.sh has fetched. Without it the vibe lane says what is missing.
execute_process(COMMAND bash ${PROJECT_SOURCE_DIR}/../scripts/third_party.sh --where OUTPUT_VARIABLE third_party)
find_package(OpenVINO 2026.4 QUIET COMPONENTS Runtime HINTS ${third_party}/openvino/cmake)
set(AUDIO_IDENT_MUSICNN_WHEEL ${third_party}/musicnn.whl)  # for its weights
if(NOT OpenVINO_FOUND OR NOT EXISTS ${AUDIO_IDENT_MUSICNN_WHEEL})
  message(WARNING "OpenVINO or MusiCNN is missing: the program will have no vibe lane. `make setup` fetches them.")
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  # ccache keeps what was compiled with a precompiled header only where it is told to trust it. Another clone of this
  # repository finds what one has compiled: paths below it are taken as relative.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
    CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
