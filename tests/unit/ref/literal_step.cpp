// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header. Section numbers are those of docs/numerics.md.
#include "tests/unit/ref/literal_step.hpp"

#include <algorithm>

#include "ref/numerics/input_code.hpp"
#include "ref/numerics/integer.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/numerics/update.hpp"
#include "ref/numerics/weight.hpp"

namespace wagesim::test {
namespace {

using Values = std::vector<std::int64_t>;

std::size_t at(std::int64_t i)
{
    return static_cast<std::size_t>(i);
}

/// n, c, y, x of a tensor with c channels of h x w.
std::size_t index(std::int64_t n, int c, int y, int x, int channels, int h, int w)
{
    return at(((n * channels + c) * h + y) * w + x);
}

/// Visits (input index, weight index, accumulator index) of every product of one layer and batch, section 2.
template <class Visit>
void each_product(const LayerGeometry& g, std::size_t samples, Visit&& visit)
{
    for (std::int64_t n = 0; n < static_cast<std::int64_t>(samples); ++n)
        for (int o = 0; o < g.out_c; ++o)
            for (int y = 0; y < g.acc_h; ++y)
                for (int x = 0; x < g.acc_w; ++x)
                    for (int i = 0; i < g.in_c; ++i)
                        for (int kh = 0; kh < g.kernel_h; ++kh)
                            for (int kw = 0; kw < g.kernel_w; ++kw) {
                                const int iy = y * g.stride + kh - g.pad;
                                const int ix = x * g.stride + kw - g.pad;
                                if (iy < 0 || iy >= g.in_h || ix < 0 || ix >= g.in_w) continue;
                                visit(index(n, i, iy, ix, g.in_c, g.in_h, g.in_w),
                                      index(o, i, kh, kw, g.in_c, g.kernel_h, g.kernel_w),
                                      index(n, o, y, x, g.out_c, g.acc_h, g.acc_w));
                            }
}

/// Visits (output index, window place, accumulator index) of every place of every pooling window.
template <class Visit>
void each_place(const LayerGeometry& g, std::size_t samples, Visit&& visit)
{
    const Pooling pool = g.pool.value_or(Pooling{1, 1});
    for (std::int64_t n = 0; n < static_cast<std::int64_t>(samples); ++n)
        for (int c = 0; c < g.out_c; ++c)
            for (int y = 0; y < g.out_h; ++y)
                for (int x = 0; x < g.out_w; ++x)
                    for (int row = 0; row < pool.size; ++row)
                        for (int column = 0; column < pool.size; ++column)
                            visit(index(n, c, y, x, g.out_c, g.out_h, g.out_w), row * pool.size + column,
                                  index(n, c, y * pool.stride + row, x * pool.stride + column, g.out_c, g.acc_h,
                                        g.acc_w));
}

std::int64_t largest(const Values& values)
{
    std::int64_t m = 0;
    for (const std::int64_t value : values) m = std::max(m, value < 0 ? -value : value);
    return m;
}

std::int64_t exponent_of(std::int64_t m)
{
    return m == 0 ? -1 : numerics::exponent(static_cast<std::uint64_t>(m));
}

}  // namespace

LiteralTrainer::LiteralTrainer(const Network& network, const ref::TrainerOptions& options)
    : options_(options), layers_(make_geometry(network, options.widths))
{
    for (std::size_t l = 0; l < layers_.size(); ++l) {  // section 4
        const double limit = numerics::weight_limits(network.init, layers_[l].fan_in(), options.widths.w).limit();
        const numerics::Speck32 cipher(
            numerics::stream_key(options.seed, numerics::RandomDomain::initialisation, 0, l));
        Values stored(at(layers_[l].weights()));
        for (std::size_t i = 0; i < stored.size(); ++i) {
            stored[i] = numerics::initial_weight(cipher.word32(static_cast<std::uint32_t>(i)), limit, network.init.grid,
                                                 options.widths, options.weight_clip);
        }
        stored_.push_back(stored);
    }
}

std::vector<std::int64_t> LiteralTrainer::forward(std::size_t l, const Values& input, std::size_t samples,
                                                  LiteralTensors& out) const
{
    const LayerGeometry& g = layers_[l];
    Values weights;
    for (const std::int64_t n : stored_[l]) weights.push_back(numerics::weight_code(n, options_.widths));
    Values acc(samples * at(g.accumulators()));
    each_product(g, samples, [&](std::size_t i, std::size_t w, std::size_t a) { acc[a] += input[i] * weights[w]; });
    out[{l, TensorName::weight_stored}] = stored_[l];
    out[{l, TensorName::weight_q}] = weights;
    out[{l, TensorName::input}] = input;
    out[{l, TensorName::acc}] = acc;
    out[{l, TensorName::attenuation}] = {g.attenuation};
    if (!g.hidden) return acc;

    Values pooled(samples * at(g.outputs()));
    Values winner(pooled.size());
    each_place(g, samples, [&](std::size_t o, int place, std::size_t a) {
        if (place == 0 || acc[a] > pooled[o]) {
            pooled[o] = acc[a];
            winner[o] = place;
        }
    });
    const int shift = options_.widths.w - 1 + g.attenuation;
    const std::int64_t limit = numerics::max_code(options_.widths.a);
    Values output, active, unclipped;
    for (const std::int64_t n : pooled) {
        output.push_back(numerics::clip(numerics::round_half_even_shift(std::max<std::int64_t>(n, 0), shift), limit));
        active.push_back(n > 0 ? 1 : 0);
        unclipped.push_back(n <= limit * (std::int64_t{1} << shift) ? 1 : 0);
    }
    if (g.pool) {
        out[{l, TensorName::pooled}] = pooled;
        out[{l, TensorName::pool_winner}] = winner;
    }
    out[{l, TensorName::output}] = output;
    out[{l, TensorName::mask_active}] = active;
    out[{l, TensorName::mask_unclipped}] = unclipped;
    return output;
}

std::vector<std::int64_t> LiteralTrainer::backward(std::size_t l, Values error, std::size_t samples,
                                                   LiteralTensors& out) const
{
    const LayerGeometry& g = layers_[l];
    out[{l, TensorName::error_in}] = error;
    if (g.hidden) {
        const Values& unclipped = out.at({l, TensorName::mask_unclipped});
        for (std::size_t i = 0; i < error.size(); ++i) error[i] *= unclipped[i];
    }
    const std::int64_t m = largest(error);
    Values codes(error.size());
    const int shift = static_cast<int>(exponent_of(m)) - options_.gamma_log2 - (options_.widths.e - 1);
    for (std::size_t i = 0; m > 0 && i < error.size(); ++i) {
        codes[i] = numerics::quantize(error[i], shift, options_.widths.e);
    }
    out[{l, TensorName::max_error}] = {m};
    out[{l, TensorName::exponent_e}] = {exponent_of(m)};
    out[{l, TensorName::error_q}] = codes;
    Values operands(samples * at(g.accumulators()));
    if (g.hidden) {
        const Values& active = out.at({l, TensorName::mask_active});
        const Values none(codes.size());
        const Values& winner = g.pool ? out.at({l, TensorName::pool_winner}) : none;
        each_place(g, samples, [&](std::size_t o, int place, std::size_t a) {
            if (winner[o] == place) operands[a] += codes[o] * active[o];
        });
    } else {
        operands = codes;
    }
    out[{l, TensorName::error_mac}] = operands;
    const Values& weights = out.at({l, TensorName::weight_q});
    const Values& input = out.at({l, TensorName::input});
    Values delivered(samples * at(g.inputs()));
    Values gradient(weights.size());
    each_product(g, samples, [&](std::size_t i, std::size_t w, std::size_t a) {
        delivered[i] += operands[a] * weights[w];
        gradient[w] += operands[a] * input[i];
    });
    out[{l, TensorName::gradient}] = gradient;
    if (l > 0) out[{l, TensorName::error_out}] = delivered;
    return delivered;
}

void LiteralTrainer::update(std::size_t l, std::uint64_t step, int eta, LiteralTensors& out)
{
    const Values& gradient = out.at({l, TensorName::gradient});
    const std::int64_t m = largest(gradient);
    const numerics::Speck32 cipher(numerics::stream_key(options_.seed, numerics::RandomDomain::rounding, step, l));
    const std::int64_t limit = numerics::stored_weight_limit(options_.widths, options_.weight_clip);
    Values delta(gradient.size());
    for (std::size_t i = 0; m > 0 && i < gradient.size(); ++i) {
        delta[i] = numerics::stochastic_step(gradient[i], static_cast<int>(exponent_of(m)), eta, cipher.word16(i));
        stored_[l][i] = numerics::clip(stored_[l][i] - delta[i], limit);
    }
    out[{l, TensorName::max_gradient}] = {m};
    out[{l, TensorName::exponent_g}] = {exponent_of(m)};
    out[{l, TensorName::delta}] = delta;
    out[{l, TensorName::weight_stored_next}] = stored_[l];
}

LiteralTensors LiteralTrainer::step(const BatchView& batch, std::uint64_t step, int eta)
{
    LiteralTensors out;
    const LayerGeometry& first = layers_.front();
    const LayerGeometry& last = layers_.back();
    Values values;
    for (std::size_t i = 0; i < batch.samples * at(first.inputs()); ++i) {  // section 3
        values.push_back(numerics::input_code(batch.images[i], options_.range, options_.widths.a));
    }
    for (std::size_t l = 0; l < layers_.size(); ++l) values = forward(l, values, batch.samples, out);

    const int scale = (options_.widths.a - 1) + (options_.widths.w - 1) + last.attenuation;
    Values prediction;
    for (std::size_t n = 0; n < batch.samples; ++n) {
        const auto row = values.begin() + static_cast<std::ptrdiff_t>(n * at(last.out_c));
        prediction.push_back(std::max_element(row, row + last.out_c) - row);
        row[batch.labels[n]] -= std::int64_t{1} << scale;
    }
    out[{0, TensorName::prediction}] = prediction;
    for (std::size_t l = layers_.size(); l-- > 0;) values = backward(l, values, batch.samples, out);
    for (std::size_t l = 0; l < layers_.size(); ++l) update(l, step, eta, out);
    return out;
}

}  // namespace wagesim::test
