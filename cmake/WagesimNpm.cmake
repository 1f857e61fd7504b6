# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Script (cmake -P): exactly the packages of SOURCE/package-lock.json into DESTINATION/node_modules, without running
# scripts of theirs. TESTS: those that only tests need as well.

file(MAKE_DIRECTORY "${DESTINATION}")
file(COPY "${SOURCE}/package.json" "${SOURCE}/package-lock.json" DESTINATION "${DESTINATION}")
set(omit "")
if(NOT TESTS)
  set(omit --omit=dev)
endif()
execute_process(
  COMMAND "${NPM}" ci --ignore-scripts --no-audit --no-fund --loglevel=error ${omit}
  WORKING_DIRECTORY "${DESTINATION}"
  RESULT_VARIABLE status
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "npm cannot install what the page of `wagesim report` is built from:\n${output}\n"
                      "It needs a network or a filled npm cache; -DWAGESIM_REPORT=OFF builds wagesim without that command.")
endif()
file(TOUCH "${DESTINATION}/node_modules/.package-lock.json")
