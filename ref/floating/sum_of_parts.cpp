// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/floating/sum_of_parts.hpp"

#include <algorithm>

#include "ref/floating/parts.hpp"
#include "ref/kernels/multiversion.hpp"

namespace wagesim::floating {
namespace {

constexpr std::size_t kCachedRun = 4096;  // stays in a first-level cache while all parts are added

WAGESIM_MULTIVERSION void add(const float* from, std::size_t n, float* to)
{
    for (std::size_t i = 0; i < n; ++i) to[i] += from[i];
}

}  // namespace

void sum_of_parts(const std::vector<FloatArray>& parts, std::size_t count, float* sum)
{
    for_each_part(parts.front().size(), kCachedRun, [&](std::size_t, std::size_t first, std::size_t n) {
        std::copy_n(parts.front().data() + first, n, sum + first);
        for (std::size_t part = 1; part < count; ++part) add(parts[part].data() + first, n, sum + first);
    });
}

}  // namespace wagesim::floating
