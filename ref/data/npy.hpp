// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One array in numpy's .npy form: its header, and its elements with checked conversions. Knows no archive and no file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "ref/data/dataset.hpp"
#include "ref/tensor/element_type.hpp"
#include "ref/tensor/shape.hpp"

namespace wagesim {

/// The element types that we read and write; little-endian. text is numpy's '<U': fixed-length UCS-4.
enum class NpyType : std::uint8_t {
    boolean,
    int8,
    uint8,
    int16,
    uint16,
    int32,
    uint32,
    int64,
    uint64,
    float32,
    float64,
    text
};

[[nodiscard]] NpyType npy_type_of(ElementType type) noexcept;
/// Bytes of one element; 0 for text, whose elements have a length of their own.
[[nodiscard]] std::size_t bytes_of(NpyType type) noexcept;

struct NpyHeader {
    NpyType type = NpyType::int8;
    std::size_t item_bytes = 1;
    std::vector<std::size_t> shape;  ///< empty: a scalar

    /// Number of elements; 1 for a scalar. The parser has refused what would overflow.
    [[nodiscard]] std::size_t size() const noexcept;
    [[nodiscard]] std::size_t bytes() const noexcept { return size() * item_bytes; }
    [[nodiscard]] bool is_integer() const noexcept;
    [[nodiscard]] bool has_shape(const Shape& extents) const noexcept;
    /// "int16 of 8x16"; for messages.
    [[nodiscard]] std::string describe() const;
};

/// Magic, version 1.0, header padded to 64 bytes: what stands before the elements.
[[nodiscard]] std::string format_npy_header(const NpyHeader& header);

/// Magic, version and length field: how many bytes the header has after its first kNpyPreamble ones.
inline constexpr std::size_t kNpyPreamble = 12;
struct NpyPreamble {
    std::size_t dictionary_at = 0;     ///< offset of the dictionary text: 10 or 12
    std::size_t dictionary_bytes = 0;  ///< its length with padding
    [[nodiscard]] std::size_t total() const noexcept { return dictionary_at + dictionary_bytes; }
};
/// Throws DataError with `origin` in front. `start` holds the first kNpyPreamble bytes.
[[nodiscard]] NpyPreamble parse_npy_preamble(std::string_view start, const std::string& origin);
/// Throws DataError for what we do not read: other types, big-endian, Fortran order, malformed text.
[[nodiscard]] NpyHeader parse_npy_dictionary(std::string_view text, const std::string& origin);

/// An array with its elements' bytes. `origin` ("file: entry 'name'") begins every message about it.
struct NpyArray {
    NpyHeader header;
    std::vector<std::uint8_t> bytes;
    std::string origin;

    /// Elements as T. Integers (and booleans) convert to any integer type that holds every value; double takes float64
    /// only, float takes float32 only. Throws DataError otherwise.
    template <class T>
    [[nodiscard]] std::vector<T> values() const;
    /// The one element of a scalar or of a one-element array.
    template <class T>
    [[nodiscard]] T scalar() const;
    /// A scalar text as UTF-8.
    [[nodiscard]] std::string text() const;

private:
    template <class T, class Stored>
    void convert(std::vector<T>& out) const;
    [[noreturn]] void refuse(const std::string& found, const std::string& allowed) const;
};

/// UTF-8 to the UCS-4 elements of a '<U' scalar. Throws DataError for malformed UTF-8.
[[nodiscard]] std::vector<std::uint32_t> decode_utf8(std::string_view text, const std::string& origin);

/// Element number i of an unaligned little-endian buffer.
template <class Stored>
[[nodiscard]] Stored npy_element(const std::vector<std::uint8_t>& bytes, std::size_t i) noexcept
{
    static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "arrays are copied from and to memory as they stand");
    Stored out;
    __builtin_memcpy(&out, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    return out;
}

template <class T, class Stored>
void NpyArray::convert(std::vector<T>& out) const
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto stored = npy_element<Stored>(bytes, i);
        const auto value = static_cast<T>(stored);  // NOLINT(bugprone-signed-char-misuse): int8 is a number here
        const bool kept = static_cast<Stored>(value) == stored && (value < T{0}) == (stored < Stored{0});
        if (!kept) {
            refuse(
                std::to_string(stored) + " at index " + std::to_string(i),
                std::to_string(std::numeric_limits<T>::min()) + ".." + std::to_string(std::numeric_limits<T>::max()));
        }
        out[i] = value;
    }
}

template <class T>
std::vector<T> NpyArray::values() const
{
    std::vector<T> out(header.size());
    if constexpr (std::is_floating_point_v<T>) {
        static_assert(std::is_same_v<T, double> || std::is_same_v<T, float>);
        constexpr bool kDouble = std::is_same_v<T, double>;
        if (header.type != (kDouble ? NpyType::float64 : NpyType::float32)) {
            refuse(header.describe(), kDouble ? "float64" : "float32");
        }
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = npy_element<T>(bytes, i);
    } else {
        switch (header.type) {
            case NpyType::boolean:
            case NpyType::uint8: convert<T, std::uint8_t>(out); break;
            case NpyType::int8: convert<T, std::int8_t>(out); break;
            case NpyType::int16: convert<T, std::int16_t>(out); break;
            case NpyType::uint16: convert<T, std::uint16_t>(out); break;
            case NpyType::int32: convert<T, std::int32_t>(out); break;
            case NpyType::uint32: convert<T, std::uint32_t>(out); break;
            case NpyType::int64: convert<T, std::int64_t>(out); break;
            case NpyType::uint64: convert<T, std::uint64_t>(out); break;
            case NpyType::float32:
            case NpyType::float64:
            case NpyType::text: refuse(header.describe(), "integers");
        }
    }
    return out;
}

template <class T>
T NpyArray::scalar() const
{
    if (header.size() != 1) refuse(header.describe(), "one element");
    return values<T>().front();
}

}  // namespace wagesim
