// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One training step read off docs/numerics.md line by line: loops in the contract's own layout, 64-bit integers, no
// kernels, no layers, no quantizers of the reference. Slow on purpose; the trainer's tests compare with it.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "ref/tensor/tensor_name.hpp"
#include "ref/trainer/trainer.hpp"

namespace wagesim::test {

using LiteralTensors = std::map<std::pair<std::size_t, TensorName>, std::vector<std::int64_t>>;

class LiteralTrainer {
public:
    LiteralTrainer(const Network& network, const ref::TrainerOptions& options);

    /// Every tensor of the step, by layer and name; step-wide ones under layer 0.
    LiteralTensors step(const BatchView& batch, std::uint64_t step, int eta);

private:
    std::vector<std::int64_t> forward(std::size_t layer, const std::vector<std::int64_t>& input, std::size_t samples,
                                      LiteralTensors& out) const;
    std::vector<std::int64_t> backward(std::size_t layer, std::vector<std::int64_t> error, std::size_t samples,
                                       LiteralTensors& out) const;
    void update(std::size_t layer, std::uint64_t step, int eta, LiteralTensors& out);

    ref::TrainerOptions options_;
    std::vector<LayerGeometry> layers_;
    std::vector<std::vector<std::int64_t>> stored_;
};

}  // namespace wagesim::test
