// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A network as the user describes it. Plain data: what follows from it is in layer_geometry.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ref/numerics/weight.hpp"

namespace wagesim {

/// Max pooling over the layer's accumulators; no padding, windows that do not fit are left out.
struct Pooling {
    int size = 2;
    int stride = 2;
    friend bool operator==(const Pooling& x, const Pooling& y) { return x.size == y.size && x.stride == y.stride; }
};

/// One weight layer.
struct Layer {
    enum class Kind { conv, dense };
    Kind kind = Kind::dense;
    int units = 0;                   ///< filters of a convolution, outputs of a dense layer
    int kernel = 1;                  ///< convolution only; odd
    int stride = 1;                  ///< convolution only
    std::optional<int> padding;      ///< convolution only; nothing means `same`, which needs stride 1
    std::optional<Pooling> pool;     ///< convolution only
    std::optional<int> attenuation;  ///< sA, overriding Eq. 7; 0..24
};

struct InputShape {
    int channels = 1;
    int height = 1;
    int width = 1;
};

struct Network {
    std::string name;
    InputShape input;
    numerics::Initialisation init;
    std::vector<Layer> layers;  ///< the last one is dense
};

}  // namespace wagesim
