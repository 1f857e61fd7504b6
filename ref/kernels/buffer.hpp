// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Aligned storage whose element type is chosen at run time, by proven bounds. Storage only: no shape, no
// arithmetic.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>

#include "ref/tensor/element_type.hpp"

namespace wagesim::ref {

class Buffer {
public:
    Buffer() = default;
    /// `size` elements, all zero.
    Buffer(ElementType type, std::size_t size)
        : type_(type),
          size_(size),
          bytes_(size == 0 ? nullptr : static_cast<std::byte*>(::operator new(size* bytes_of(type), kAlignment)))
    {
        if (size != 0) std::memset(bytes_.get(), 0, size * bytes_of(type));
    }

    [[nodiscard]] ElementType type() const noexcept { return type_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] void* data() noexcept { return bytes_.get(); }
    [[nodiscard]] const void* data() const noexcept { return bytes_.get(); }

    /// The elements as T; throws std::logic_error where they are of another type.
    template <class T>
    [[nodiscard]] T* as()
    {
        check(element_type_of<T>());
        return reinterpret_cast<T*>(bytes_.get());
    }
    template <class T>
    [[nodiscard]] const T* as() const
    {
        check(element_type_of<T>());
        return reinterpret_cast<const T*>(bytes_.get());
    }

private:
    static constexpr std::align_val_t kAlignment{64};  // a cache line, and the widest vector
    struct Release {
        void operator()(std::byte* bytes) const noexcept { ::operator delete(bytes, kAlignment); }
    };

    void check(ElementType type) const
    {
        if (type != type_) throw std::logic_error("Buffer: read as another type than it was made for");
    }

    ElementType type_ = ElementType::int8;
    std::size_t size_ = 0;
    std::unique_ptr<std::byte, Release> bytes_;
};

/// int32 where the proven bound allows, else int64.
[[nodiscard]] constexpr ElementType accumulator_for(std::int64_t bound) noexcept
{
    return bound <= INT32_MAX ? ElementType::int32 : ElementType::int64;
}

/// Calls visitor(T{}) for the accumulator types, int32 and int64; anything else is a broken invariant.
template <class Visitor>
decltype(auto) visit_accumulator(ElementType type, Visitor&& visitor)
{
    switch (type) {
        case ElementType::int32: return visitor(std::int32_t{});
        case ElementType::int64: return visitor(std::int64_t{});
        default: throw std::logic_error("an accumulator is int32 or int64");
    }
}

/// Calls visitor(T{}) for the types of error codes and operands: int8, int16, int32.
template <class Visitor>
decltype(auto) visit_operand(ElementType type, Visitor&& visitor)
{
    switch (type) {
        case ElementType::int8: return visitor(std::int8_t{});
        case ElementType::int16: return visitor(std::int16_t{});
        case ElementType::int32: return visitor(std::int32_t{});
        default: throw std::logic_error("an operand is int8, int16 or int32");
    }
}

}  // namespace wagesim::ref
