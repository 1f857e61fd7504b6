// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Registers to parameters, streams to typed loops, big bursts to threads. The arithmetic is in the kernels.
#include "tlm/quantize_update/quantize_update_twin.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>

#include "ref/numerics/integer.hpp"
#include "ref/numerics/weight.hpp"
#include "tlm/quantize_update/quantize_update_kernels.hpp"

namespace wagesim::chip {
namespace {

/// A thread's share of a burst: large enough to pay for waking it, and even, as the first index of an update has to be.
constexpr std::size_t kShare = std::size_t{1} << 15U;
constexpr std::size_t kSharesWorthThreads = 4;

/// share(first, count) over the whole burst, in parallel where that pays.
template <class Share>
void in_shares(std::size_t count, const Share& share)
{
    const std::size_t shares = count / kShare + (count % kShare != 0 ? 1 : 0);
#pragma omp parallel for schedule(static) if (shares >= kSharesWorthThreads)
    for (std::size_t i = 0; i < shares; ++i) share(i * kShare, std::min(kShare, count - i * kShare));
}

template <class T>
[[nodiscard]] const T* elements(const ConstStream& stream) noexcept
{
    return static_cast<const T*>(stream.data);
}

template <class T>
[[nodiscard]] T* elements(const MutableStream& stream) noexcept
{
    return static_cast<T*>(stream.data);
}

template <class T>
[[nodiscard]] T* advanced(T* pointer, std::size_t by) noexcept
{
    return pointer == nullptr ? nullptr : pointer + by;
}

/// f(int32_t{}) or f(int64_t{}).
template <class F>
void with_accumulator(ElementType type, const F& f)
{
    if (type == ElementType::int32)
        f(std::int32_t{});
    else
        f(std::int64_t{});
}

template <class... Types>
[[nodiscard]] constexpr unsigned types(Types... each) noexcept
{
    return ((1U << static_cast<unsigned>(each)) | ... | 0U);
}

/// Which element types a stream may have; none means that the stream must be absent.
struct StreamRule {
    unsigned types = 0;
    bool may_be_absent = false;
};
struct ModeRule {
    StreamRule operand, auxiliary, result, auxiliary_result;
};

constexpr unsigned kAccumulators = types(ElementType::int32, ElementType::int64);
constexpr unsigned kBytes = types(ElementType::uint8);
constexpr unsigned kCodes = types(ElementType::int8);
constexpr unsigned kSteps = types(ElementType::int16);
constexpr unsigned kSegments = types(ElementType::uint16);
constexpr unsigned kErrorCodes = types(ElementType::int8, ElementType::int16);

/// The table of ref/quantize_update/quantize_update_unit.hpp, in the order of the modes' numbers.
constexpr std::array<ModeRule, 8> kModeRules = {{
    {{kBytes}, {}, {kCodes}, {}},
    {{kAccumulators}, {}, {kCodes}, {kBytes}},
    {{kAccumulators}, {kBytes, true}, {}, {}},
    {{kAccumulators}, {kBytes, true}, {kErrorCodes}, {}},
    {{kAccumulators}, {kSegments}, {kAccumulators}, {kSegments}},
    {{kAccumulators}, {}, {}, {}},
    {{kAccumulators}, {}, {kSteps}, {}},
    {{kSteps}, {kSteps, true}, {kSteps}, {kCodes}},
}};

void require(bool holds, const char* what)
{
    if (!holds) throw std::invalid_argument(std::string("quantize/update unit: ") + what);
}

template <class Stream>
void require(const Stream& stream, const StreamRule& rule, const char* what)
{
    if (stream.data == nullptr)
        require(rule.types == 0 || rule.may_be_absent, what);
    else
        require((rule.types & types(stream.type)) != 0, what);
}

void require_streams(QuantizeUpdateMode mode, const Burst& burst, const Widths& widths)
{
    constexpr std::size_t kLongestSegment = 65536;
    const ModeRule& rule = kModeRules[static_cast<std::size_t>(mode)];
    require(burst.operand, rule.operand, "the mode does not take this operand");
    require(burst.auxiliary, rule.auxiliary, "the mode does not take this auxiliary operand");
    require(burst.result, rule.result, "the mode does not give this result");
    require(burst.auxiliary_result, rule.auxiliary_result, "the mode does not give this auxiliary result");
    if (mode == QuantizeUpdateMode::error) {
        require(widths.e <= 8 || burst.result.type == ElementType::int16, "error codes do not fit the result");
    }
    if (mode == QuantizeUpdateMode::output_error) {
        require(burst.segment > 0 && burst.segment <= kLongestSegment && burst.count % burst.segment == 0,
                "a burst is not a whole number of segments");
    }
}

[[nodiscard]] bool legal(const Widths& widths) noexcept
{
    return widths.w >= 2 && widths.w <= 8 && widths.g >= widths.w && widths.g <= 16 && widths.a >= 2 && widths.a <= 8 &&
           widths.e >= 2 && widths.e <= 16;
}

[[nodiscard]] int legal_lanes(int lanes)
{
    constexpr std::array<int, 5> kLanes = {4, 8, 16, 32, 64};
    require(std::find(kLanes.begin(), kLanes.end(), lanes) != kLanes.end(), "lanes are 4, 8, 16, 32 or 64");
    return lanes;
}

/// Modulo 2^48, sign from bit 47: what a lane holds.
[[nodiscard]] constexpr std::int64_t lane_value(std::int64_t value) noexcept
{
    constexpr unsigned kUnused = 64U - static_cast<unsigned>(kQuantizeUpdateOperandBits);
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << kUnused) >> kUnused;
}

/// What a segment adds to the registers.
struct OutputErrorSums {
    Uint128 squares = 0;
    std::uint64_t maximum = 0;
};

/// One sample: errors, and the position of the largest accumulator, the first among equals. Reads acc[i] before it
/// writes errors[i]: they may be one array.
template <class Acc, class Error>
std::uint16_t output_error_segment(const Acc* acc, std::size_t count, std::size_t label, int target_shift,
                                   Error* errors, OutputErrorSums& sums)
{
    std::size_t best = 0;
    std::int64_t largest = lane_value(acc[0]);
    for (std::size_t i = 0; i < count; ++i) {
        const std::int64_t value = lane_value(acc[i]);
        if (value > largest) {
            largest = value;
            best = i;
        }
        const std::int64_t target = i == label ? std::int64_t{1} << target_shift : 0;
        const std::int64_t e = lane_value(value - target);
        const auto size = static_cast<std::uint64_t>(numerics::magnitude(e));
        sums.squares += static_cast<Uint128>(size) * size;
        sums.maximum = std::max(sums.maximum, size);
        errors[i] = static_cast<Error>(e);
    }
    return static_cast<std::uint16_t>(best);
}

}  // namespace

QuantizeUpdateTwin::QuantizeUpdateTwin(int lanes) : registers_(legal_lanes(lanes)), timing_{lanes} {}

void QuantizeUpdateTwin::reset()
{
    registers_ = QuantizeUpdateRegisters(lanes());
}

CycleCount QuantizeUpdateTwin::write_register(std::uint32_t address, std::uint32_t value)
{
    registers_.write(address, value);
    return QuantizeUpdateTiming::write_register(address, value);
}

std::uint32_t QuantizeUpdateTwin::read_register(std::uint32_t address)
{
    return registers_.read(address);
}

CycleCount QuantizeUpdateTwin::run(const Burst& burst)
{
    if (burst.count == 0) return 0;
    require(legal(registers_.widths()), "WIDTHS holds widths that are not legal");
    require_streams(registers_.mode(), burst, registers_.widths());
    switch (registers_.mode()) {
        case QuantizeUpdateMode::input: input(burst); break;
        case QuantizeUpdateMode::activation: activation(burst); break;
        case QuantizeUpdateMode::abs_max:
        case QuantizeUpdateMode::gradient_abs_max: abs_max(burst); break;
        case QuantizeUpdateMode::error: error(burst); break;
        case QuantizeUpdateMode::output_error: output_error(burst); break;
        case QuantizeUpdateMode::update: update(burst); break;
        case QuantizeUpdateMode::requantize: requantize(burst); break;
    }
    return timing_.run(registers_.mode(), burst.count);
}

void QuantizeUpdateTwin::input(const Burst& burst) const
{
    const auto* const bytes = elements<std::uint8_t>(burst.operand);
    auto* const codes = elements<std::int8_t>(burst.result);
    const auto& table = registers_.table();
    in_shares(burst.count, [&](std::size_t first, std::size_t count) {
        std::transform(bytes + first, bytes + first + count, codes + first,
                       [&table](std::uint8_t byte) { return table[byte]; });
    });
}

void QuantizeUpdateTwin::activation(const Burst& burst) const
{
    const Widths& widths = registers_.widths();
    const kernels::ActivationParameters parameters = {widths.w - 1 + registers_.attenuation(),
                                                      static_cast<std::int32_t>(numerics::max_code(widths.a))};
    auto* const codes = elements<std::int8_t>(burst.result);
    auto* const flags = elements<std::uint8_t>(burst.auxiliary_result);
    with_accumulator(burst.operand.type, [&](auto type) {
        const auto* const acc = elements<decltype(type)>(burst.operand);
        in_shares(burst.count, [&](std::size_t first, std::size_t count) {
            kernels::activation(acc + first, count, parameters, codes + first, flags + first);
        });
    });
}

void QuantizeUpdateTwin::abs_max(const Burst& burst)
{
    const auto* const flags = elements<std::uint8_t>(burst.auxiliary);
    std::uint64_t maximum = 0;
    with_accumulator(burst.operand.type, [&](auto type) {
        const auto* const operands = elements<decltype(type)>(burst.operand);
        in_shares(burst.count, [&](std::size_t first, std::size_t count) {
            const std::uint64_t found = kernels::abs_max(operands + first, advanced(flags, first), count);
#pragma omp critical(wagesim_quantize_update_maximum)
            maximum = std::max(maximum, found);
        });
    });
    registers_.raise_maximum(maximum);
}

void QuantizeUpdateTwin::error(const Burst& burst) const
{
    const Widths& widths = registers_.widths();
    const auto* const flags = elements<std::uint8_t>(burst.auxiliary);
    const kernels::ErrorParameters parameters = {registers_.exponent() - registers_.log2_gamma() - (widths.e - 1),
                                                 static_cast<std::int32_t>(numerics::max_code(widths.e))};
    const auto into = [&](auto* codes) {
        if (registers_.exponent() < 0) {
            std::fill_n(codes, burst.count, 0);
            return;
        }
        with_accumulator(burst.operand.type, [&](auto type) {
            const auto* const operands = elements<decltype(type)>(burst.operand);
            in_shares(burst.count, [&](std::size_t first, std::size_t count) {
                kernels::error(operands + first, advanced(flags, first), count, parameters, codes + first);
            });
        });
    };
    if (burst.result.type == ElementType::int8)
        into(elements<std::int8_t>(burst.result));
    else
        into(elements<std::int16_t>(burst.result));
}

void QuantizeUpdateTwin::output_error(const Burst& burst)
{
    const Widths& widths = registers_.widths();
    const int target_shift = widths.a - 1 + widths.w - 1 + registers_.attenuation();
    const auto* const labels = elements<std::uint16_t>(burst.auxiliary);
    auto* const classes = elements<std::uint16_t>(burst.auxiliary_result);
    OutputErrorSums sums;
    with_accumulator(burst.operand.type, [&](auto operand_type) {
        with_accumulator(burst.result.type, [&](auto result_type) {
            const auto* const acc = elements<decltype(operand_type)>(burst.operand);
            auto* const errors = elements<decltype(result_type)>(burst.result);
            for (std::size_t s = 0; s < burst.count / burst.segment; ++s) {
                const std::size_t first = s * burst.segment;
                classes[s] =
                    output_error_segment(acc + first, burst.segment, labels[s], target_shift, errors + first, sums);
            }
        });
    });
    registers_.add_loss(sums.squares);
    registers_.raise_maximum(sums.maximum);
}

void QuantizeUpdateTwin::update(const Burst& burst) const
{
    auto* const steps = elements<std::int16_t>(burst.result);
    if (registers_.exponent() < 0) {
        std::fill_n(steps, burst.count, std::int16_t{0});
        return;
    }
    const int shift = 16 + registers_.eta_exponent() - registers_.exponent();
    with_accumulator(burst.operand.type, [&](auto type) {
        const auto* const gradients = elements<decltype(type)>(burst.operand);
        in_shares(burst.count, [&](std::size_t first, std::size_t count) {
            const kernels::UpdateParameters parameters = {registers_.round_keys(), registers_.index() + first, shift};
            kernels::update(gradients + first, count, parameters, steps + first);
        });
    });
}

void QuantizeUpdateTwin::requantize(const Burst& burst) const
{
    const Widths& widths = registers_.widths();
    const kernels::RequantizeParameters parameters = {
        static_cast<std::int32_t>(numerics::stored_weight_limit(widths, registers_.weight_clip())), widths.g - widths.w,
        static_cast<std::int32_t>(numerics::max_code(widths.w))};
    const auto* const stored = elements<std::int16_t>(burst.operand);
    const auto* const steps = elements<std::int16_t>(burst.auxiliary);
    auto* const next = elements<std::int16_t>(burst.result);
    auto* const codes = elements<std::int8_t>(burst.auxiliary_result);
    in_shares(burst.count, [&](std::size_t first, std::size_t count) {
        kernels::requantize(stored + first, advanced(steps, first), count, parameters, next + first, codes + first);
    });
}

QuantizeUpdateTimingUnit::QuantizeUpdateTimingUnit(int lanes) : registers_(legal_lanes(lanes)), timing_{lanes} {}

void QuantizeUpdateTimingUnit::reset()
{
    registers_ = QuantizeUpdateRegisters(lanes());
}

CycleCount QuantizeUpdateTimingUnit::write_register(std::uint32_t address, std::uint32_t value)
{
    registers_.write(address, value);
    return QuantizeUpdateTiming::write_register(address, value);
}

std::uint32_t QuantizeUpdateTimingUnit::read_register(std::uint32_t address)
{
    return registers_.read(address);
}

CycleCount QuantizeUpdateTimingUnit::run(const Burst& burst)
{
    return timing_.run(registers_.mode(), burst.count);
}

}  // namespace wagesim::chip
