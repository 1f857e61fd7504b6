// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Several listeners to one step's tensors, each of which receives what it wants.
#pragma once

#include <algorithm>
#include <vector>

#include "ref/tensor/tensor_view.hpp"

namespace wagesim {

class SinkList final : public TensorSink {
public:
    /// Not owned; a null sink is left out.
    void add(TensorSink* sink)
    {
        if (sink != nullptr) sinks_.push_back(sink);
    }

    [[nodiscard]] bool wants(const TensorId& id) const override
    {
        return std::any_of(sinks_.begin(), sinks_.end(), [&](const TensorSink* sink) { return sink->wants(id); });
    }

    void on_tensor(const TensorId& id, const TensorView& tensor) override
    {
        for (TensorSink* const sink : sinks_) {
            if (sink->wants(id)) sink->on_tensor(id, tensor);
        }
    }

    /// What an engine is given: nothing where nobody listens, so that it makes no tensors at all.
    [[nodiscard]] TensorSink* or_none() noexcept { return sinks_.empty() ? nullptr : this; }

private:
    std::vector<TensorSink*> sinks_;
};

}  // namespace wagesim
