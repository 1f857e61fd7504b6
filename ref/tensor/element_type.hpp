// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The integer types that tensors are stored in, as run-time values. Description only; no arithmetic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace wagesim {

enum class ElementType : std::uint8_t { int8, uint8, int16, uint16, int32, int64, float64 };

[[nodiscard]] constexpr std::size_t bytes_of(ElementType type) noexcept
{
    switch (type) {
        case ElementType::int8:
        case ElementType::uint8: return 1;
        case ElementType::int16:
        case ElementType::uint16: return 2;
        case ElementType::int32: return 4;
        case ElementType::int64:
        case ElementType::float64: return 8;
    }
    return 0;
}

/// The ElementType of a C++ type; other types do not compile.
template <class T>
[[nodiscard]] constexpr ElementType element_type_of() noexcept
{
    if constexpr (std::is_same_v<T, std::int8_t>)
        return ElementType::int8;
    else if constexpr (std::is_same_v<T, std::uint8_t>)
        return ElementType::uint8;
    else if constexpr (std::is_same_v<T, std::int16_t>)
        return ElementType::int16;
    else if constexpr (std::is_same_v<T, std::uint16_t>)
        return ElementType::uint16;
    else if constexpr (std::is_same_v<T, std::int32_t>)
        return ElementType::int32;
    else if constexpr (std::is_same_v<T, std::int64_t>)
        return ElementType::int64;
    else {
        static_assert(std::is_same_v<T, double>, "not a tensor element type");
        return ElementType::float64;
    }
}

/// The smallest signed type that holds every value of magnitude <= bound.
[[nodiscard]] constexpr ElementType signed_type_for(std::int64_t bound) noexcept
{
    if (bound <= INT8_MAX) return ElementType::int8;
    if (bound <= INT16_MAX) return ElementType::int16;
    if (bound <= INT32_MAX) return ElementType::int32;
    return ElementType::int64;
}

/// Calls visitor(T{}) with the C++ type that `type` names.
template <class Visitor>
decltype(auto) visit_element_type(ElementType type, Visitor&& visitor)
{
    switch (type) {
        case ElementType::int8: return visitor(std::int8_t{});
        case ElementType::uint8: return visitor(std::uint8_t{});
        case ElementType::int16: return visitor(std::int16_t{});
        case ElementType::uint16: return visitor(std::uint16_t{});
        case ElementType::int32: return visitor(std::int32_t{});
        case ElementType::int64: return visitor(std::int64_t{});
        case ElementType::float64: break;
    }
    return visitor(double{});
}

}  // namespace wagesim
