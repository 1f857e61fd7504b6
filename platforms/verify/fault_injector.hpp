// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Flips one bit of modelled storage at the moment the chip shows it, and then lets the next tap look. It decides
// nothing about what follows: whether the fault is found is the comparator's matter.
#pragma once

#include <cstdint>

#include "platforms/verify/contract_tensors.hpp"
#include "platforms/verify/fault.hpp"
#include "tlm/common/tensor_tap.hpp"

namespace wagesim::verify {

class FaultInjector : public chip::TensorTap {
public:
    /// Keeps references to `contract` and, where there is one, `next`. The fault has passed check_fault.
    FaultInjector(const ContractTensors& contract, const Fault& fault, chip::TensorTap* next = nullptr);

    void begin_step(std::uint64_t step) noexcept { step_ = step; }
    /// The bit was flipped.
    [[nodiscard]] bool reached() const noexcept { return reached_; }

    [[nodiscard]] bool wants(std::uint32_t layer, TensorName name) const override;
    /// Throws std::logic_error where the region's element has no such bit.
    void on_region(const chip::TensorRegion& region) override;

private:
    [[nodiscard]] bool is_due(std::uint32_t layer, TensorName name) const noexcept
    {
        return !reached_ && step_ == fault_.step && layer == fault_.layer && name == fault_.name;
    }
    void inject(const chip::TensorRegion& region);

    const ContractTensors& contract_;
    Fault fault_;
    chip::TensorTap* next_;
    std::uint64_t step_ = 0;
    bool reached_ = false;
};

}  // namespace wagesim::verify
