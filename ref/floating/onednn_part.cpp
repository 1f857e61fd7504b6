// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/floating/onednn_part.hpp"

#include <omp.h>

namespace wagesim::floating {

SingleThreaded::SingleThreaded() : threads_(omp_get_max_threads())
{
    omp_set_num_threads(1);
}

SingleThreaded::~SingleThreaded()
{
    omp_set_num_threads(threads_);
}

dnnl::primitive_attr with_scratchpad()
{
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

float* writable(const float* data)
{
    return const_cast<float*>(data);
}

OnednnPart::OnednnPart(const dnnl::engine& engine, dnnl::primitive primitive, const dnnl::memory::desc& scratchpad,
                       Arguments arguments)
    : stream_(engine), primitive_(std::move(primitive)), arguments_(std::move(arguments))
{
    arguments_[DNNL_ARG_SCRATCHPAD] = dnnl::memory(scratchpad, engine);
}

void OnednnPart::run(std::initializer_list<std::pair<int, const float*>> places)
{
    for (const auto& [argument, data] : places) arguments_.at(argument).set_data_handle(writable(data));
    primitive_.execute(stream_, arguments_);
    stream_.wait();
}

}  // namespace wagesim::floating
