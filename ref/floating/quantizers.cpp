// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Loops for vectors. See the header.
#include "ref/floating/quantizers.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "ref/kernels/multiversion.hpp"
#include "ref/numerics/integer.hpp"

namespace wagesim::floating {
namespace {

// Adding and taking away 1.5 * 2^23 rounds a float32 of magnitude up to 2^22 to the nearest integer, ties to even.
constexpr float kRounder = 12582912.0F;

constexpr std::uint32_t kMagnitudeBits = 0x7FFFFFFFU;
constexpr std::uint32_t kInfinityBits = 0x7F800000U;

float limited(float x, float limit)
{
    // The order of the comparisons lets a NaN through.
    const float below = x > limit ? limit : x;
    return below < -limit ? -limit : below;
}

float rounded(float x)
{
    return (x + kRounder) - kRounder;
}

std::uint32_t magnitude_bits(float x)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &x, sizeof(bits));
    return bits & kMagnitudeBits;
}

WAGESIM_MULTIVERSION void quantize_run(float scale, float limit, float step, const float* from, std::size_t n,
                                       float* to)
{
    // Clipping before rounding is the same as after: the limits are integers.
    for (std::size_t i = 0; i < n; ++i) to[i] = rounded(limited(from[i] * scale, limit)) * step;
}

WAGESIM_MULTIVERSION void activate_run(float scale, float limit, float step, const float* from, std::size_t n,
                                       float* outputs, std::uint8_t* flags)
{
    for (std::size_t i = 0; i < n; ++i) {
        const float x = from[i] * scale;
        const float positive = x > 0.0F ? x : 0.0F;
        outputs[i] = rounded(positive > limit ? limit : positive) * step;
        flags[i] = static_cast<std::uint8_t>((x > 0.0F ? kActive : 0) | (x > limit ? 0 : kUnclipped));
    }
}

WAGESIM_MULTIVERSION void rectify_run(float scale, const float* from, std::size_t n, float* outputs,
                                      std::uint8_t* flags)
{
    for (std::size_t i = 0; i < n; ++i) {
        const float x = from[i] * scale;
        outputs[i] = x > 0.0F ? x : 0.0F;
        flags[i] = static_cast<std::uint8_t>((x > 0.0F ? kActive : 0) | kUnclipped);
    }
}

WAGESIM_MULTIVERSION std::uint32_t largest_bits(const float* errors, std::size_t n)
{
    std::uint32_t largest = 0;
    for (std::size_t i = 0; i < n; ++i) largest = std::max(largest, magnitude_bits(errors[i]));
    return largest;
}

WAGESIM_MULTIVERSION std::uint32_t largest_bits_where(const float* errors, const std::uint8_t* flags,
                                                      std::uint8_t required, std::size_t n)
{
    std::uint32_t largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const std::uint32_t counted = (flags[i] & required) == required ? magnitude_bits(errors[i]) : 0;
        largest = std::max(largest, counted);
    }
    return largest;
}

WAGESIM_MULTIVERSION void quantize_errors_run(const ErrorRule& given, std::size_t n, float* errors)
{
    const ErrorRule rule = given;
    for (std::size_t i = 0; i < n; ++i) {
        errors[i] = rounded(limited(errors[i] * rule.first_factor * rule.second_factor, rule.limit)) * rule.step;
    }
}

WAGESIM_MULTIVERSION void quantize_errors_where(const ErrorRule& given, const std::uint8_t* flags,
                                                std::uint8_t required, std::size_t n, float* errors)
{
    const ErrorRule rule = given;
    for (std::size_t i = 0; i < n; ++i) {
        const float code = rounded(limited(errors[i] * rule.first_factor * rule.second_factor, rule.limit)) * rule.step;
        errors[i] = (flags[i] & required) == required ? code : 0.0F;
    }
}

WAGESIM_MULTIVERSION void mask_run(float scale, const std::uint8_t* flags, std::uint8_t required, std::size_t n,
                                   float* errors)
{
    for (std::size_t i = 0; i < n; ++i) errors[i] = (flags[i] & required) == required ? errors[i] * scale : 0.0F;
}

}  // namespace

float grid_step(int bits) noexcept
{
    return std::ldexp(1.0F, 1 - bits);
}

float grid_limit(int bits) noexcept
{
    return 1.0F - grid_step(bits);
}

void quantize(int bits, const float* from, std::size_t n, float* to)
{
    quantize_run(std::ldexp(1.0F, bits - 1), static_cast<float>(numerics::max_code(bits)), grid_step(bits), from, n,
                 to);
}

void activate(int bits, float scale, const float* from, std::size_t n, float* outputs, std::uint8_t* flags)
{
    if (bits == 0) {
        rectify_run(scale, from, n, outputs, flags);
    } else {
        activate_run(scale * std::ldexp(1.0F, bits - 1), static_cast<float>(numerics::max_code(bits)), grid_step(bits),
                     from, n, outputs, flags);
    }
}

float largest_magnitude(const float* errors, const std::uint8_t* flags, std::uint8_t required, std::size_t n)
{
    // Magnitudes are in the order of their bits, infinity and then NaN at the end.
    const std::uint32_t bits =
        flags == nullptr ? largest_bits(errors, n) : largest_bits_where(errors, flags, required, n);
    if (bits > kInfinityBits) return std::numeric_limits<float>::quiet_NaN();
    float out = 0.0F;
    std::memcpy(&out, &bits, sizeof(out));
    return out;
}

int exponent(float m) noexcept
{
    int exponent = 0;
    const double fraction = std::frexp(static_cast<double>(m), &exponent);  // in [1/2, 1)
    return fraction * fraction > 0.5 ? exponent : exponent - 1;             // the square is exact
}

ErrorRule error_rule(float largest, int gamma_log2, int bits, float scale) noexcept
{
    ErrorRule rule;
    rule.limit = static_cast<float>(numerics::max_code(bits));
    rule.step = grid_step(bits) * scale;
    if (!std::isfinite(largest)) {
        rule.first_factor = rule.second_factor = std::numeric_limits<float>::quiet_NaN();
    } else if (largest > 0.0F) {
        const int power = bits - 1 + gamma_log2 - exponent(largest);
        rule.first_factor = std::ldexp(1.0F, power / 2);
        rule.second_factor = std::ldexp(1.0F, power - power / 2);
    }
    return rule;
}

void quantize_errors(const ErrorRule& rule, const std::uint8_t* flags, std::uint8_t required, std::size_t n,
                     float* errors)
{
    if (required == 0) {
        quantize_errors_run(rule, n, errors);
    } else {
        quantize_errors_where(rule, flags, required, n, errors);
    }
}

void mask_errors(float scale, const std::uint8_t* flags, std::uint8_t required, std::size_t n, float* errors)
{
    mask_run(scale, flags, required, n, errors);
}

}  // namespace wagesim::floating
