// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A step that no engine computed: random tensors of a small network, delivered as the reference would deliver them and
// shown as the chip would show them. It proves what the comparison sees, not what a chip does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include "platforms/verify/contract_tensors.hpp"
#include "ref/network/network.hpp"
#include "ref/tensor/tensor_view.hpp"
#include "tlm/common/tensor_tap.hpp"

namespace wagesim::test {

/// conv 5 of 3x3 on 2x6x7 with pooling, conv 3, dense 9, dense 4.
[[nodiscard]] Network synthetic_network();

struct SyntheticStepOptions {
    std::size_t chunk_samples = 4;    ///< of the regions of activations and errors
    std::size_t chunk_elements = 11;  ///< of the regions of weights and gradients
    std::size_t channel_group = 0;    ///< channels of a region of activations; 0: all
    std::function<void(std::vector<chip::TensorRegion>&)> rearrange = {};  ///< drop, repeat, reorder regions
};

class SyntheticStep {
public:
    SyntheticStep(const verify::ContractTensors& contract, std::uint64_t step, std::uint32_t seed,
                  SyntheticStepOptions options = {});

    void deliver(TensorSink& sink) const;
    void show(chip::TensorTap& tap);

    /// Element of the contract's tensor, as the reference has it; masks are 0 or 1.
    [[nodiscard]] std::int64_t expected(std::size_t position, std::size_t index) const;
    /// The loss that both sides have.
    [[nodiscard]] double loss() const { return loss_; }

private:
    struct Held {
        ElementType type = ElementType::int8;
        std::uint8_t flag_mask = 0;
        std::vector<std::int64_t> values;  ///< contract order
        std::vector<std::byte> delivered;  ///< as the reference stores it
        std::vector<std::byte> stored;     ///< regions one after another, as the chip stores them
        std::vector<chip::TensorRegion> regions;
    };

    void draw(const verify::ContractTensor& tensor, Held& held, std::mt19937& random);
    void cut(const verify::ContractTensor& tensor, Held& held);
    void cut_samples(const verify::ContractTensor& tensor, Held& held);

    const verify::ContractTensors& contract_;
    std::uint64_t step_;
    SyntheticStepOptions options_;
    double loss_ = 0.0;
    std::vector<Held> held_;
};

}  // namespace wagesim::test
