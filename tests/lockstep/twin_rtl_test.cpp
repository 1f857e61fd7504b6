// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The C++ twin and the Verilated RTL in lockstep over random registers and streams: every mode, every legal width,
// ties, extremes, counts around the number of lanes. They were written apart from one text; the lockstep unit judges.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "platforms/verify/quantize_update_factory.hpp"
#include "rtl/verilated/verilated_quantize_update.hpp"

namespace wagesim::verify {
namespace {

using Mode = QuantizeUpdateMode;
using Register = QuantizeUpdateRegister;

constexpr std::uint32_t kSeed = 1;
constexpr int kBursts = 5000;

std::uint32_t address_of(Register name)
{
    return static_cast<std::uint32_t>(name);
}

struct Case {
    int lanes;
    Mode mode;
};

std::string name_of(const Case& c)
{
    return "lanes" + std::to_string(c.lanes) + "_mode" + std::to_string(static_cast<std::uint32_t>(c.mode));
}

void PrintTo(const Case& c, std::ostream* out)
{
    *out << name_of(c);
}

class TwinAndRtl : public ::testing::TestWithParam<Case> {
protected:
    [[nodiscard]] std::uint32_t below(std::uint64_t n) { return static_cast<std::uint32_t>(random_() % n); }
    void write(Register name, std::uint32_t value) { unit_->write_register(address_of(name), value); }

    void configure();
    void compare_registers();
    [[nodiscard]] std::int64_t operand(ElementType type);
    void run();

    std::mt19937_64 random_{kSeed};
    std::shared_ptr<LockstepRecord> record_ = std::make_shared<LockstepRecord>();
    std::unique_ptr<QuantizeUpdateUnit> unit_;
    int error_width_ = 8;
};

void TwinAndRtl::configure()
{
    const std::uint32_t g = 2 + below(15);
    const std::uint32_t w = 2 + below(std::min<std::uint32_t>(g, 8) - 1);
    const std::uint32_t a = 2 + below(7);
    const std::uint32_t e = 2 + below(15);
    error_width_ = static_cast<int>(e);
    write(Register::mode, static_cast<std::uint32_t>(GetParam().mode));
    write(Register::widths, w | a << 8U | g << 16U | e << 24U);
    write(Register::attenuation, below(25));
    write(Register::gamma, below(9));
    write(Register::eta, static_cast<std::uint32_t>(static_cast<int>(below(25)) - 16));
    write(Register::weight_clip, below(2));
    write(Register::index_low, below(std::uint64_t{1} << 32U));
    write(Register::index_high, below(2));
    if (below(8) == 0) {
        write(Register::key_0, below(std::uint64_t{1} << 32U));
        write(Register::key_1, below(std::uint64_t{1} << 32U));
    }
    // Exponents that fit the data, and any others.
    if (below(3) == 0) {
        write(Register::exponent, below(256));
    } else {
        write(Register::max_low, static_cast<std::uint32_t>(random_() >> below(64)));
        write(Register::max_high, below(4) == 0 ? below(1U << 16U) : 0);
        write(Register::control, kControlSetExponent);
    }
    if (below(3) == 0) write(Register::control, below(8));
    if (below(8) == 0) {  // carries through all words of the sum
        for (const Register word : {Register::loss_0, Register::loss_1, Register::loss_2, Register::loss_3}) {
            write(word, ~std::uint32_t{0} << below(32));
        }
    }
    if (GetParam().mode == Mode::input && below(8) == 0) {
        for (std::uint32_t i = 0; i < 64; ++i) {
            unit_->write_register(address_of(Register::table) + 4 * i, below(std::uint64_t{1} << 32U));
        }
    }
}

void TwinAndRtl::compare_registers()
{
    for (const Register name :
         {Register::lanes, Register::mode, Register::widths, Register::attenuation, Register::gamma, Register::eta,
          Register::weight_clip, Register::exponent, Register::max_low, Register::max_high, Register::control,
          Register::index_low, Register::index_high, Register::key_0, Register::key_1, Register::loss_0,
          Register::loss_1, Register::loss_2, Register::loss_3}) {
        (void)unit_->read_register(address_of(name));
    }
}

/// Any magnitude is as likely as any other; powers of two and their neighbours are ties and corners.
std::int64_t TwinAndRtl::operand(ElementType type)
{
    const int bits = type == ElementType::int64 ? 64 : static_cast<int>(8 * bytes_of(type));
    const auto width = static_cast<std::uint64_t>(bits);
    // Unsigned, so that the corners may wrap around.
    std::uint64_t value = random_() >> (63 - below(width));
    if (below(4) == 0) value = (std::uint64_t{1} << below(width - 1)) * (below(2) == 0 ? 1 : 3);
    if (below(8) == 0) value = std::uint64_t{1} << below(width);
    if (below(4) == 0) value += std::uint64_t{below(3)} - 1;
    return static_cast<std::int64_t>(below(2) == 0 ? value : ~value + 1);
}

template <class T>
void fill(std::vector<std::byte>& bytes, std::size_t count, T (*make)(std::uint64_t), std::mt19937_64& random)
{
    bytes.resize(count * sizeof(T) + 1);
    for (std::size_t i = 0; i < count; ++i) {
        const T value = make(random());
        std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
    }
}

void TwinAndRtl::run()
{
    const Mode mode = GetParam().mode;
    const auto lanes = static_cast<std::size_t>(GetParam().lanes);
    Burst burst;
    burst.count = below(4) == 0 ? below(8 * lanes) : below(3 * lanes + 2);
    if (mode == Mode::output_error) {
        burst.segment = 1 + below(2 * lanes + 2);
        burst.count = burst.segment * below(4);
    }
    const ElementType wide = below(2) == 0 ? ElementType::int32 : ElementType::int64;
    const ElementType operand_type = mode == Mode::input        ? ElementType::uint8
                                     : mode == Mode::requantize ? ElementType::int16
                                                                : wide;
    std::vector<std::byte> operands(burst.count * bytes_of(operand_type) + 1);
    for (std::size_t i = 0; i < burst.count; ++i) {
        visit_element_type(operand_type, [&](auto zero) {
            const auto value = static_cast<decltype(zero)>(operand(operand_type));
            std::memcpy(operands.data() + i * sizeof value, &value, sizeof value);
        });
    }
    std::vector<std::byte> side;
    std::vector<std::byte> results(burst.count * 8 + 1);
    std::vector<std::byte> side_results(burst.count * 2 + 1);
    burst.operand = {operands.data(), operand_type};
    const bool with_side = below(4) != 0;
    switch (mode) {
        case Mode::input: burst.result = {results.data(), ElementType::int8}; break;
        case Mode::activation:
            burst.result = {results.data(), ElementType::int8};
            burst.auxiliary_result = {side_results.data(), ElementType::uint8};
            break;
        case Mode::error:
            burst.result = {results.data(), error_width_ > 8 || below(4) == 0 ? ElementType::int16 : ElementType::int8};
            [[fallthrough]];
        case Mode::abs_max:
            fill<std::uint8_t>(
                side, burst.count, [](std::uint64_t r) { return static_cast<std::uint8_t>(r); }, random_);
            if (with_side) burst.auxiliary = {side.data(), ElementType::uint8};
            break;
        case Mode::output_error:
            fill<std::uint16_t>(
                side, burst.count, [](std::uint64_t r) { return static_cast<std::uint16_t>(r % 50); }, random_);
            burst.auxiliary = {side.data(), ElementType::uint16};
            burst.result = {results.data(), wide};
            burst.auxiliary_result = {side_results.data(), ElementType::uint16};
            break;
        case Mode::gradient_abs_max: break;
        case Mode::update: burst.result = {results.data(), ElementType::int16}; break;
        case Mode::requantize:
            fill<std::int16_t>(
                side, burst.count, [](std::uint64_t r) { return static_cast<std::int16_t>(r); }, random_);
            if (with_side) burst.auxiliary = {side.data(), ElementType::int16};
            // In place half of the time, as the chip does it.
            burst.result = {below(2) == 0 ? operands.data() : results.data(), ElementType::int16};
            burst.auxiliary_result = {side_results.data(), ElementType::int8};
            break;
    }
    unit_->run(burst);
}

TEST_P(TwinAndRtl, AgreeInEveryRegisterElementAndCycle)
{
    RecordProperty("seed", static_cast<int>(kSeed));
    unit_ = make_quantize_update_unit({chip::Quantizer::lockstep, GetParam().lanes}, record_);
    ASSERT_EQ(unit_->lanes(), GetParam().lanes);
    compare_registers();
    for (int i = 0; i < kBursts; ++i) {
        SCOPED_TRACE("burst " + std::to_string(i) + " of seed " + std::to_string(kSeed));
        if (below(50) == 0) unit_->reset();
        ASSERT_NO_THROW(configure());
        ASSERT_NO_THROW(run());
        ASSERT_NO_THROW(compare_registers());
    }
    EXPECT_EQ(record_->bursts, static_cast<std::uint64_t>(kBursts));
    EXPECT_EQ(record_->register_reads, 19U * (kBursts + 1));
    const bool only_registers = GetParam().mode == Mode::abs_max || GetParam().mode == Mode::gradient_abs_max;
    EXPECT_EQ(record_->elements > 0, !only_registers);
}

std::vector<Case> all_cases()
{
    std::vector<Case> out;
    for (const int lanes : rtl::verilated_lane_counts()) {
        for (std::uint32_t mode = 0; mode < 8; ++mode) out.push_back({lanes, static_cast<Mode>(mode)});
    }
    return out;
}

INSTANTIATE_TEST_SUITE_P(, TwinAndRtl, ::testing::ValuesIn(all_cases()),
                         [](const auto& at) { return name_of(at.param); });

}  // namespace
}  // namespace wagesim::verify
