# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Language level, output folders, and wagesim_target(): what every target of ours has in common.

set(CMAKE_CXX_STANDARD 17) # Debian's SystemC is built as C++17, and its ABI depends on it
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

# wagesim_target(<target>): include root, warnings (ours only, never generated code), sanitizers, coverage.
function(wagesim_target target)
  target_include_directories(${target} PUBLIC "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>")
  target_compile_features(${target} PUBLIC cxx_std_17)
  wagesim_warn(${target})
  wagesim_instrument(${target})
endfunction()

# wagesim_warn(<target>): what a compiler can say about our code is an error.
function(wagesim_warn target)
  if(WAGESIM_DEVELOPER_MODE)
    target_compile_options(
      ${target}
      PRIVATE -Wall
              -Wextra
              -Wpedantic
              -Wshadow
              -Wconversion
              -Wsign-conversion
              -Wold-style-cast
              -Wnon-virtual-dtor
              -Woverloaded-virtual
              -Wimplicit-fallthrough
              -Werror)
  endif()
endfunction()

# wagesim_fixed_address(<executable>): loaded where it was linked for. With the RTL in the loop, two starts of the same
# program differed by 1.4 times as long as load addresses were random, and hardly without. Sanitized programs start in
# half the time, with no addresses to relocate in what the checks know of the source.
function(wagesim_fixed_address target)
  target_link_options(${target} PRIVATE -no-pie)
endfunction()

# wagesim_instrument(<target>): sanitizers and coverage only; generated code gets this without our warnings.
function(wagesim_instrument target)
  if(WAGESIM_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${WAGESIM_SANITIZE} -fno-omit-frame-pointer
                                             -fno-sanitize-recover=all
                                             # GCC 12 cannot follow <regex> through the instrumentation.
                                             -Wno-maybe-uninitialized)
    target_link_options(${target} PUBLIC -fsanitize=${WAGESIM_SANITIZE} -fuse-ld=gold) # twice as fast as the other
  endif()
  if(WAGESIM_COVERAGE)
    target_compile_options(${target} PRIVATE --coverage -fprofile-update=atomic)
    target_link_options(${target} PUBLIC --coverage)
  endif()
endfunction()
