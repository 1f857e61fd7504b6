// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Sums of products of int16 in vectors of read lines, several rows of digits at a time. This file is compiled once for
// each vector extension: Highway sets the compiler's target and picks one at run time.
#include "tlm/crossbar/device/analog_read.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tlm/crossbar/device/analog_read.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "tlm/crossbar/device/device_random.hpp"

HWY_BEFORE_NAMESPACE();
namespace wagesim::chip::analog_read {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Lanes = hn::CappedTag<std::int32_t, kAnalogLines>;
using UnsignedLanes = hn::RebindToUnsigned<Lanes>;
using Values = hn::Vec<Lanes>;
using Bits = hn::Vec<UnsignedLanes>;

/// The lanes' AnalogConverter::convert.
class Converter {
public:
    explicit Converter(const AnalogConverter& converter)
        : least_(hn::Set(Lanes(), converter.least)),
          most_(hn::Set(Lanes(), converter.most)),
          half_(hn::Set(Lanes(), (1 << (converter.shift - 1)) - 1)),
          shift_(converter.shift),
          out_shift_(converter.out_shift)
    {
    }

    Values operator()(Values value) const
    {
        const Values odd = hn::And(hn::ShiftRightSame(value, shift_), hn::Set(Lanes(), 1));
        const Values code = hn::ShiftRightSame(hn::Add(hn::Add(value, half_), odd), shift_);
        return hn::ShiftLeftSame(hn::Min(hn::Max(code, least_), most_), out_shift_);
    }

private:
    Values least_, most_, half_;
    int shift_, out_shift_;
};

/// The lanes' line_bits: each looks two normal numbers up.
class Noise {
public:
    Noise(const AnalogNoise& noise, std::size_t line)
        : noise_(noise),
          scattered_(hn::Mul(hn::Iota(UnsignedLanes(), static_cast<std::uint32_t>(line)),
                             hn::Set(UnsignedLanes(), 0x9E3779B1U)))
    {
    }

    Values of(std::size_t row) const
    {
        const UnsignedLanes lanes;
        const std::uint64_t key = noise_.keys[row];
        Bits h = hn::Add(scattered_, hn::Set(lanes, static_cast<std::uint32_t>(key)));
        h = hn::Mul(hn::Xor(h, hn::ShiftRight<16>(h)), hn::Set(lanes, 0x7FEB352DU));
        h = hn::Xor(h, hn::ShiftRight<15>(h));
        h = hn::Mul(hn::Add(h, hn::Set(lanes, static_cast<std::uint32_t>(key >> 32U))), hn::Set(lanes, 0x846CA68BU));
        h = hn::Xor(h, hn::ShiftRight<16>(h));
        const Bits first = hn::And(h, hn::Set(lanes, NormalTable::kMask));
        const Bits second = hn::ShiftRight<20>(h);
        return hn::Add(hn::GatherIndex(Lanes(), noise_.table, hn::BitCast(Lanes(), first)),
                       hn::GatherIndex(Lanes(), noise_.table, hn::BitCast(Lanes(), second)));
    }

private:
    const AnalogNoise& noise_;
    Bits scattered_;
};

#if HWY_TARGET == HWY_SCALAR

/// Values of one read line for kAnalogRows rows of digits.
void multiply(const AnalogPlane& plane, const std::int32_t* digits, std::size_t line, Values* values)
{
    for (std::size_t r = 0; r < kAnalogRows; ++r) {
        std::int32_t sum = plane.offsets[line];
        for (std::size_t pair = 0; pair < plane.pairs; ++pair) {
            const std::int16_t* const cells = plane.cells + (pair * plane.read_lines + line) * 2;
            const std::int32_t both = digits[r * plane.pairs + pair];
            sum += cells[0] * static_cast<std::int16_t>(both & 0xFFFF) + cells[1] * (both >> 16);
        }
        values[r] = hn::Set(Lanes(), sum);
    }
}

#else

using Halves = hn::Repartition<std::int16_t, Lanes>;

/// Values of one vector of read lines for kAnalogRows rows of digits.
void multiply(const AnalogPlane& plane, const std::int32_t* digits, std::size_t line, Values* values)
{
    const Lanes lanes;
    Values even[kAnalogRows], odd[kAnalogRows];
    for (std::size_t r = 0; r < kAnalogRows; ++r) even[r] = odd[r] = hn::Zero(lanes);
    for (std::size_t pair = 0; pair < plane.pairs; ++pair) {
        const auto cells = hn::LoadU(Halves(), plane.cells + (pair * plane.read_lines + line) * 2);
        for (std::size_t r = 0; r < kAnalogRows; ++r) {
            const auto driven = hn::BitCast(Halves(), hn::Set(lanes, digits[r * plane.pairs + pair]));
            even[r] = hn::ReorderWidenMulAccumulate(lanes, cells, driven, even[r], odd[r]);
        }
    }
    const Values offsets = hn::LoadU(lanes, plane.offsets + line);
    for (std::size_t r = 0; r < kAnalogRows; ++r) {
        values[r] = hn::Add(offsets, hn::RearrangeToOddPlusEven(even[r], odd[r]));
    }
}

#endif

template <bool kNoisy>
void read_lines(const AnalogPlane& plane, const AnalogDigits& digits, const PulseCode& code,
                const AnalogConverter& converter, const AnalogNoise& noise, bool negative, std::int32_t* sums,
                std::size_t stride)
{
    const Lanes lanes;
    const Converter convert(converter);
    const int pulses = code.pulses();
    for (std::size_t line = 0; line < plane.read_lines; line += hn::Lanes(lanes)) {
        const Noise of_lines(noise, line);
        int pulse = 0;
        std::int32_t* to = sums + line;
        Values sum = hn::Zero(lanes);
        for (std::size_t first = 0; first < digits.rows; first += kAnalogRows) {
            Values values[kAnalogRows];
            multiply(plane, digits.pairs + first * plane.pairs, line, values);
            const std::size_t rows = HWY_MIN(kAnalogRows, digits.rows - first);
            for (std::size_t r = 0; r < rows; ++r) {
                Values value = values[r];
                if (kNoisy) value = hn::Add(value, of_lines.of(first + r));
                value = hn::ShiftLeftSame(convert(value), pulse * code.bits_a_pulse);
                const bool sign = code.sign_alone() && pulse + 1 == pulses;
                sum = sign != negative ? hn::Sub(sum, value) : hn::Add(sum, value);
                if (++pulse < pulses) continue;
                hn::StoreU(hn::Add(hn::LoadU(lanes, to), sum), lanes, to);
                sum = hn::Zero(lanes);
                pulse = 0;
                to += stride;
            }
        }
    }
}

void read_analog(const AnalogPlane& plane, const AnalogDigits& digits, const PulseCode& code,
                 const AnalogConverter& converter, const AnalogNoise& noise, bool negative, std::int32_t* sums,
                 std::size_t stride)
{
    if (noise.table != nullptr) {
        read_lines<true>(plane, digits, code, converter, noise, negative, sums, stride);
    } else {
        read_lines<false>(plane, digits, code, converter, noise, negative, sums, stride);
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace wagesim::chip::analog_read
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace wagesim::chip {
namespace analog_read {
HWY_EXPORT(read_analog);
}  // namespace analog_read

void read_analog(const AnalogPlane& plane, const AnalogDigits& digits, const PulseCode& code,
                 const AnalogConverter& converter, const AnalogNoise& noise, bool negative, std::int32_t* sums,
                 std::size_t stride)
{
    HWY_DYNAMIC_DISPATCH(analog_read::read_analog)(plane, digits, code, converter, noise, negative, sums, stride);
}

}  // namespace wagesim::chip

#endif
