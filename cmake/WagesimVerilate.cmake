# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# SystemVerilog to static libraries. Verilator's own verilate() runs Verilator when the build is configured, and again
# when it is built; with five lane counts we would rather wait once.

# wagesim_verilated_runtime: what every Verilated model needs of Verilator. $error and $fatal reach our handlers, which
# throw instead of ending the process.
add_library(wagesim_verilated_runtime STATIC "${VERILATOR_ROOT}/include/verilated.cpp"
                                             "${VERILATOR_ROOT}/include/verilated_threads.cpp")
target_include_directories(wagesim_verilated_runtime SYSTEM PUBLIC "${VERILATOR_ROOT}/include"
                                                                   "${VERILATOR_ROOT}/include/vltstd")
target_compile_definitions(wagesim_verilated_runtime PRIVATE VL_USER_STOP VL_USER_FATAL)
# A library of its own: what brings handlers itself, as libraries for --rtl-library do, takes nothing from it.
add_library(wagesim_assertion_handlers STATIC "${PROJECT_SOURCE_DIR}/rtl/verilated/assertion_handlers.cpp")
target_include_directories(wagesim_assertion_handlers PRIVATE "${PROJECT_SOURCE_DIR}")
target_include_directories(wagesim_assertion_handlers SYSTEM PRIVATE "${VERILATOR_ROOT}/include"
                                                                     "${VERILATOR_ROOT}/include/vltstd")
wagesim_instrument(wagesim_assertion_handlers)
target_link_libraries(wagesim_verilated_runtime PUBLIC Threads::Threads wagesim_assertion_handlers)
target_compile_options(wagesim_verilated_runtime PRIVATE -w)
set_target_properties(wagesim_verilated_runtime PROPERTIES CXX_CLANG_TIDY "")
wagesim_instrument(wagesim_verilated_runtime)

# wagesim_verilated_fst: what models made with --trace-fst need as well, the reader of such files included. GTKWave's code,
# which is not ours to instrument.
add_library(wagesim_verilated_fst STATIC "${VERILATOR_ROOT}/include/verilated_fst_c.cpp")
target_link_libraries(wagesim_verilated_fst PUBLIC wagesim_verilated_runtime ZLIB::ZLIB)
target_compile_options(wagesim_verilated_fst PRIVATE -w)
set_target_properties(wagesim_verilated_fst PROPERTIES CXX_CLANG_TIDY "")

# wagesim_verilate(<target> PREFIX <class> TOP <module> DIRECTORY <generated> SOURCES <.sv and .vlt>... [ARGUMENTS ...]
#                  [OPTIMIZE <flag>] [BRANCHY])
function(wagesim_verilate target)
  cmake_parse_arguments(arg "BRANCHY" "PREFIX;TOP;DIRECTORY;OPTIMIZE" "SOURCES;ARGUMENTS" ${ARGN})
  if(NOT arg_OPTIMIZE)
    set(arg_OPTIMIZE -O3)
  endif()
  set(fast "${arg_DIRECTORY}/${arg_PREFIX}__fast.cpp")
  set(slow "${arg_DIRECTORY}/${arg_PREFIX}__slow.cpp")
  add_custom_command(
    OUTPUT "${fast}" "${slow}" "${arg_DIRECTORY}/${arg_PREFIX}.h"
    COMMAND "${CMAKE_COMMAND}" -E rm -rf "${arg_DIRECTORY}"
    COMMAND "${VERILATOR_BIN}" --cc -O3 --x-assign fast --x-initial unique --prefix ${arg_PREFIX} --top-module ${arg_TOP}
            --Mdir "${arg_DIRECTORY}" ${arg_ARGUMENTS} ${arg_SOURCES}
    COMMAND "${CMAKE_COMMAND}" -DDIRECTORY=${arg_DIRECTORY} -DPREFIX=${arg_PREFIX} -P
            "${PROJECT_SOURCE_DIR}/cmake/WagesimAmalgamate.cmake"
    DEPENDS ${arg_SOURCES} "${PROJECT_SOURCE_DIR}/cmake/WagesimAmalgamate.cmake"
    COMMENT "Verilating ${arg_TOP} as ${arg_PREFIX}"
    VERBATIM)
  add_library(${target} STATIC "${fast}" "${slow}")
  target_include_directories(${target} SYSTEM PUBLIC "${arg_DIRECTORY}")
  target_link_libraries(${target} PUBLIC wagesim_verilated_runtime)
  # Generated code: no warnings, no clang-tidy. Evaluation at -O3 whatever the build type, for it is most of a run's time,
  # unless asked for less; what runs once is large and gains nothing.
  target_compile_options(${target} PRIVATE -w)
  set_target_properties(${target} PROPERTIES CXX_CLANG_TIDY "")
  set(options ${arg_OPTIMIZE})
  # Where most of the code stands idle behind enables, GCC's search for partial redundancies moves loads of idle modes
  # into every cycle: without it the unit is up to a fifth faster, a pipeline without enables a tenth slower.
  if(arg_BRANCHY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND options -fno-tree-pre -fno-gcse)
  endif()
  set_source_files_properties("${fast}" PROPERTIES COMPILE_OPTIONS "${options}")
  set_source_files_properties("${slow}" PROPERTIES COMPILE_OPTIONS -O0)
  wagesim_instrument(${target})
endfunction()
