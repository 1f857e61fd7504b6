# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` lays down.

include(CMakePackageConfigHelpers)
if(TARGET wagesim)
  install(TARGETS wagesim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
# The library, its headers and `find_package(wagesim)`, whose one target is wagesim::wagesim (docs/library.md).
install(
  TARGETS wagesim_library
  EXPORT wagesim
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY "${PROJECT_SOURCE_DIR}/platforms/library/include/wagesim" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/wagesim)
install(EXPORT wagesim NAMESPACE wagesim:: FILE wagesim-config.cmake DESTINATION ${package})
write_basic_package_version_file("${PROJECT_BINARY_DIR}/wagesim-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/wagesim-config-version.cmake" DESTINATION ${package})

install(DIRECTORY "${PROJECT_SOURCE_DIR}/configs" DESTINATION ${CMAKE_INSTALL_DATADIR}/wagesim)

# For designers of their own quantize/update unit (docs/tutorials/verify-your-rtl.md): this one's SystemVerilog, and the
# headers that make a library for --rtl-library, below the folder that their includes begin at.
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/rtl"
  DESTINATION ${CMAKE_INSTALL_DATADIR}/wagesim
  FILES_MATCHING
  PATTERN "*.sv"
  PATTERN "*.f"
  PATTERN "*.vlt"
  PATTERN verilated EXCLUDE
  PATTERN library EXCLUDE)
set(headers ${CMAKE_INSTALL_INCLUDEDIR}/wagesim)
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/rtl/library" "${PROJECT_SOURCE_DIR}/rtl/verilated"
  DESTINATION ${headers}/rtl
  FILES_MATCHING
  PATTERN "*.h"
  PATTERN "*.hpp")
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/ref/quantize_update"
  DESTINATION ${headers}/ref
  FILES_MATCHING
  PATTERN "*.hpp")
install(FILES "${PROJECT_SOURCE_DIR}/ref/tensor/element_type.hpp" DESTINATION ${headers}/ref/tensor)
