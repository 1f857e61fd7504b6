// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Verilator's handlers of $error and $fatal, which throw std::logic_error; its own end the process. Definitions: one
// source file of a program or shared library includes this, and Verilator's runtime is compiled with VL_USER_STOP and
// VL_USER_FATAL. NOLINTBEGIN(misc-definitions-in-headers): that is what it is for.
#pragma once

#include <stdexcept>
#include <string>

#include <verilated.h>

void vl_stop(const char* filename, int linenum, const char* /*hierarchy*/)
{
    throw std::logic_error(std::string(filename) + ":" + std::to_string(linenum) + ": an assertion failed");
}

void vl_fatal(const char* filename, int linenum, const char* /*hierarchy*/, const char* message)
{
    throw std::logic_error(std::string(filename) + ":" + std::to_string(linenum) + ": " + message);
}
// NOLINTEND(misc-definitions-in-headers)
