// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A tensor that somebody else owns: type, shape, row-major bytes. And who listens to a step's tensors.
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/tensor/element_type.hpp"
#include "ref/tensor/shape.hpp"
#include "ref/tensor/tensor_name.hpp"

namespace wagesim {

/// Read-only view; valid only during the call it is passed to. Row-major, in the layout of docs/numerics.md section 2.
struct TensorView {
    ElementType type = ElementType::int8;
    Shape shape;
    const void* data = nullptr;

    [[nodiscard]] std::size_t size() const noexcept { return shape.size(); }
    [[nodiscard]] std::size_t bytes() const noexcept { return size() * bytes_of(type); }
};

/// Which tensor of which step and weight layer. For loss and prediction the layer is 0 and means nothing.
struct TensorId {
    std::uint64_t step = 0;
    std::uint32_t layer = 0;
    TensorName name = TensorName::weight_stored;
};

/// Receives every tensor of a training step, each whole and once.
class TensorSink {
public:
    virtual ~TensorSink() = default;
    /// Whether the producer should materialise and deliver this tensor at all.
    [[nodiscard]] virtual bool wants(const TensorId& id) const = 0;
    virtual void on_tensor(const TensorId& id, const TensorView& tensor) = 0;
};

}  // namespace wagesim
