// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Named float32 tensors: what a float companion keeps between steps. Storage only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ref/tensor/shape.hpp"

namespace wagesim {

/// Row-major, in the layout of docs/numerics.md section 2.
struct FloatTensor {
    Shape shape;
    std::vector<float> values;
};

/// By the names that they have in files: "layer0/weight_stored".
using FloatTensors = std::map<std::string, FloatTensor>;
using FloatExtents = std::map<std::string, Shape>;

}  // namespace wagesim
