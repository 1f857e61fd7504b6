// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The ranks of a test program that mpirun may have started (wagesim_add_rank_test); by itself it is one rank.
#pragma once

#include "ref/communicator/communicator.hpp"

namespace wagesim::test {

/// Of this process, from the first test to the last.
[[nodiscard]] Communicator& ranks();

}  // namespace wagesim::test
