// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Blocked comparison of channel-last chip memory with channel-first reference memory. See the header.
#include "platforms/verify/region_compare.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <type_traits>

namespace wagesim::verify {
namespace {

/// Edge of a transposed block: small enough for a process's stack, a cache line of codes wide.
constexpr std::size_t kBlock = 16;

/// What an element of chip memory means: itself, or a flag of its byte.
struct Plain {
    template <class T>
    [[nodiscard]] T operator()(T element) const noexcept
    {
        return element;
    }
};
struct Flag {
    std::uint8_t mask;
    template <class T>
    [[nodiscard]] std::uint8_t operator()(T element) const noexcept
    {
        return (static_cast<std::uint8_t>(element) & mask) != 0 ? 1 : 0;
    }
};

/// Differing bits are gathered, and looked at once: a loop that compilers turn into vector code.
template <class Chip, class Ref, class Meaning>
bool run_equal(const Chip* chip, const Ref* ref, std::size_t count, Meaning meaning)
{
    using Meant = decltype(meaning(*chip));
    using Bits = std::conditional_t<std::is_same_v<Meant, Ref>, Ref, decltype(Meant{} ^ Ref{})>;
    Bits differing = 0;
    for (std::size_t i = 0; i < count; ++i) differing = static_cast<Bits>(differing | (meaning(chip[i]) ^ ref[i]));
    return differing == 0;
}

/// One block, `channels` x `positions` up to kBlock each: the reference's rows are read along memory and transposed in
/// cache, so that neither side is walked in strides that fall on one cache set.
template <class Chip, class Ref, class Meaning>
bool block_equal(const Chip* chip, std::size_t chip_stride, const Ref* ref, std::size_t ref_stride,
                 std::size_t channels, std::size_t positions, Meaning meaning)
{
    Ref transposed[kBlock][kBlock];
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t p = 0; p < positions; ++p) transposed[p][c] = ref[c * ref_stride + p];
    }
    bool equal = true;
    for (std::size_t p = 0; p < positions; ++p) {
        equal &= run_equal(chip + p * chip_stride, transposed[p], channels, meaning);
    }
    return equal;
}

template <class Chip, class Ref, class Meaning>
bool sample_equal(const Chip* chip, const Ref* ref, const RegionLayout& layout, Meaning meaning)
{
    const std::size_t channels = layout.channels;
    const std::size_t positions = layout.positions;
    for (std::size_t c = 0; c < channels; c += kBlock) {
        const std::size_t wide = std::min(kBlock, channels - c);
        for (std::size_t p = 0; p < positions; p += kBlock) {
            const std::size_t high = std::min(kBlock, positions - p);
            if (!block_equal(chip + p * channels + c, channels, ref + c * positions + p, positions, wide, high,
                             meaning)) {
                return false;
            }
        }
    }
    return true;
}

/// Every difference of the region; `ref` is the whole tensor.
template <class Chip, class Ref, class Meaning>
RegionMismatch measure(const Chip* chip, const Ref* ref, const RegionLayout& layout, Meaning meaning)
{
    RegionMismatch out;
    for (std::size_t n = 0; n < layout.samples; ++n, chip += layout.sample_size()) {
        std::size_t flat = layout.sample_first(n);
        for (std::size_t c = 0; c < layout.channels; ++c) {
            for (std::size_t p = 0; p < layout.positions; ++p, ++flat) {
                // NOLINTBEGIN(bugprone-signed-char-misuse): int8 is a number here
                const auto got = static_cast<std::int64_t>(meaning(chip[p * layout.channels + c]));
                const auto expected = static_cast<std::int64_t>(ref[flat]);
                // NOLINTEND(bugprone-signed-char-misuse)
                if (got == expected) continue;
                if (out.count++ == 0) {
                    out.first = flat;
                    out.expected = expected;
                    out.got = got;
                }
                const double deviation = std::abs(static_cast<double>(got) - static_cast<double>(expected));
                out.max_deviation = std::max(out.max_deviation, deviation);
                out.sum_deviation += deviation;
            }
        }
    }
    return out;
}

template <class Chip, class Ref, class Meaning>
std::optional<RegionMismatch> compare(const Chip* chip, const Ref* ref, const RegionLayout& layout, Meaning meaning)
{
    bool equal = true;
    for (std::size_t n = 0; n < layout.samples && equal; ++n) {
        const Chip* sample = chip + n * layout.sample_size();
        const Ref* expected = ref + layout.sample_first(n);
        equal = layout.same_order() ? run_equal(sample, expected, layout.sample_size(), meaning)
                                    : sample_equal(sample, expected, layout, meaning);
    }
    if (equal) return std::nullopt;
    return measure(chip, ref, layout, meaning);
}

template <class Visitor>
std::optional<RegionMismatch> visit_integer_type(ElementType type, Visitor&& visitor)
{
    return visit_element_type(type, [&](auto zero) -> std::optional<RegionMismatch> {
        if constexpr (std::is_floating_point_v<decltype(zero)>) {
            throw std::logic_error("verify: floating point elements where integers are compared");
        } else {
            return visitor(zero);
        }
    });
}

}  // namespace

std::optional<RegionMismatch> compare_region(const chip::TensorRegion& region, const RegionLayout& layout,
                                             const TensorView& reference)
{
    return visit_integer_type(reference.type, [&](auto ref_zero) {
        const auto* ref = static_cast<const decltype(ref_zero)*>(reference.data);
        if (region.flag_mask != 0) {
            return compare(static_cast<const std::uint8_t*>(region.data), ref, layout, Flag{region.flag_mask});
        }
        return visit_integer_type(region.type, [&](auto chip_zero) {
            return compare(static_cast<const decltype(chip_zero)*>(region.data), ref, layout, Plain{});
        });
    });
}

double largest_magnitude(const TensorView& tensor)
{
    return visit_element_type(tensor.type, [&](auto zero) {
        const auto* const elements = static_cast<const decltype(zero)*>(tensor.data);
        double largest = 0.0;
        for (std::size_t i = 0; i < tensor.size(); ++i) {
            largest = std::max(largest, std::abs(static_cast<double>(elements[i])));
        }
        return largest;
    });
}

}  // namespace wagesim::verify
