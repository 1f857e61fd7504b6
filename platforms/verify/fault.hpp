// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A single-bit fault in one stored element, as `--inject STEP:LAYER:TENSOR:INDEX:BIT` names it. Description only: the
// injector is fault_injector.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "platforms/verify/contract_tensors.hpp"
#include "ref/tensor/tensor_name.hpp"

namespace wagesim::verify {

struct Fault {
    std::uint64_t step = 0;
    std::uint32_t layer = 0;
    TensorName name = TensorName::weight_stored;
    std::uint64_t index = 0;  ///< flat, row-major in the contract's layout
    int bit = 0;              ///< below the stored width of the element (docs/verification.md)

    friend bool operator==(const Fault& x, const Fault& y) noexcept
    {
        return x.step == y.step && x.layer == y.layer && x.name == y.name && x.index == y.index && x.bit == y.bit;
    }
};

/// "STEP:LAYER:TENSOR:INDEX:BIT", decimal without signs or spaces. Throws std::invalid_argument, one line.
[[nodiscard]] Fault parse_fault(std::string_view text);
/// parse_fault(text_of(fault)) == fault.
[[nodiscard]] std::string text_of(const Fault& fault);

/// Throws std::invalid_argument, one line, where a run of steps first_step .. last_step - 1 never stores such an
/// element.
void check_fault(const Fault& fault, const ContractTensors& contract, std::uint64_t first_step,
                 std::uint64_t last_step);

}  // namespace wagesim::verify
