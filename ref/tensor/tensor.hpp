// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A tensor that owns its elements. Row-major; nothing but storage.
#pragma once

#include <vector>

#include "ref/tensor/tensor_view.hpp"

namespace wagesim {

template <class T>
class Tensor {
public:
    Tensor() = default;
    explicit Tensor(const Shape& shape) : shape_(shape), data_(shape.size()) {}

    [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
    [[nodiscard]] std::size_t size() const noexcept { return data_.size(); }
    [[nodiscard]] T* data() noexcept { return data_.data(); }
    [[nodiscard]] const T* data() const noexcept { return data_.data(); }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }
    [[nodiscard]] auto begin() noexcept { return data_.begin(); }
    [[nodiscard]] auto end() noexcept { return data_.end(); }
    [[nodiscard]] auto begin() const noexcept { return data_.begin(); }
    [[nodiscard]] auto end() const noexcept { return data_.end(); }

    [[nodiscard]] TensorView view() const noexcept { return {element_type_of<T>(), shape_, data_.data()}; }

private:
    Shape shape_;
    std::vector<T> data_;
};

}  // namespace wagesim
