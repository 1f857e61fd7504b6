// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The networks of the paper that benchmarks run, and images for them. Random pixels: no kernel's time depends on data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/network/network.hpp"
#include "ref/tensor/batch_view.hpp"

namespace wagesim::bench {

/// 32C5-MP2-64C5-MP2-512FC-10 on 28 x 28; `width` multiplies the outputs of hidden layers.
[[nodiscard]] Network lenet(int width = 1);
/// 2x(128C3)-MP2-2x(256C3)-MP2-2x(512C3)-MP2-1024FC-10 on 3 x 32 x 32; `width` as above.
[[nodiscard]] Network vgg8(int width = 1);

/// `samples` images of noise with labels 0..9.
class Images {
public:
    Images(const Network& network, std::size_t samples);
    [[nodiscard]] BatchView view() const { return {labels_.size(), bytes_.data(), labels_.data()}; }

private:
    std::vector<std::uint8_t> bytes_;
    std::vector<std::uint16_t> labels_;
};

}  // namespace wagesim::bench
