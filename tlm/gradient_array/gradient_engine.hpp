// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the gradient array computes, without time: exact sums of error x activation over samples and positions, and
// their delivery in the contract's order. Integers, so neither the host's threads nor the cut into commands matter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/kernels/integer_product.hpp"
#include "ref/network/layer_geometry.hpp"
#include "tlm/gradient_array/gradient_command.hpp"

namespace wagesim::chip {

/// What the array has to know of a layer.
struct GradientLayer {
    LayerGeometry geometry;
    int input_bits = 0;              ///< kA
    bool input_nonnegative = false;  ///< proven
    int operand_bits = 0;            ///< kE + growth
    std::int64_t operand_bound = 0;  ///< LayerBounds::error_mac
};

class GradientEngine {
public:
    explicit GradientEngine(std::vector<GradientLayer> layers);

    [[nodiscard]] const GradientLayer& layer(std::uint32_t index) const { return layers_.at(index); }

    /// Where the last command's results go; nullptr before that.
    struct Results {
        std::byte* gradients = nullptr;
        std::byte* maximum = nullptr;  ///< max |g|, of the gradients' type
    };
    /// Adds the command's samples to the sums; delivers them with the last.
    void accumulate(const GradientCommand& command, const std::int8_t* inputs, const std::byte* operands,
                    const Results& results);

private:
    struct Job;
    /// Of one host thread; grows to its largest use and stays.
    struct Scratch {
        std::vector<std::int8_t> windows, padded;
        std::vector<std::byte> sums;
    };

    void accumulate_dense(const Job& job, const std::int8_t* inputs);
    void accumulate_windows(const Job& job, const std::int8_t* inputs);
    void sum(const Job& job, const std::int8_t* inputs);
    template <class Sum>
    void deliver(const Job& job, Sum* gradients) const;

    std::vector<GradientLayer> layers_;
    std::vector<std::byte> sums_;  ///< [output][row], rows in the order of the windows (dense: of the contract)
    std::vector<std::int8_t> reordered_;
    std::vector<Scratch> scratch_;
};

}  // namespace wagesim::chip
