# SPDX-FileCopyrightText: The wagesim authors
# SPDX-License-Identifier: Apache-2.0
#
# Script (cmake -P): Verilator decides how many files it writes; the build must know their names beforehand. So all
# that is evaluated each cycle goes into ${PREFIX}__fast.cpp, all that runs once into ${PREFIX}__slow.cpp.

file(GLOB sources RELATIVE "${DIRECTORY}" "${DIRECTORY}/${PREFIX}*.cpp")
list(SORT sources)
set(fast "")
set(slow "")
foreach(source IN LISTS sources)
  if(source MATCHES "__(fast|slow)\\.cpp$")
    continue()
  elseif(source MATCHES "__(Slow|Syms|ConstPool.*)\\.cpp$")
    string(APPEND slow "#include \"${source}\"\n")
  else()
    string(APPEND fast "#include \"${source}\"\n")
  endif()
endforeach()
file(WRITE "${DIRECTORY}/${PREFIX}__fast.cpp" "${fast}")
file(WRITE "${DIRECTORY}/${PREFIX}__slow.cpp" "${slow}")
