// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The convolution kernels and pooling against their naive twins: random shapes, strides, paddings, overlaps, operand
// widths, and adversarial values. ctest runs this file once for each instruction set that
// kernels can be held to.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <new>
#include <vector>

#include "ref/kernels/convolution.hpp"
#include "ref/kernels/naive.hpp"
#include "ref/kernels/pooling.hpp"
#include "tests/unit/ref/random_tensor.hpp"

namespace wagesim::ref {
namespace {

using test::between;
using test::Fill;
using test::filled;

ConvolutionShape random_shape(std::mt19937_64& engine)
{
    ConvolutionShape s;
    s.kernel_h = s.kernel_w = 2 * between(0, 2, engine) + 1;
    s.stride = between(1, 4, engine) < 3 ? 1 : between(2, 3, engine);
    s.pad = between(0, 1, engine) == 0 ? (s.kernel_h - 1) / 2 : between(0, s.kernel_h + 1, engine);
    s.in_h = between(s.kernel_h, 8, engine);
    s.in_w = between(s.kernel_h, 10, engine);
    s.in_c = between(1, 3, engine) == 1 ? between(1, 40, engine) : between(1, 9, engine);
    s.out_c = between(1, 3, engine) == 1 ? between(1, 70, engine) : between(1, 20, engine);
    s.out_h = (s.in_h + 2 * s.pad - s.kernel_h) / s.stride + 1;
    s.out_w = (s.in_w + 2 * s.pad - s.kernel_w) / s.stride + 1;
    return s;
}

/// The elements of a Buffer, widened.
std::vector<std::int64_t> widened(const Buffer& buffer, std::size_t n)
{
    std::vector<std::int64_t> out(n);
    visit_element_type(buffer.type(), [&](auto zero) {
        const auto* data = buffer.as<decltype(zero)>();
        for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::int64_t>(+data[i]);
    });
    return out;
}

Buffer buffer_of(ElementType type, const std::vector<std::int32_t>& values)
{
    Buffer out(type, values.size());
    visit_element_type(type, [&](auto zero) {
        using T = decltype(zero);
        std::transform(values.begin(), values.end(), out.as<T>(), [](std::int32_t v) { return static_cast<T>(v); });
    });
    return out;
}

/// Puts strips together again, and refuses rows that come twice, in part or where nobody asked for them.
class StripRecorder final : public SumConsumer {
public:
    StripRecorder(std::size_t samples, std::size_t rows, std::size_t row, std::size_t together)
        : rows_(rows), row_(row), together_(together), sums_(samples * rows * row), seen_(samples * rows)
    {
    }

    [[nodiscard]] std::size_t rows_together() const override { return together_; }

    void take(const SumStrip& strip) override
    {
        const bool whole = strip.first_row == 0 && strip.rows == rows_;
        const bool aligned = together_ != 0 && strip.first_row % together_ == 0 &&
                             (strip.rows % together_ == 0 || strip.first_row + strip.rows == rows_);
        EXPECT_TRUE(whole || aligned) << "rows " << strip.first_row << " + " << strip.rows;
        ASSERT_LE(strip.first_row + strip.rows, rows_);
        ++taken_;
        for (std::size_t y = 0; y < strip.rows; ++y) ++seen_[strip.sample * rows_ + strip.first_row + y];
        std::int64_t* to = sums_.data() + (strip.sample * rows_ + strip.first_row) * row_;
        visit_accumulator(strip.type,
                          [&](auto zero) { std::copy_n(strip.as<decltype(zero)>(), strip.rows * row_, to); });
    }

    [[nodiscard]] std::size_t taken() const { return taken_; }

    /// n, h, w, c; empty where a row did not come exactly once.
    [[nodiscard]] std::vector<std::int64_t> sums() const
    {
        const bool complete = std::all_of(seen_.begin(), seen_.end(), [](int times) { return times == 1; });
        return complete ? sums_ : std::vector<std::int64_t>{};
    }

private:
    std::size_t rows_;
    std::size_t row_;
    std::size_t together_;
    std::vector<std::int64_t> sums_;
    std::vector<int> seen_;
    std::atomic<std::size_t> taken_{0};
};

struct Case {
    std::int64_t weight;
    std::int64_t input_low;
    std::int64_t error;
    bool wide_sums;
};

/// All three products of one layer, on operands that reach the bounds, into accumulators of either width.
void expect_equal_to_naive(const ConvolutionShape& s, const Case& c, Fill fill, std::mt19937_64& engine,
                           std::size_t samples)
{
    ConvolutionBounds bounds;
    bounds.input_nonnegative = c.input_low >= 0;
    bounds.weight = c.weight;
    bounds.error = c.error;
    const std::int64_t beyond = std::int64_t{1} << 40;
    const auto size = [](std::size_t n) { return static_cast<std::int64_t>(n); };
    bounds.sum = c.wide_sums ? beyond : size(s.fan_in()) * 127 * c.weight;
    bounds.error_sum = c.wide_sums ? beyond : size(s.kernel_h * s.kernel_w * s.out_c) * c.error * c.weight;
    bounds.gradient = c.wide_sums ? beyond : size(samples * s.positions()) * c.error * 127;
    const auto type = [](std::int64_t bound) { return bound <= INT32_MAX ? ElementType::int32 : ElementType::int64; };

    const auto input = filled<std::int8_t>(samples * s.inputs(), c.input_low, 127, fill, engine);
    const auto weights = filled<std::int8_t>(s.weights(), -c.weight, c.weight, fill, engine);
    const auto error = filled<std::int32_t>(samples * s.outputs(), -c.error, c.error, fill, engine);
    const Buffer errors = buffer_of(signed_type_for(c.error), error);
    Convolution convolution(s, bounds);
    convolution.set_weights(weights.data());

    std::vector<std::int64_t> expected(samples * s.outputs());
    naive::convolution_forward(s, samples, input.data(), weights.data(), expected.data());
    Buffer sums(type(bounds.sum), expected.size());
    convolution.forward(input.data(), samples, {&sums, nullptr});
    ASSERT_EQ(widened(sums, expected.size()), expected) << "forward";
    for (std::size_t together = 0; together < 4; ++together) {
        StripRecorder strips(samples, s.out_h, s.out_w * s.out_c, together);
        convolution.forward(input.data(), samples, {nullptr, &strips});
        ASSERT_EQ(strips.sums(), expected) << "forward in strips of " << together;
    }

    expected.assign(samples * s.inputs(), 0);
    naive::convolution_backward(s, samples, error.data(), weights.data(), expected.data());
    Buffer error_sums(type(bounds.error_sum), expected.size());
    convolution.backward(errors, samples, {&error_sums, nullptr});
    ASSERT_EQ(widened(error_sums, expected.size()), expected) << "backward";
    StripRecorder strips(samples, s.in_h, s.in_w * s.in_c, 1);
    convolution.backward(errors, samples, {&error_sums, &strips});
    ASSERT_EQ(widened(error_sums, expected.size()), expected) << "backward, kept and in strips";
    ASSERT_EQ(strips.sums(), expected) << "backward in strips";

    expected.assign(s.weights(), 0);
    naive::convolution_gradient(s, samples, input.data(), error.data(), expected.data());
    Buffer gradient(type(bounds.gradient), expected.size());
    for (int repetition = 0; repetition < 2; ++repetition) {  // a second run finds the first one's scratch
        convolution.weight_gradient(input.data(), errors, samples, gradient);
        ASSERT_EQ(widened(gradient, expected.size()), expected) << "gradient";
    }
}

TEST(Convolution, EqualsTheNaiveLoops)
{
    const std::vector<Case> cases = {
        {1, 0, 127, false},   {1, -127, 127, false}, {127, 0, 127, false},     {127, -127, 127, false},
        {7, -127, 15, false}, {1, 0, 32767, false},  {127, -127, 32767, true}, {1, 0, 508, false},
        {3, 0, 131068, true}, {1, -127, 127, true},
    };
    std::mt19937_64 engine(20240601);
    for (int repetition = 0; repetition < 3; ++repetition) {
        for (const Case& c : cases) {
            for (const Fill fill : test::kFills) {
                const ConvolutionShape s = random_shape(engine);
                SCOPED_TRACE(testing::Message()
                             << "in " << s.in_h << "x" << s.in_w << "x" << s.in_c << " out " << s.out_h << "x"
                             << s.out_w << "x" << s.out_c << " kernel " << s.kernel_h << " stride " << s.stride
                             << " pad " << s.pad << " weight " << c.weight << " input from " << c.input_low << " error "
                             << c.error << " wide " << c.wide_sums);
                expect_equal_to_naive(s, c, fill, engine, between(1, 5, engine));
                if (HasFatalFailure()) return;
            }
        }
    }
}

TEST(Convolution, SumsAbove24BitsAreExact)
{
    // 9 * 131 * 127 * 127 = 19,016,091 > 2^24, and odd: binary32 would round it.
    ConvolutionShape s;
    s.in_h = s.in_w = s.out_h = s.out_w = 4;
    s.kernel_h = s.kernel_w = 3;
    s.pad = 1;
    s.in_c = s.out_c = 131;
    std::mt19937_64 engine(20240602);
    expect_equal_to_naive(s, {127, 0, 127, false}, Fill::highest, engine, 2);
    expect_equal_to_naive(s, {127, 0, 127, false}, Fill::random, engine, 2);
    expect_equal_to_naive(s, {127, -127, 127, false}, Fill::lowest, engine, 2);
}

TEST(Convolution, ManySamplesAreSummedChunkByChunk)
{
    // 18 samples x 16 x 16 positions x 64 outputs are more than the kernels hold in cache at once.
    ConvolutionShape s;
    s.in_h = s.in_w = s.out_h = s.out_w = 16;
    s.kernel_h = s.kernel_w = 3;
    s.pad = 1;
    s.in_c = 1;
    s.out_c = 70;
    std::mt19937_64 engine(20240605);
    expect_equal_to_naive(s, {1, 0, 127, false}, Fill::random, engine, 18);
    expect_equal_to_naive(s, {1, -127, 127, false}, Fill::random, engine, 18);
    expect_equal_to_naive(s, {1, -127, 1000, false}, Fill::highest, engine, 18);
}

/// The weight gradient goes by outputs from 64 input channels on; sums of more than 16 samples grow part by part.
TEST(Convolution, ManyChannelsAreSummedPartByPart)
{
    struct Extents {
        std::size_t in_c, out_c, stride;
    };
    std::mt19937_64 engine(20240606);
    for (const Extents& extents : {Extents{64, 5, 1}, Extents{65, 3, 1}, Extents{64, 33, 2}, Extents{128, 1, 1}}) {
        ConvolutionShape s;
        s.in_h = s.in_w = 16;
        s.out_h = s.out_w = 16 / extents.stride;
        s.kernel_h = s.kernel_w = 3;
        s.stride = extents.stride;
        s.pad = 1;
        s.in_c = extents.in_c;
        s.out_c = extents.out_c;
        SCOPED_TRACE(testing::Message() << s.in_c << " to " << s.out_c << " channels, stride " << s.stride);
        expect_equal_to_naive(s, {7, s.out_c == 5 ? -127 : 0, 127, false}, Fill::random, engine, 19);
        if (HasFatalFailure()) return;
    }
}

/// Sums of one image are more than a strip holds, forward and backward, and its positions more than the weight gradient
/// takes at once, with few input channels and with many. Sums of either layer are told apart by where they lie.
TEST(Convolution, LargeImagesAreSummedStripByStrip)
{
    struct Extents {
        std::size_t in_c, out_c, kernel;
    };
    std::mt19937_64 engine(20240607);
    for (const Extents& extents : {Extents{24, 27, 3}, Extents{65, 25, 1}}) {
        ConvolutionShape s;
        s.in_h = s.out_h = 37;
        s.in_w = s.out_w = 40;
        s.kernel_h = s.kernel_w = extents.kernel;
        s.pad = (extents.kernel - 1) / 2;
        s.in_c = extents.in_c;
        s.out_c = extents.out_c;
        SCOPED_TRACE(testing::Message() << s.in_c << " to " << s.out_c << " channels");
        expect_equal_to_naive(s, {7, s.in_c == 24 ? -127 : 0, 127, false}, Fill::random, engine, 2);
        if (HasFatalFailure()) return;
        if (s.in_c == 24) expect_equal_to_naive(s, {7, 0, 1000, false}, Fill::random, engine, 1);
        if (HasFatalFailure()) return;
        StripRecorder strips(1, s.out_h, s.out_w * s.out_c, 2);
        ConvolutionBounds bounds;
        bounds.weight = 1;
        bounds.sum = static_cast<std::int64_t>(s.fan_in()) * 127;
        Convolution convolution(s, bounds);
        convolution.set_weights(std::vector<std::int8_t>(s.weights(), 1).data());
        convolution.forward(std::vector<std::int8_t>(s.inputs(), 1).data(), 1, {nullptr, &strips});
        EXPECT_GT(strips.taken(), 1U) << "no longer what this test is about";
    }
}

/// A digit's weight gradients over so many positions leave 32 bits, and another way is taken.
TEST(Convolution, GradientsOfWideErrorsOverManyPositionsAreExact)
{
    ConvolutionShape s;
    s.in_h = s.in_w = s.out_h = s.out_w = 40;
    std::mt19937_64 engine(20240608);
    for (const std::size_t samples : {82U, 83U}) {  // 127 * 128 * 1600 * 83 > 2^31
        expect_equal_to_naive(s, {1, 0, 1000, true}, Fill::highest, engine, samples);
        expect_equal_to_naive(s, {1, -127, 1000, true}, Fill::lowest, engine, samples);
    }
}

/// Fails on a strip of one sample, on whichever thread meets it.
class FailingConsumer final : public SumConsumer {
public:
    [[nodiscard]] std::size_t rows_together() const override { return 1; }
    void take(const SumStrip& strip) override
    {
        if (strip.sample == 2) throw std::bad_alloc();
    }
};

TEST(Convolution, WhatFailsOnAThreadFailsTheCall)
{
    const ConvolutionShape s = [] {
        ConvolutionShape shape;
        shape.in_h = shape.in_w = shape.out_h = shape.out_w = 4;
        shape.kernel_h = shape.kernel_w = 3;
        shape.pad = 1;
        shape.in_c = shape.out_c = 3;
        return shape;
    }();
    const std::size_t samples = 8;
    const std::vector<std::int8_t> input(samples * s.inputs(), 1);
    const std::vector<std::int8_t> weights(s.weights(), 1);
    for (const ElementType errors : {ElementType::int8, ElementType::int16}) {
        ConvolutionBounds bounds;
        bounds.weight = 1;
        bounds.error = errors == ElementType::int8 ? 127 : 1000;
        bounds.sum = bounds.error_sum = bounds.gradient = 1 << 20;
        // Where errors are wide, all three products take the other path.
        if (errors == ElementType::int16) bounds.sum = std::int64_t{1} << 40;
        Convolution convolution(s, bounds);
        convolution.set_weights(weights.data());
        FailingConsumer consumer;
        EXPECT_THROW(convolution.forward(input.data(), samples, {nullptr, &consumer}), std::bad_alloc);
        const Buffer error(errors, samples * s.outputs());
        EXPECT_THROW(convolution.backward(error, samples, {nullptr, &consumer}), std::bad_alloc);
    }
}

TEST(Convolution, NumbersOfSamplesMayChange)
{
    ConvolutionShape s;
    s.in_h = s.in_w = s.out_h = s.out_w = 5;
    s.kernel_h = s.kernel_w = 3;
    s.pad = 1;
    s.in_c = 3;
    s.out_c = 17;
    std::mt19937_64 engine(20240603);
    ConvolutionBounds bounds;
    bounds.weight = 1;
    bounds.sum = 27 * 127;
    bounds.error_sum = 9 * 17 * 127;
    Convolution convolution(s, bounds);
    for (const std::size_t samples : {7U, 2U, 9U, 7U}) {
        const auto input = filled<std::int8_t>(samples * s.inputs(), -127, 127, Fill::random, engine);
        const auto weights = filled<std::int8_t>(s.weights(), -1, 1, Fill::random, engine);
        const auto error = filled<std::int32_t>(samples * s.outputs(), -127, 127, Fill::random, engine);
        convolution.set_weights(weights.data());
        Buffer sums(ElementType::int32, samples * s.outputs());
        convolution.forward(input.data(), samples, {&sums, nullptr});
        std::vector<std::int64_t> expected(samples * s.outputs());
        naive::convolution_forward(s, samples, input.data(), weights.data(), expected.data());
        EXPECT_EQ(widened(sums, expected.size()), expected);
        Buffer gradient(ElementType::int32, s.weights());
        convolution.weight_gradient(input.data(), buffer_of(ElementType::int8, error), samples, gradient);
        expected.assign(s.weights(), 0);
        naive::convolution_gradient(s, samples, input.data(), error.data(), expected.data());
        EXPECT_EQ(widened(gradient, expected.size()), expected);
    }
}

PoolShape random_pool(std::mt19937_64& engine)
{
    PoolShape s;
    s.size = between(1, 5, engine);
    s.stride = between(1, 4, engine);
    s.h = between(s.size, 12, engine);
    s.w = between(s.size, 12, engine);
    s.c = between(1, 40, engine);
    s.out_h = (s.h - s.size) / s.stride + 1;
    s.out_w = (s.w - s.size) / s.stride + 1;
    return s;
}

template <class Sum, class Winner, class Code, class Operand>
void expect_pooling(const PoolShape& s, std::int64_t range, std::int64_t code, std::mt19937_64& engine)
{
    // A small range makes many equal maxima.
    const auto sums = filled<Sum>(s.inputs(), -range, range, Fill::random, engine);
    std::vector<Sum> pooled(s.outputs());
    std::vector<Sum> expected(s.outputs());
    std::vector<Winner> winners(s.outputs());
    std::vector<Winner> expected_winners(s.outputs());
    max_pool(s, sums.data(), pooled.data(), winners.data());
    naive::max_pool(s, sums.data(), expected.data(), expected_winners.data());
    ASSERT_EQ(pooled, expected);
    ASSERT_EQ(winners, expected_winners);

    const auto codes = filled<Code>(s.outputs(), -code, code, Fill::random, engine);
    std::vector<Operand> operands(s.inputs(), Operand{77});
    std::vector<Operand> expected_operands(s.inputs());
    unpool(s, codes.data(), winners.data(), operands.data());
    naive::unpool(s, codes.data(), winners.data(), expected_operands.data());
    ASSERT_EQ(operands, expected_operands);
}

TEST(Pooling, EqualsTheNaiveLoops)
{
    std::mt19937_64 engine(20240604);
    for (int repetition = 0; repetition < 150; ++repetition) {
        PoolShape s = random_pool(engine);
        if (repetition % 3 == 0) s.size = s.stride = std::min<std::size_t>(2, std::min(s.h, s.w));
        s.out_h = (s.h - s.size) / s.stride + 1;
        s.out_w = (s.w - s.size) / s.stride + 1;
        SCOPED_TRACE(testing::Message() << s.h << "x" << s.w << "x" << s.c << " size " << s.size << " stride "
                                        << s.stride);
        expect_pooling<std::int32_t, std::uint8_t, std::int8_t, std::int16_t>(s, 2, 127, engine);
        expect_pooling<std::int64_t, std::uint8_t, std::int16_t, std::int32_t>(s, std::int64_t{1} << 40, 32767, engine);
        expect_pooling<std::int32_t, std::int32_t, std::int8_t, std::int32_t>(s, 100, 127, engine);
        if (HasFatalFailure()) return;
    }
}

TEST(Pooling, TheFirstOfEqualsWins)
{
    PoolShape s;
    s.h = s.w = 2;
    s.size = s.stride = 2;
    const std::int32_t sums[4] = {4, 9, 9, 9};
    std::int32_t pooled = 0;
    std::uint8_t winner = 0;
    max_pool(s, sums, &pooled, &winner);
    EXPECT_EQ(pooled, 9);
    EXPECT_EQ(winner, 1);
}

TEST(Pooling, OverlappingWindowsAdd)
{
    // 3 x 3 windows at stride 1 over 5 x 5: the middle wins all nine.
    PoolShape s;
    s.h = s.w = 5;
    s.size = 3;
    s.stride = 1;
    s.out_h = s.out_w = 3;
    std::vector<std::int32_t> sums(25);
    sums[12] = 1;
    std::vector<std::int32_t> pooled(9);
    std::vector<std::uint8_t> winners(9);
    max_pool(s, sums.data(), pooled.data(), winners.data());
    const std::vector<std::int8_t> codes(9, -127);
    std::vector<std::int16_t> operands(25, 1);
    unpool(s, codes.data(), winners.data(), operands.data());
    for (std::size_t i = 0; i < operands.size(); ++i) EXPECT_EQ(operands[i], i == 12 ? -9 * 127 : 0);
}

}  // namespace
}  // namespace wagesim::ref
