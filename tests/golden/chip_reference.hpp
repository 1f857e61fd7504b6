// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A golden file in the place of the reference: its tensors, delivered step by step. No engine of ours is involved.
#pragma once

#include "platforms/verify/contract_tensors.hpp"
#include "platforms/verify/reference_tensors.hpp"
#include "tests/support/golden.hpp"

namespace wagesim::test {

/// Puts all of the file's tensors of one step into `reference`, which refuses what the contract has not.
void deliver_golden_step(const GoldenTraining& golden, std::uint64_t step, verify::ReferenceTensors& reference);

}  // namespace wagesim::test
