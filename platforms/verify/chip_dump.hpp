// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The chip's tensors for a TensorSink: puts the regions that the chip shows together to whole tensors in the contract's
// layout, and delivers each when its last element came. It writes no file and compares nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "platforms/verify/contract_tensors.hpp"
#include "platforms/verify/coverage.hpp"
#include "platforms/verify/region_layout.hpp"
#include "ref/tensor/tensor_view.hpp"
#include "tlm/common/tensor_tap.hpp"

namespace wagesim::verify {

class ChipDump : public chip::TensorTap {
public:
    /// Keeps references to both.
    ChipDump(const ContractTensors& contract, TensorSink& sink);

    void begin_step(std::uint64_t step);
    /// Throws std::logic_error naming a tensor that the sink wants and the chip did not show completely.
    void end_step() const;

    [[nodiscard]] bool wants(std::uint32_t layer, TensorName name) const override;
    /// Throws std::logic_error for a region that does not fit the contract or was shown before.
    void on_region(const chip::TensorRegion& region) override;

private:
    struct Entry {
        Coverage seen;
        bool delivered = false;
        ElementType type = ElementType::int8;
        std::vector<std::byte> bytes;
    };

    void deliver(const ContractTensor& tensor, Entry& entry);

    const ContractTensors& contract_;
    TensorSink& sink_;
    std::uint64_t step_ = 0;
    std::vector<Entry> entries_;
};

}  // namespace wagesim::verify
