// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Hands a step's tensors to a TensorSink in the contract's layout. Tensors that nobody wants are never made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/kernels/buffer.hpp"
#include "ref/tensor/shape.hpp"
#include "ref/tensor/tensor_view.hpp"
#include "ref/tensor/transpose.hpp"

namespace wagesim::ref {

class StepReport {
public:
    StepReport(TensorSink* sink, std::uint64_t step) : sink_(sink), step_(step) {}

    [[nodiscard]] bool wants(std::size_t layer, TensorName name) const { return taker(layer, name) != nullptr; }

    /// A tensor that already has the contract's layout.
    void give(std::size_t layer, TensorName name, const TensorView& tensor) const
    {
        if (TensorSink* const sink = taker(layer, name)) sink->on_tensor(id(layer, name), tensor);
    }

    template <class T>
    void scalar(std::size_t layer, TensorName name, T value) const
    {
        give(layer, name, {element_type_of<T>(), Shape{}, &value});
    }

    /// outer x pixels x channels -> outer x channels x pixels, of `shape` (whose first extent is outer).
    template <class T>
    void channel_last(std::size_t layer, TensorName name, const Shape& shape, std::size_t channels, const T* data) const
    {
        TensorSink* const sink = taker(layer, name);
        if (sink == nullptr) return;
        std::vector<T> out(shape.size());
        const std::size_t outer = shape[0];
        if (outer > 0) transpose(data, outer, shape.size() / outer / channels, channels, out.data());
        sink->on_tensor(id(layer, name), {element_type_of<T>(), shape, out.data()});
    }

    void channel_last(std::size_t layer, TensorName name, const Shape& shape, std::size_t channels,
                      const Buffer& data) const
    {
        visit_element_type(data.type(),
                           [&](auto zero) { channel_last(layer, name, shape, channels, data.as<decltype(zero)>()); });
    }

private:
    /// The sink where it wants this tensor, else nullptr.
    [[nodiscard]] TensorSink* taker(std::size_t layer, TensorName name) const
    {
        return sink_ != nullptr && sink_->wants(id(layer, name)) ? sink_ : nullptr;
    }

    [[nodiscard]] TensorId id(std::size_t layer, TensorName name) const
    {
        return {step_, belongs_to_step(name) ? 0U : static_cast<std::uint32_t>(layer), name};
    }

    TensorSink* sink_;
    std::uint64_t step_;
};

}  // namespace wagesim::ref
