// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// oneDNN convolution primitives, made once for each number of samples. See the header.
#include "ref/kernels/onednn_convolution.hpp"

#include <map>
#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "ref/kernels/product_paths.hpp"

namespace wagesim::ref {
namespace {

using Data = dnnl::memory::data_type;
using Format = dnnl::memory::format_tag;

dnnl::memory::dim dim(std::size_t n)
{
    return static_cast<dnnl::memory::dim>(n);
}

/// The C++ interface binds writable memory only; the primitives read these.
void* readable(const std::int8_t* data)
{
    return const_cast<std::int8_t*>(data);
}

/// The primitive for one number of samples, with weights in the order that it wants.
struct Prepared {
    dnnl::convolution_forward convolution;
    dnnl::reorder reorder;
    dnnl::memory input;
    dnnl::memory weights;
    dnnl::memory sums;
    std::uint64_t weights_version = 0;
};

}  // namespace

bool OnednnConvolution::is_exact(std::int64_t bound_of_sums)
{
    return product::onednn_has_wide_byte_products() && bound_of_sums <= std::int64_t{1} << 24;
}

struct OnednnConvolution::State {
    ConvolutionShape shape;
    bool nonnegative = false;
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    std::vector<std::int8_t> plain_weights;
    dnnl::memory plain;
    std::uint64_t version = 1;
    std::map<std::size_t, Prepared> prepared;

    [[nodiscard]] dnnl::memory::dims weight_extents() const
    {
        return {dim(shape.out_c), dim(shape.in_c), dim(shape.kernel_h), dim(shape.kernel_w)};
    }

    [[nodiscard]] Prepared prepare(std::size_t samples) const
    {
        const dnnl::memory::desc input({dim(samples), dim(shape.in_c), dim(shape.in_h), dim(shape.in_w)},
                                       nonnegative ? Data::u8 : Data::s8, Format::nhwc);
        const dnnl::memory::desc sums({dim(samples), dim(shape.out_c), dim(shape.out_h), dim(shape.out_w)}, Data::s32,
                                      Format::nhwc);
        const dnnl::memory::desc weights(weight_extents(), Data::s8, Format::any);
        const auto stride = dim(shape.stride);
        const auto pad = dim(shape.pad);
        const dnnl::convolution_forward::desc convolution(dnnl::prop_kind::forward_inference,
                                                          dnnl::algorithm::convolution_direct, input, weights, sums,
                                                          {stride, stride}, {pad, pad}, {pad, pad});
        const dnnl::convolution_forward::primitive_desc descriptor(convolution, engine);
        Prepared out;
        out.convolution = dnnl::convolution_forward(descriptor);
        out.input = dnnl::memory(descriptor.src_desc(), engine, nullptr);
        out.sums = dnnl::memory(descriptor.dst_desc(), engine, nullptr);
        out.weights = dnnl::memory(descriptor.weights_desc(), engine);
        out.reorder = dnnl::reorder(plain, out.weights);
        return out;
    }
};

OnednnConvolution::OnednnConvolution(const ConvolutionShape& shape, bool nonnegative)
    : state_(std::make_unique<State>())
{
    state_->shape = shape;
    state_->nonnegative = nonnegative;
    state_->plain_weights.resize(shape.weights());
    state_->plain = dnnl::memory(dnnl::memory::desc(state_->weight_extents(), Data::s8, Format::ohwi), state_->engine,
                                 state_->plain_weights.data());
}

OnednnConvolution::~OnednnConvolution() = default;

void OnednnConvolution::set_weights(const std::int8_t* weights)
{
    state_->plain_weights.assign(weights, weights + state_->plain_weights.size());
    ++state_->version;
}

void OnednnConvolution::run(const std::int8_t* input, std::size_t samples, std::int32_t* sums)
{
    State& s = *state_;
    auto found = s.prepared.find(samples);
    if (found == s.prepared.end()) found = s.prepared.emplace(samples, s.prepare(samples)).first;
    Prepared& p = found->second;
    if (p.weights_version != s.version) {
        p.reorder.execute(s.stream, s.plain, p.weights);
        p.weights_version = s.version;
    }
    p.input.set_data_handle(readable(input));
    p.sums.set_data_handle(sums);
    p.convolution.execute(s.stream, {{DNNL_ARG_SRC, p.input}, {DNNL_ARG_WEIGHTS, p.weights}, {DNNL_ARG_DST, p.sums}});
    s.stream.wait();
}

}  // namespace wagesim::ref
