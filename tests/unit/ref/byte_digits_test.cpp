// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Digits of base 256: the definition, for every 16-bit value that has so many and the ends of longer ones.
#include "ref/kernels/byte_digits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

namespace wagesim::ref {
namespace {

/// The values that the digits stand for.
std::vector<std::int64_t> values_of(const std::vector<const std::int8_t*>& digits, std::size_t n)
{
    std::vector<std::int64_t> out(n);
    for (const std::int8_t* digit : digits) {
        for (std::size_t i = 0; i < n; ++i) out[i] = out[i] * 256 + digit[i];
    }
    return out;
}

template <class T>
void expect_same_values(const std::vector<std::int64_t>& values, std::int64_t bound, std::size_t digits)
{
    Buffer buffer(element_type_of<T>(), values.size());
    std::transform(values.begin(), values.end(), buffer.as<T>(), [](std::int64_t v) { return static_cast<T>(v); });
    ByteDigits split(bound);
    EXPECT_EQ(split.count(), digits);
    const auto& found = split.of(buffer, values.size());
    ASSERT_EQ(found.size(), digits);
    EXPECT_EQ(values_of(found, values.size()), values);
}

std::vector<std::int64_t> all_up_to(std::int64_t bound)
{
    std::vector<std::int64_t> values(static_cast<std::size_t>(2 * bound + 1));
    std::iota(values.begin(), values.end(), -bound);
    return values;
}

TEST(ByteDigits, StandForEveryValue)
{
    expect_same_values<std::int8_t>(all_up_to(127), 127, 1);
    expect_same_values<std::int16_t>(all_up_to(255), 255, 2);
    expect_same_values<std::int16_t>(all_up_to(32639), 32639, 2);  // 127 * 256 + 127
    expect_same_values<std::int16_t>(all_up_to(32767), 32767, 3);
    expect_same_values<std::int32_t>(all_up_to(32639), 32639, 2);
    expect_same_values<std::int32_t>({-8355711, 8355711, 0, 1, -1, 128, -128, 32640}, 8355711, 3);
    expect_same_values<std::int32_t>({-INT32_MAX, INT32_MAX, 8355712, -8355712, 0}, INT32_MAX, 5);
}

TEST(ByteDigits, OfBytesAreThoseBytes)
{
    const Buffer bytes(ElementType::int8, 5);
    ByteDigits split(127);
    EXPECT_EQ(split.of(bytes, 5).front(), bytes.as<std::int8_t>());
}

}  // namespace
}  // namespace wagesim::ref
