// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Parameters of the quantize/update unit (chip file keys `quantizer` and `lanes`). SystemC-free.
#pragma once

namespace wagesim::chip {

/// Which implementation of QuantizeUpdateUnit the platform injects.
enum class Quantizer { tlm, rtl, lockstep };

struct QuantizeUpdateConfig {
    Quantizer quantizer = Quantizer::tlm;
    int lanes = 16;  ///< 4, 8, 16, 32, 64
};

}  // namespace wagesim::chip
