// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the parts of a batch yielded, added element by element in the parts' order.
#pragma once

#include <cstddef>
#include <vector>

#include "ref/floating/float_array.hpp"

namespace wagesim::floating {

/// sum[i] = parts[0][i] + parts[1][i] + ... of the first `count` parts, from left to right. count >= 1; arrays of one
/// size.
void sum_of_parts(const std::vector<FloatArray>& parts, std::size_t count, float* sum);

}  // namespace wagesim::floating
