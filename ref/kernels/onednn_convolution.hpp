// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// An int8 convolution by oneDNN's primitives, and when that is exact. Forward only: the way back is the
// convolution of the errors with the turned and transposed weights.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "ref/kernels/convolution_shape.hpp"

namespace wagesim::ref {

class OnednnConvolution {
public:
    /// Exact where bytes are multiplied into 32 bits directly, and every sum passes through binary32 unchanged (the
    /// primitives scale their sums there): |sum| <= 2^24.
    [[nodiscard]] static bool is_exact(std::int64_t bound_of_sums);

    /// `nonnegative`: no input element is below 0.
    OnednnConvolution(const ConvolutionShape& shape, bool nonnegative);
    ~OnednnConvolution();
    OnednnConvolution(const OnednnConvolution&) = delete;
    OnednnConvolution& operator=(const OnednnConvolution&) = delete;

    /// o, kh, kw, i; copied.
    void set_weights(const std::int8_t* weights);
    /// input n, in_h, in_w, in_c; sums n, out_h, out_w, o.
    void run(const std::int8_t* input, std::size_t samples, std::int32_t* sums);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace wagesim::ref
