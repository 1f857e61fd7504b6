// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "tests/bench/ref/networks.hpp"

#include <random>

namespace wagesim::bench {
namespace {

Layer conv(int filters, int kernel, bool pool)
{
    Layer layer;
    layer.kind = Layer::Kind::conv;
    layer.units = filters;
    layer.kernel = kernel;
    if (pool) layer.pool = Pooling{};
    return layer;
}

Layer dense(int units)
{
    Layer layer;
    layer.units = units;
    return layer;
}

}  // namespace

Network lenet(int width)
{
    return {"lenet",
            {1, 28, 28},
            {},
            {conv(32 * width, 5, true), conv(64 * width, 5, true), dense(512 * width), dense(10)}};
}

Network vgg8(int width)
{
    return {"vgg8",
            {3, 32, 32},
            {},
            {conv(128 * width, 3, false), conv(128 * width, 3, true), conv(256 * width, 3, false),
             conv(256 * width, 3, true), conv(512 * width, 3, false), conv(512 * width, 3, true), dense(1024 * width),
             dense(10)}};
}

Images::Images(const Network& network, std::size_t samples)
{
    const InputShape& in = network.input;
    bytes_.resize(samples * static_cast<std::size_t>(in.channels * in.height * in.width));
    std::mt19937 engine(1);
    for (std::uint8_t& byte : bytes_) byte = static_cast<std::uint8_t>(engine());
    for (std::size_t n = 0; n < samples; ++n) labels_.push_back(static_cast<std::uint16_t>(n % 10));
}

}  // namespace wagesim::bench
