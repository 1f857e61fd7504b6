// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A oneDNN primitive with everything that one execution needs, so that several run side by side, each on one thread.
#pragma once

#include <initializer_list>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>
#include <utility>

namespace wagesim::floating {

/// While it lives, primitives are made for one thread: what they compute then depends on no number of threads.
class SingleThreaded {
public:
    SingleThreaded();
    ~SingleThreaded();
    SingleThreaded(const SingleThreaded&) = delete;
    SingleThreaded& operator=(const SingleThreaded&) = delete;

private:
    int threads_;
};

/// The library's own working memory would be shared by all executions of a primitive.
[[nodiscard]] dnnl::primitive_attr with_scratchpad();

/// oneDNN's C++ interface binds writable memory only, also what primitives but read.
[[nodiscard]] float* writable(const float* data);

class OnednnPart {
public:
    using Arguments = std::unordered_map<int, dnnl::memory>;

    OnednnPart(const dnnl::engine& engine, dnnl::primitive primitive, const dnnl::memory::desc& scratchpad,
               Arguments arguments);

    /// Executes with these arguments' data at these places.
    void run(std::initializer_list<std::pair<int, const float*>> places);

private:
    dnnl::stream stream_;
    dnnl::primitive primitive_;
    Arguments arguments_;
};

}  // namespace wagesim::floating
