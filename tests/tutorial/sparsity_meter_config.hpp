// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the sparsity meter. SystemC-free.
#pragma once

namespace wagesim::chip {

struct SparsityMeterConfig {
    int lanes = 16;  ///< codes looked at in a cycle
};

}  // namespace wagesim::chip
