// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The integer softmax: correctly rounded exponentials and logarithms against values of an arbitrary-precision library
// and against the identities that they must obey; errors and losses against their closed form.
#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <random>
#include <vector>

#include "ref/layers/softmax_error.hpp"
#include "ref/numerics/exponential.hpp"
#include "ref/trainer/trainer.hpp"

namespace wagesim::ref {
namespace {

struct Share {
    std::uint64_t d;
    int scale;
    std::uint64_t expected;
};

TEST(Exponential, IsTheNearestInteger)
{
    // Computed with 400 bits.
    const std::vector<Share> shares = {{1U, 8, 4278222805U},
                                       {3U, 8, 4244929411U},
                                       {255U, 8, 1586214232U},
                                       {1024U, 11, 2605029347U},
                                       {46U, 1, 0U},
                                       {22U, 0, 1U},
                                       {23U, 0, 0U},
                                       {91U, 2, 1U},
                                       {92U, 2, 0U},
                                       {1U, 38, 4294967296U},
                                       {274877906944U, 38, 1580030169U},
                                       {2147495993U, 31, 1580021086U},
                                       {123456789U, 24, 2736285U},
                                       {35184372088831U, 40, 0U},
                                       {16U, 2, 78665070U},
                                       {183U, 5, 14103870U},
                                       {237U, 9, 2703516454U},
                                       {122060U, 14, 2497395U},
                                       {4178410U, 20, 79866534U},
                                       {2787324501U, 30, 320313752U},
                                       {691064105531U, 38, 347624422U}};
    for (const Share& share : shares) {
        EXPECT_EQ(numerics::exponential_share(share.d, share.scale), share.expected) << share.d << " " << share.scale;
    }
}

TEST(Exponential, IsWithinHalfAUnitOfExtendedPrecision)
{
    std::mt19937_64 engine(31);
    for (int scale = 2; scale <= 38; ++scale) {
        for (int i = 0; i < 500; ++i) {
            const std::uint64_t d = engine() % (std::uint64_t{24} << scale);
            const long double exact =
                std::ldexp(std::exp(-std::ldexp(static_cast<long double>(d), -scale)), numerics::kShareBits);
            const auto got = static_cast<long double>(numerics::exponential_share(d, scale));
            ASSERT_LE(std::abs(got - exact), 0.5L + 1e-6L) << d << " " << scale;
        }
    }
}

TEST(Exponential, TheTableIsItsOwnSquares)
{
    for (int j = numerics::kSmallestPower; j < numerics::kLargestPower; ++j) {
        const numerics::Wide128 factor = numerics::fixed::exponential(j);
        const numerics::Wide128 square = numerics::fixed::high_product(factor, factor);
        const numerics::Wide128 next = numerics::fixed::exponential(j + 1);
        const numerics::Wide128 apart = square > next ? square - next : next - square;
        EXPECT_LE(static_cast<std::uint64_t>(apart), 3U) << j;
        EXPECT_EQ(static_cast<std::uint64_t>(apart >> 64U), 0U) << j;
    }
}

TEST(Logarithm, IsTheNearestInteger)
{
    const std::vector<std::pair<std::uint64_t, std::uint64_t>> logarithms = {{4294967296U, 0U},
                                                                             {4294967297U, 256U},
                                                                             {8589934592U, 762123384786U},
                                                                             {8589934591U, 762123384658U},
                                                                             {6442450944U, 445813601022U},
                                                                             {42949672960U, 2531719083691U},
                                                                             {4294967296000U, 7595157251072U},
                                                                             {281474976710656U, 12193974156573U},
                                                                             {281474976710655U, 12193974156573U},
                                                                             {104651659350262U, 11106110484510U},
                                                                             {244450078288034U, 12038907347072U},
                                                                             {107177672926632U, 11132334548271U},
                                                                             {28705601874280U, 9683842700587U},
                                                                             {70186525642565U, 10666876529675U},
                                                                             {205810594182041U, 11849731083780U}};
    for (const auto& [sum, expected] : logarithms) EXPECT_EQ(numerics::logarithm_of_shares(sum), expected) << sum;
}

TEST(Logarithm, IsWithinHalfAUnitOfExtendedPrecision)
{
    std::mt19937_64 engine(32);
    for (int i = 0; i < 5000; ++i) {
        const std::uint64_t sum = (std::uint64_t{1} << 32U) + (engine() >> (16U + engine() % 16U));
        const long double exact = std::ldexp(std::log(std::ldexp(static_cast<long double>(sum), -32)), 40);
        ASSERT_LE(std::abs(static_cast<long double>(numerics::logarithm_of_shares(sum)) - exact), 0.5L + 1e-4L) << sum;
    }
}

TEST(Quotient, RoundsHalfToEven)
{
    EXPECT_EQ(numerics::round_half_even_quotient(5, 2), 2);
    EXPECT_EQ(numerics::round_half_even_quotient(7, 2), 4);
    EXPECT_EQ(numerics::round_half_even_quotient(8, 3), 3);
    EXPECT_EQ(numerics::round_half_even_quotient(0, 9), 0);
    EXPECT_EQ(numerics::round_half_even_quotient((std::uint64_t{1} << 62U), std::uint64_t{1} << 48U), 1 << 14);
}

/// samples x classes accumulators of +-bound.
Buffer random_sums(ElementType type, std::size_t n, std::int64_t bound)
{
    std::mt19937_64 engine(33);
    std::uniform_int_distribution<std::int64_t> value(-bound, bound);
    Buffer out(type, n);
    visit_accumulator(type, [&](auto zero) {
        using Sum = decltype(zero);
        for (std::size_t i = 0; i < n; ++i) out.as<Sum>()[i] = static_cast<Sum>(value(engine));
    });
    return out;
}

void expect_closed_form(ElementType type, std::size_t classes, int scale, std::int64_t bound)
{
    constexpr std::size_t kSamples = 6;
    const Buffer sums = random_sums(type, kSamples * classes, bound);
    std::vector<std::uint16_t> labels;
    for (std::size_t n = 0; n < kSamples; ++n) labels.push_back(static_cast<std::uint16_t>(n * 7 % classes));
    Buffer errors(ElementType::int32, kSamples * classes);
    const double loss = softmax_loss(softmax_error(sums, labels.data(), kSamples, classes, scale, errors));
    long double expected_loss = 0.0L;
    visit_accumulator(type, [&](auto zero) {
        const auto* sum = sums.as<decltype(zero)>();
        for (std::size_t n = 0; n < kSamples; ++n, sum += classes) {
            const auto real = [&](std::size_t c) { return std::ldexp(static_cast<long double>(sum[c]), -scale); };
            long double largest = real(0);
            for (std::size_t c = 0; c < classes; ++c) largest = std::max(largest, real(c));
            long double total = 0.0L;
            for (std::size_t c = 0; c < classes; ++c) total += std::exp(real(c) - largest);
            expected_loss += std::log(total) + largest - real(labels[n]);
            for (std::size_t c = 0; c < classes; ++c) {
                const long double share = std::exp(real(c) - largest) / total - (c == labels[n] ? 1.0L : 0.0L);
                // A share is known to half of 2^-32, and their sum to that for each class.
                const long double tolerance = 1.0L + static_cast<long double>(classes) / 8.0L;
                EXPECT_NEAR(static_cast<double>(errors.as<std::int32_t>()[n * classes + c]),
                            static_cast<double>(std::ldexp(share, kSoftmaxErrorBits)), static_cast<double>(tolerance));
            }
        }
    });
    EXPECT_NEAR(loss, static_cast<double>(expected_loss), 1e-7 * static_cast<double>(expected_loss) + 1e-6);
}

TEST(SoftmaxError, IsItsClosedForm)
{
    expect_closed_form(ElementType::int32, 10, 11, 20000);
    expect_closed_form(ElementType::int32, 2, 2, 100);
    expect_closed_form(ElementType::int32, 1000, 14, 100000);
    expect_closed_form(ElementType::int64, 10, 38, std::int64_t{1} << 41);
    expect_closed_form(ElementType::int64, 3, 8, std::int64_t{1} << 50);
}

TEST(SoftmaxError, OneClassHasNoError)
{
    const Buffer sums = random_sums(ElementType::int32, 4, 1000);
    const std::vector<std::uint16_t> labels(4, 0);
    Buffer errors(ElementType::int32, 4);
    EXPECT_EQ(softmax_loss(softmax_error(sums, labels.data(), 4, 1, 8, errors)), 0.0);
    for (std::size_t n = 0; n < 4; ++n) EXPECT_EQ(errors.as<std::int32_t>()[n], 0);
}

TEST(SoftmaxError, ThreadsDoNotChangeATraining)
{
    const auto weights = [](int threads) {
        omp_set_num_threads(threads);
        Network network{"", {1, 6, 6}, {}, std::vector<Layer>(2)};
        network.layers[0].units = 20;
        network.layers[1].units = 100;
        TrainerOptions options;
        options.loss = Loss::softmax;
        options.batch = 16;
        Trainer trainer(network, options);
        std::mt19937_64 engine(34);
        std::vector<std::uint8_t> images(36 * 16);
        std::vector<std::uint16_t> labels(16);
        double loss = 0.0;
        for (std::uint64_t step = 0; step < 20; ++step) {
            for (std::size_t n = 0; n < 16; ++n) {
                labels[n] = static_cast<std::uint16_t>(engine() % 100);
                for (std::size_t i = 0; i < 36; ++i) images[n * 36 + i] = static_cast<std::uint8_t>(engine());
            }
            loss += trainer.train_step({16, images.data(), labels.data()}, step, 0).loss;
        }
        std::vector<double> out = {loss};
        for (const std::int16_t n : trainer.stored_weights(1)) out.push_back(n);
        return out;
    };
    const std::vector<double> expected = weights(1);
    for (const int threads : {2, 3, 8}) EXPECT_EQ(weights(threads), expected);
}

}  // namespace
}  // namespace wagesim::ref
