// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/floating/hidden_output.hpp"

#include <array>
#include <cmath>

#include "ref/floating/parts.hpp"
#include "ref/floating/quantizers.hpp"
#include "ref/kernels/pooling.hpp"

namespace wagesim::floating {
namespace {

std::optional<BatchNorm> make_norm(const LayerGeometry& g, bool batch_norm, std::size_t batch)
{
    if (!batch_norm) return std::nullopt;
    return BatchNorm(extent(g.out_c), extent(g.out_h) * extent(g.out_w), batch);
}

}  // namespace

HiddenOutput::HiddenOutput(const LayerGeometry& geometry, const OperandBits& bits, bool batch_norm, std::size_t batch)
    : bits_(bits),
      scale_(batch_norm ? 1.0F : std::ldexp(1.0F, -geometry.attenuation)),
      inputs_(extent(geometry.accumulators())),
      outputs_of_sample_(extent(geometry.outputs())),
      part_(samples_of_a_part(batch)),
      pool_(ref::pool_shape_of(geometry)),
      norm_(make_norm(geometry, batch_norm, batch)),
      pooled_(pool_ ? batch * outputs_of_sample_ : 0),
      normalized_(batch_norm ? batch * outputs_of_sample_ : 0),
      outputs_(batch * outputs_of_sample_),
      unpooled_(pool_ ? batch * inputs_ : 0),
      flags_(batch * outputs_of_sample_),
      winners_(pool_ ? batch * outputs_of_sample_ : 0)
{
}

void HiddenOutput::pool(const float* sums, std::size_t samples)
{
    for_each_part(samples, part_, [&](std::size_t, std::size_t first, std::size_t count) {
        for (std::size_t n = first; n < first + count; ++n) {
            ref::max_pool(*pool_, sums + n * inputs_, pooled_.data() + n * outputs_of_sample_,
                          winners_.data() + n * outputs_of_sample_);
        }
    });
}

void HiddenOutput::forward(const float* sums, std::size_t samples, bool training)
{
    const float* x = sums;
    if (pool_) {
        pool(sums, samples);
        x = pooled_.data();
    }
    if (norm_) {
        if (training) {
            norm_->measure(x, samples);
        } else {
            norm_->use_running();
        }
        norm_->forward(x, samples, normalized_.data());
        x = normalized_.data();
    }
    for_each_part(samples, part_, [&](std::size_t, std::size_t first, std::size_t count) {
        const std::size_t at = first * outputs_of_sample_;
        activate(bits_.a, scale_, x + at, count * outputs_of_sample_, outputs_.data() + at, flags_.data() + at);
    });
}

/// The errors of what is behind normalization: without it, those of the (pooled) sums.
void HiddenOutput::quantize_or_mask(std::size_t samples, float* errors)
{
    const std::size_t outputs = outputs_of_sample_;
    constexpr auto kBoth = static_cast<std::uint8_t>(kUnclipped | kActive);
    // As in the integers: the maximum is taken over inactive outputs, too, and Q_E comes before the mask. With batch
    // normalization Q_E comes after it, next to the multiply-accumulates.
    const bool quantized = bits_.e != 0 && !norm_;
    ErrorRule rule;
    if (quantized) {
        rule = error_rule(largest_error(errors, flags_.data(), kUnclipped, samples, outputs, part_), bits_.gamma_log2,
                          bits_.e, scale_);
    }
    for_each_part(samples, part_, [&](std::size_t, std::size_t first, std::size_t count) {
        const std::size_t at = first * outputs;
        if (quantized) {
            quantize_errors(rule, flags_.data() + at, kBoth, count * outputs, errors + at);
        } else {
            mask_errors(scale_, flags_.data() + at, kBoth, count * outputs, errors + at);
        }
    });
}

void HiddenOutput::unpool(const float* errors, std::size_t samples)
{
    for_each_part(samples, part_, [&](std::size_t, std::size_t first, std::size_t count) {
        for (std::size_t n = first; n < first + count; ++n) {
            ref::unpool(*pool_, errors + n * outputs_of_sample_, winners_.data() + n * outputs_of_sample_,
                        unpooled_.data() + n * inputs_);
        }
    });
}

const float* HiddenOutput::backward(const float* sums, std::size_t samples, float* errors)
{
    quantize_or_mask(samples, errors);
    if (norm_) {
        norm_->backward(pool_ ? pooled_.data() : sums, samples, errors);
        if (bits_.e != 0) {
            const float largest = largest_error(errors, nullptr, 0, samples, outputs_of_sample_, part_);
            const ErrorRule rule = error_rule(largest, bits_.gamma_log2, bits_.e, 1.0F);
            for_each_part(samples, part_, [&](std::size_t, std::size_t first, std::size_t count) {
                quantize_errors(rule, nullptr, 0, count * outputs_of_sample_, errors + first * outputs_of_sample_);
            });
        }
    }
    if (!pool_) return errors;
    unpool(errors, samples);
    return unpooled_.data();
}

float largest_error(const float* errors, const std::uint8_t* flags, std::uint8_t required, std::size_t samples,
                    std::size_t outputs_of_sample, std::size_t part)
{
    std::array<float, kMostParts> largest{};
    for_each_part(samples, part, [&](std::size_t index, std::size_t first, std::size_t count) {
        const std::size_t at = first * outputs_of_sample;
        largest[index] = largest_magnitude(errors + at, flags == nullptr ? nullptr : flags + at, required,
                                           count * outputs_of_sample);
    });
    float out = 0.0F;
    for (const float each : largest) {
        if (std::isnan(each)) return each;  // it must not be lost among the others
        out = std::max(out, each);
    }
    return out;
}

}  // namespace wagesim::floating
