// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// float32 storage on cache-line boundaries. No shape, no arithmetic.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace wagesim::floating {

class FloatArray {
public:
    FloatArray() = default;
    /// `size` elements, all zero.
    explicit FloatArray(std::size_t size)
        : size_(size),
          elements_(size == 0 ? nullptr : static_cast<float*>(::operator new(size * sizeof(float), kAlignment)))
    {
        std::fill_n(elements_.get(), size, 0.0F);
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] float* data() noexcept { return elements_.get(); }
    [[nodiscard]] const float* data() const noexcept { return elements_.get(); }
    [[nodiscard]] float& operator[](std::size_t i) noexcept { return elements_.get()[i]; }
    [[nodiscard]] const float& operator[](std::size_t i) const noexcept { return elements_.get()[i]; }

private:
    static constexpr std::align_val_t kAlignment{64};  // a cache line, and the widest vector
    struct Release {
        void operator()(float* elements) const noexcept { ::operator delete(elements, kAlignment); }
    };

    std::size_t size_ = 0;
    std::unique_ptr<float, Release> elements_;
};

}  // namespace wagesim::floating
