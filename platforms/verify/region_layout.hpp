// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Where the elements of a region of chip memory stand in the contract's tensor: index arithmetic, no element is read.
#pragma once

#include <cstddef>

#include "platforms/verify/contract_tensors.hpp"
#include "platforms/verify/coverage.hpp"
#include "tlm/common/tensor_tap.hpp"

namespace wagesim::verify {

/// A region is a run of samples, each [positions][channels] in the chip and [channels][positions] in the contract. A
/// group of channels is one run of contract positions in each sample. Weights, gradients and scalars are one "sample"
/// of one channel.
struct RegionLayout {
    std::size_t first = 0;  ///< contract position of the region's first element
    std::size_t samples = 1;
    std::size_t stride = 0;  ///< contract positions from sample to sample
    std::size_t channels = 1;
    std::size_t positions = 1;

    [[nodiscard]] std::size_t sample_size() const noexcept { return channels * positions; }
    [[nodiscard]] std::size_t size() const noexcept { return samples * sample_size(); }
    /// The contract's order and the chip's are one.
    [[nodiscard]] bool same_order() const noexcept { return channels == 1 || positions == 1; }
    /// Contract position of the first element of a sample of the region.
    [[nodiscard]] std::size_t sample_first(std::size_t sample) const noexcept { return first + sample * stride; }
    /// One past the last contract position.
    [[nodiscard]] std::size_t end() const noexcept { return sample_first(samples - 1) + sample_size(); }

    [[nodiscard]] bool holds(std::size_t flat) const noexcept
    {
        return flat >= first && flat < end() && (flat - first) % stride < sample_size();
    }
    /// Element of the region that holds contract position `flat`, which it does hold.
    [[nodiscard]] std::size_t offset_of(std::size_t flat) const noexcept
    {
        const std::size_t in_sample = (flat - first) % stride;
        return (flat - first) / stride * sample_size() + in_sample % positions * channels + in_sample / positions;
    }
    /// Marks all elements. Returns false where one of them was seen before.
    [[nodiscard]] bool mark(Coverage& seen) const;
};

/// Throws std::logic_error where the region cannot be part of that tensor.
[[nodiscard]] RegionLayout layout_of(const chip::TensorRegion& region, const ContractTensor& tensor);

}  // namespace wagesim::verify
