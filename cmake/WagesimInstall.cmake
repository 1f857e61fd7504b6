# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# What `cmake --install` lays down.

include(GNUInstallDirs)
if(TARGET wagesim)
  install(TARGETS wagesim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
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
