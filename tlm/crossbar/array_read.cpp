// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Counting the ones of planes. This file is compiled once for each vector extension: Highway sets the compiler's target
// and picks one at run time.
#include "tlm/crossbar/array_read.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#define HWY_WANT_AVX3_DL 1  // AVX-512 that counts the ones of a word
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tlm/crossbar/array_read.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace wagesim::chip::array_read {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Lanes = hn::CappedTag<std::int32_t, kReadStep>;
using WordLanes = hn::CappedTag<std::uint32_t, kReadStep>;
using Values = hn::Vec<Lanes>;
using Words = hn::Vec<WordLanes>;

/// The lanes' AdcRange::convert.
class Converter {
public:
    explicit Converter(const AdcRange& adc)
        : least_(hn::Set(Lanes(), adc.least)),
          most_(hn::Set(Lanes(), adc.most)),
          half_(hn::Set(Lanes(), adc.shift > 0 ? (1 << (adc.shift - 1)) - 1 : 0)),
          shift_(adc.shift)
    {
    }

    HWY_INLINE Values operator()(Values value) const
    {
        if (shift_ == 0) return hn::Min(hn::Max(value, least_), most_);
        const Values odd = hn::And(hn::ShiftRightSame(value, shift_), hn::Set(Lanes(), 1));
        const Values code = hn::ShiftRightSame(hn::Add(hn::Add(value, half_), odd), shift_);
        return hn::ShiftLeftSame(hn::Min(hn::Max(code, least_), most_), shift_);
    }

private:
    Values least_, most_, half_;
    int shift_;
};

HWY_INLINE Values counted(Words words)
{
    return hn::BitCast(Lanes(), hn::PopulationCount(words));
}

/// What `ones` of a few words are after one more: lane by lane, or (where no instruction counts the ones of a word)
/// byte by byte, at most 8 a word, so that the bytes have to be added up but once.
HWY_INLINE Words one_more(Words ones, Words words)
{
#if HWY_TARGET <= HWY_AVX3_DL || HWY_TARGET == HWY_SCALAR
    return hn::Add(ones, hn::PopulationCount(words));
#else
    const hn::Repartition<std::uint8_t, WordLanes> bytes;
    const auto more = hn::PopulationCount(hn::BitCast(bytes, words));
    return hn::BitCast(WordLanes(), hn::Add(hn::BitCast(bytes, ones), more));
#endif
}

HWY_INLINE Values added_up(Words ones)
{
#if HWY_TARGET <= HWY_AVX3_DL || HWY_TARGET == HWY_SCALAR
    return hn::BitCast(Lanes(), ones);
#else
    const Words even = hn::Set(WordLanes(), 0x00FF00FF);
    const Words pairs = hn::Add(hn::And(ones, even), hn::And(hn::ShiftRight<8>(ones), even));
    return hn::BitCast(Lanes(), hn::And(hn::Add(pairs, hn::ShiftRight<16>(pairs)), hn::Set(WordLanes(), 0xFFFF)));
#endif
}

/// Any number of words, cell bits and bits a pulse.
class AnyArray {
public:
    AnyArray(const ArrayPlanes& array, const PulseCode& code, const PairRead& read, const AdcRange& adc)
        : array_(array), code_(code), read_(read), convert_(adc)
    {
    }

    /// Of the vector of read lines that begins at `line`, what all pulses of one position give.
    Values sum(std::size_t line, const std::uint32_t* pulses) const
    {
        Values sum = hn::Zero(Lanes());
        for (int pulse = 0; pulse < code_.pulses(); ++pulse) {
            const Values value = hn::ShiftLeftSame(converted(line, pulses, pulse), pulse * code_.bits_a_pulse);
            const bool negative = code_.sign_alone() && pulse + 1 == code_.pulses();
            sum = negative ? hn::Sub(sum, value) : hn::Add(sum, value);
        }
        return sum;
    }

private:
    Values converted(std::size_t line, const std::uint32_t* pulses, int pulse) const
    {
        const Values positive = value(line, pulses, pulse, 0);
        const Values negative = value(line, pulses, pulse, 1);
        if (read_.difference) return convert_(hn::Sub(positive, negative));
        return hn::Sub(convert_(positive), convert_(negative));
    }

    /// The value of the lines with the cells of one polarity.
    Values value(std::size_t line, const std::uint32_t* pulses, int pulse, std::size_t polarity) const
    {
        const std::size_t words = array_.words;
        Values value = hn::Zero(Lanes());
        for (int bit = 0; bit < code_.bits_of(pulse); ++bit) {
            const int driven = pulse * code_.bits_a_pulse + bit;
            const std::uint32_t* const plane = pulses + static_cast<std::size_t>(driven) * words;
            const std::uint32_t* const opposite = plane + static_cast<std::size_t>(code_.driven_bits) * words;
            const bool sign = !code_.sign_magnitude && !code_.sign_alone() && driven + 1 == code_.driven_bits;
            for (int cell_bit = 0; cell_bit < array_.cell_bits; ++cell_bit) {
                const std::uint32_t* const cells =
                    array_.planes + (static_cast<std::size_t>(cell_bit) * 2 + polarity) * words * array_.read_lines +
                    line;
                Values ones = both(plane, cells);
                if (code_.sign_magnitude) ones = hn::Sub(ones, both(opposite, cells));
                ones = hn::ShiftLeftSame(ones, bit + cell_bit);
                value = sign ? hn::Sub(value, ones) : hn::Add(value, ones);
            }
        }
        return value;
    }

    Values both(const std::uint32_t* plane, const std::uint32_t* cells) const
    {
        Values ones = hn::Zero(Lanes());
        for (std::size_t w = 0; w < array_.words; ++w) {
            const Words at = hn::LoadU(WordLanes(), cells + w * array_.read_lines);
            ones = hn::Add(ones, counted(hn::And(at, hn::Set(WordLanes(), plane[w]))));
        }
        return ones;
    }

    const ArrayPlanes& array_;
    const PulseCode& code_;
    const PairRead& read_;
    Converter convert_;
};

/// One bit a pulse and a cell, two's complement, a fixed number of words: cells stay in registers for all positions.
template <std::size_t kWords>
void read_single_bits(const ArrayPlanes& array, const PulsePlanes& pulses, const PulseCode& code, const PairRead& read,
                      const AdcRange& adc, std::int32_t* sums, std::size_t stride)
{
    const Lanes lanes;
    const Converter convert(adc);
    for (std::size_t line = 0; line < array.read_lines; line += hn::Lanes(lanes)) {
        Words positive[kWords], negative[kWords];
        for (std::size_t w = 0; w < kWords; ++w) {
            positive[w] = hn::LoadU(WordLanes(), array.planes + w * array.read_lines + line);
            negative[w] = hn::LoadU(WordLanes(), array.planes + (kWords + w) * array.read_lines + line);
        }
        for (std::size_t position = 0; position < pulses.positions; ++position) {
            const std::uint32_t* plane = pulses.planes + position * pulses.stride;
            std::int32_t* const to = sums + position * stride + line;
            Values sum = hn::Zero(lanes);
            // From the sign down: twice what is there, and the next pulse's.
            for (int pulse = code.driven_bits - 1; pulse >= 0; --pulse) {
                Words positive_ones = hn::Zero(WordLanes());
                Words negative_ones = hn::Zero(WordLanes());
                for (std::size_t w = 0; w < kWords; ++w) {
                    const Words driven = hn::Set(WordLanes(), plane[static_cast<std::size_t>(pulse) * kWords + w]);
                    positive_ones = one_more(positive_ones, hn::And(driven, positive[w]));
                    negative_ones = one_more(negative_ones, hn::And(driven, negative[w]));
                }
                const Values with = added_up(positive_ones);
                const Values against = added_up(negative_ones);
                const Values value =
                    read.difference ? convert(hn::Sub(with, against)) : hn::Sub(convert(with), convert(against));
                sum = pulse + 1 == code.driven_bits ? hn::Neg(value) : hn::Add(hn::Add(sum, sum), value);
            }
            hn::StoreU(hn::Add(hn::LoadU(lanes, to), sum), lanes, to);
        }
    }
}

void read_array(const ArrayPlanes& array, const PulsePlanes& pulses, const PulseCode& code, const PairRead& read,
                const AdcRange& adc, std::int32_t* sums, std::size_t stride)
{
    if (code.bits_a_pulse == 1 && array.cell_bits == 1 && !code.sign_magnitude) {
        switch (array.words) {
            case 1: return read_single_bits<1>(array, pulses, code, read, adc, sums, stride);
            case 2: return read_single_bits<2>(array, pulses, code, read, adc, sums, stride);
            case 4: return read_single_bits<4>(array, pulses, code, read, adc, sums, stride);
            case 8: return read_single_bits<8>(array, pulses, code, read, adc, sums, stride);
            default: break;
        }
    }
    const Lanes lanes;
    const AnyArray any(array, code, read, adc);
    for (std::size_t position = 0; position < pulses.positions; ++position) {
        const std::uint32_t* const driven = pulses.planes + position * pulses.stride;
        std::int32_t* const to = sums + position * stride;
        for (std::size_t line = 0; line < array.read_lines; line += hn::Lanes(lanes)) {
            hn::StoreU(hn::Add(hn::LoadU(lanes, to + line), any.sum(line, driven)), lanes, to + line);
        }
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace wagesim::chip::array_read
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

namespace wagesim::chip {
namespace array_read {
HWY_EXPORT(read_array);
}  // namespace array_read

namespace {

/// Bit `bit` of eight bytes, as eight neighbouring bits: each product has one of them where the top byte is.
std::uint32_t gather_bits(std::uint64_t bytes, int bit)
{
    constexpr std::uint64_t kLowest = 0x0101010101010101;
    constexpr std::uint64_t kToTop = 0x0102040810204080;
    return static_cast<std::uint32_t>((((bytes >> static_cast<unsigned>(bit)) & kLowest) * kToTop) >> 56U);
}

/// A word of each of `bits` planes, `stride` words apart, from kLinesPerWord values.
void to_planes(const std::int8_t* values, int bits, std::size_t stride, std::uint32_t* planes)
{
    std::array<std::uint64_t, kLinesPerWord / 8> eights;
    std::memcpy(eights.data(), values, kLinesPerWord);
    for (int bit = 0; bit < bits; ++bit, planes += stride) {
        *planes = gather_bits(eights[0], bit) | gather_bits(eights[1], bit) << 8U | gather_bits(eights[2], bit) << 16U |
                  gather_bits(eights[3], bit) << 24U;
    }
}

void to_planes(const std::int32_t* values, int bits, std::size_t stride, std::uint32_t* planes)
{
    for (int bit = 0; bit < bits; ++bit, planes += stride) {
        std::uint32_t word = 0;
        for (std::size_t i = 0; i < kLinesPerWord; ++i) {
            word |= (static_cast<std::uint32_t>(values[i]) >> static_cast<unsigned>(bit) & 1U) << i;
        }
        *planes = word;
    }
}

/// From is the values' type, To one of to_planes'.
template <class To, class From>
void make_pulses(const From* values, std::size_t count, const PulseCode& code, std::uint32_t* planes)
{
    const std::size_t words = words_of(count);
    std::array<To, kLinesPerWord> lines{};
    for (std::size_t word = 0; word < words; ++word, values += kLinesPerWord) {
        const std::size_t here = std::min(kLinesPerWord, count - word * kLinesPerWord);
        if (here < kLinesPerWord) lines.fill(0);
        for (std::size_t i = 0; i < here; ++i) {
            lines[i] = static_cast<To>(code.sign_magnitude ? std::max<From>(values[i], 0) : values[i]);
        }
        to_planes(lines.data(), code.driven_bits, words, planes + word);
        if (!code.sign_magnitude) continue;
        for (std::size_t i = 0; i < here; ++i) lines[i] = static_cast<To>(-std::min<From>(values[i], 0));
        to_planes(lines.data(), code.driven_bits, words,
                  planes + static_cast<std::size_t>(code.driven_bits) * words + word);
    }
}

}  // namespace

void make_pulses(const LineValues& values, const PulseCode& code, std::uint32_t* planes)
{
    switch (values.type) {
        case ElementType::int8:
            return make_pulses<std::int8_t>(static_cast<const std::int8_t*>(values.data), values.count, code, planes);
        case ElementType::int16:
            return make_pulses<std::int32_t>(static_cast<const std::int16_t*>(values.data), values.count, code, planes);
        default:
            return make_pulses<std::int32_t>(static_cast<const std::int32_t*>(values.data), values.count, code, planes);
    }
}

void read_array(const ArrayPlanes& array, const PulsePlanes& pulses, const PulseCode& code, const PairRead& read,
                const AdcRange& adc, std::int32_t* sums, std::size_t stride)
{
    HWY_DYNAMIC_DISPATCH(array_read::read_array)(array, pulses, code, read, adc, sums, stride);
}

}  // namespace wagesim::chip

#endif
