# The headers of others that most files include, read once for all. Sources still include all that they use: clang-tidy
# and the fuzzers read them without these. audio_ident_precompile(<target> <sources|cold|tests>)

option(AUDIO_IDENT_PRECOMPILE "Read the common headers once for all" ON)

set(common <algorithm> <chrono> <cmath> <cstdint> <cstring> <filesystem> <fstream> <functional> <map> <memory> <mutex>
  <optional> <span> <stop_token> <string> <string_view> <thread> <unordered_map> <vector> <fmt/format.h>
  <tl/expected.hpp>)

# A compiler takes a precompiled header only where the options are the same, so there is one a set of options.
function(audio_ident_precompiled name)
  set(source ${PROJECT_BINARY_DIR}/precompiled_${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "")
  add_library(audio-ident-precompiled-${name} OBJECT ${source})
  target_link_libraries(audio-ident-precompiled-${name} PRIVATE audio-ident-options fmt::fmt tl::expected)
  target_precompile_headers(audio-ident-precompiled-${name} PRIVATE ${common} ${ARGN})
endfunction()

function(audio_ident_precompile target name)
  if(AUDIO_IDENT_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM audio-ident-precompiled-${name})
    target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>)
  endif()
endfunction()

if(AUDIO_IDENT_PRECOMPILE)
  audio_ident_precompiled(sources)
  audio_ident_precompiled(cold)
  target_compile_options(audio-ident-precompiled-cold PRIVATE $<$<CONFIG:Release>:-O1>)
  if(AUDIO_IDENT_TESTS)
    audio_ident_precompiled(tests <gtest/gtest.h> <gmock/gmock.h>)
    target_compile_definitions(audio-ident-precompiled-tests PRIVATE GTEST_HAS_PTHREAD=1)  # as GTest's targets say
  endif()
endif()
