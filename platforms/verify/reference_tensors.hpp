// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One step's tensors as the reference delivered them, copied, by layer and name. It compares nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "platforms/verify/contract_tensors.hpp"
#include "ref/tensor/tensor_view.hpp"

namespace wagesim::verify {

class ReferenceTensors : public TensorSink {
public:
    /// Keeps a reference to `contract`.
    explicit ReferenceTensors(const ContractTensors& contract);

    /// Forgets the last step's tensors and keeps their memory.
    void begin_step(std::uint64_t step);
    [[nodiscard]] std::uint64_t step() const noexcept { return step_; }

    [[nodiscard]] bool wants(const TensorId& id) const override;
    /// Throws std::logic_error for a tensor of another step, outside the contract, of another shape, or delivered
    /// twice.
    void on_tensor(const TensorId& id, const TensorView& tensor) override;

    /// Throws std::logic_error naming a tensor of the contract that was not delivered.
    void check_complete() const;
    /// The tensor at that position of the contract's list; nothing where it was not delivered.
    [[nodiscard]] std::optional<TensorView> find(std::size_t position) const;

private:
    struct Entry {
        bool delivered = false;
        ElementType type = ElementType::int8;
        std::vector<std::byte> bytes;
    };

    const ContractTensors& contract_;
    std::uint64_t step_ = 0;
    std::vector<Entry> entries_;
};

}  // namespace wagesim::verify
