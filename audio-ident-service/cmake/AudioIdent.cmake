# One static library a folder of src/, one test program a folder of tests/unit/: the link graph is the
# include graph (see docs/architecture.md).

add_library(audio-ident-options INTERFACE)
target_compile_options(audio-ident-options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual
  # Results must not depend on which instruction set a loop was vectorised for.
  -ffp-contract=off)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  # Any such processor since 2009; counting bits is one instruction there.
  target_compile_options(audio-ident-options INTERFACE -march=x86-64-v2)
endif()
if(AUDIO_IDENT_WERROR)
  target_compile_options(audio-ident-options INTERFACE -Werror)
endif()
if(AUDIO_IDENT_SANITIZE)
  # Without vptr: it needs the type information of SOCI's classes, which its shared library hides.
  target_compile_options(audio-ident-options INTERFACE
    -fsanitize=${AUDIO_IDENT_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all)
  target_link_options(audio-ident-options INTERFACE -fsanitize=${AUDIO_IDENT_SANITIZE})
  target_compile_definitions(audio-ident-options INTERFACE AUDIO_IDENT_SANITIZED=1)
endif()

include(PrecompiledHeaders)

# Nothing in these folders is hot, and Boost.JSON makes them slow to optimise: a release build gives them -O1.
set(AUDIO_IDENT_COLD api app cli config jobs)

# The module that runs the networks is a shared library and contains these folders.
set(AUDIO_IDENT_SHARED core util)

# audio_ident_library(<folder> [LINK <libraries>...])
# Makes the static library audio-ident-<folder, '/' as '-'> from every .cpp directly in the current folder.
function(audio_ident_library folder)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  string(REPLACE "/" "-" name ${folder})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  if(sources)
    add_library(audio-ident-${name} STATIC ${sources})
    target_include_directories(audio-ident-${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(audio-ident-${name} PUBLIC ${ARG_LINK} PRIVATE audio-ident-options)
    if(folder IN_LIST AUDIO_IDENT_SHARED)
      set_target_properties(audio-ident-${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    elseif(folder IN_LIST AUDIO_IDENT_COLD)
      target_compile_options(audio-ident-${name} PRIVATE $<$<CONFIG:Release>:-O1>)
      audio_ident_precompile(audio-ident-${name} cold)
    else()
      audio_ident_precompile(audio-ident-${name} sources)
    endif()
  else()
    add_library(audio-ident-${name} INTERFACE)
    target_include_directories(audio-ident-${name} INTERFACE ${PROJECT_SOURCE_DIR}/src)
    target_link_libraries(audio-ident-${name} INTERFACE ${ARG_LINK})
  endif()
endfunction()

# audio_ident_test(<name> [TOGETHER <pattern>] [LINK <libraries>...])
# Makes one GoogleTest program from every *_test.cpp directly in the current folder; each TEST is a ctest test, and
# those whose names match the pattern are one together: they share what is slow to start.
# A sanitizer's report fails the test, also one of a child process whose exit code nobody looks at.
function(audio_ident_test name)
  cmake_parse_arguments(ARG "" "TOGETHER" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}-test ${sources})
  target_include_directories(${name}-test PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name}-test PRIVATE ${ARG_LINK} audio-ident-test-support audio-ident-options
    GTest::gmock GTest::gtest_main)
  audio_ident_precompile(${name}-test tests)
  set(report_fails FAIL_REGULAR_EXPRESSION "Sanitizer:|runtime.error:")
  set(filter "")
  if(ARG_TOGETHER)
    set(filter TEST_FILTER "-${ARG_TOGETHER}")
    add_test(NAME ${name}.together COMMAND ${name}-test --gtest_filter=${ARG_TOGETHER})
    # These take longest, so they begin first.
    set_tests_properties(${name}.together PROPERTIES TIMEOUT 900 COST 1000 ${report_fails})
  endif()
  gtest_discover_tests(${name}-test TEST_PREFIX ${name}. ${filter} DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 300 ${report_fails})
endfunction()
