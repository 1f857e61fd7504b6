// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How the outside sees the chip's tensors: each region of modelled memory (or register) that holds part of a named
// tensor is shown once, complete, before its consumer reads it. Verification compares there, dumps copy there, fault
// injection flips bits there. The chip never depends on a tap being present.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/tensor/element_type.hpp"
#include "ref/tensor/tensor_name.hpp"

namespace wagesim::chip {

/// How a region's elements lie in the chip's memory.
enum class RegionOrder : std::uint8_t {
    nhwc,       ///< activations and errors: [sample][row][column][channel]
    row_major,  ///< weights and gradients: O, I, kh, kw (dense: O, I), as docs/numerics.md section 2 indexes them
    sample,     ///< one element a sample (prediction)
    scalar,     ///< one element (registers: sA, maxima, exponents); loss: two 64-bit halves of the exact sum, low first
};

struct TensorRegion {
    std::uint32_t layer = 0;
    TensorName name = TensorName::input;
    RegionOrder order = RegionOrder::nhwc;
    ElementType type = ElementType::int8;
    void* data = nullptr;          ///< the modelled storage itself: a tap may change it
    std::uint8_t flag_mask = 0;    ///< not 0: the tensor is (element & flag_mask) != 0 of a flags byte
    std::size_t first_sample = 0;  ///< nhwc and sample: which samples of the batch
    std::size_t samples = 0;
    std::size_t channels = 1, height = 1, width = 1;  ///< nhwc: of one sample, as they lie here
    /// nhwc: which channels of the tensor these are. A time-multiplexed layer's accumulators come in column groups.
    std::size_t first_channel = 0;
    std::size_t tensor_channels = 0;  ///< nhwc: channels of the whole tensor; 0 where `channels` are all of them
    std::size_t first = 0;            ///< row_major: flat index of the first element
    std::size_t count = 1;            ///< row_major: number of elements
};

class TensorTap {
public:
    virtual ~TensorTap() = default;
    [[nodiscard]] virtual bool wants(std::uint32_t layer, TensorName name) const = 0;
    virtual void on_region(const TensorRegion& region) = 0;
};

}  // namespace wagesim::chip
