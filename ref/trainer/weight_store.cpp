// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Initial values, the two orders, and the update row by row. See the header.
#include "ref/trainer/weight_store.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "ref/kernels/scratch.hpp"
#include "ref/kernels/team_failure.hpp"
#include "ref/numerics/weight.hpp"
#include "ref/quantizers/random_words.hpp"
#include "ref/quantizers/update.hpp"
#include "ref/tensor/transpose.hpp"

namespace wagesim::ref {

WeightStore::WeightStore(const LayerGeometry& geometry, const Widths& widths, WeightClip clip,
                         const numerics::Initialisation& init, std::uint64_t seed, std::uint64_t layer)
    : shape_(geometry.weight_shape()),
      widths_(widths),
      clip_(clip),
      outputs_(static_cast<std::size_t>(geometry.out_c)),
      channels_(static_cast<std::size_t>(geometry.in_c)),
      taps_(static_cast<std::size_t>(geometry.kernel_h) * static_cast<std::size_t>(geometry.kernel_w)),
      stored_(shape_.size()),
      codes_(shape_.size())
{
    const double limit = numerics::weight_limits(init, geometry.fan_in(), widths.w).limit();
    const numerics::Speck32 cipher(numerics::stream_key(seed, numerics::RandomDomain::initialisation, 0, layer));
    Tensor<std::int16_t> weights(shape_);
#pragma omp parallel for schedule(static)
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const std::uint32_t word = cipher.word32(static_cast<std::uint32_t>(i));
        weights[i] = static_cast<std::int16_t>(numerics::initial_weight(word, limit, init.grid, widths, clip));
    }
    set_stored(weights);
}

template <class T>
void WeightStore::to_contract(const T* kernel_order, T* contract_order) const
{
    transpose(kernel_order, outputs_, taps_, channels_, contract_order);
}
template void WeightStore::to_contract(const std::int8_t*, std::int8_t*) const;
template void WeightStore::to_contract(const std::int16_t*, std::int16_t*) const;
template void WeightStore::to_contract(const std::int32_t*, std::int32_t*) const;
template void WeightStore::to_contract(const std::int64_t*, std::int64_t*) const;

const Tensor<std::int16_t>& WeightStore::stored() const
{
    if (!contract_is_current_) {
        to_contract(stored_.data(), contract_.data());
        contract_is_current_ = true;
    }
    return contract_;
}

void WeightStore::set_stored(const Tensor<std::int16_t>& weights)
{
    if (weights.size() != stored_.size()) {
        throw std::invalid_argument("weights: got " + std::to_string(weights.size()) + " elements, allowed " +
                                    std::to_string(stored_.size()));
    }
    const std::int64_t limit = numerics::stored_weight_limit(widths_, clip_);
    for (const std::int16_t weight : weights) {
        if (numerics::magnitude(weight) > limit) {
            throw std::invalid_argument("weights: got " + std::to_string(weight) + ", allowed -" +
                                        std::to_string(limit) + ".." + std::to_string(limit));
        }
    }
    contract_ = Tensor<std::int16_t>(shape_);
    std::copy(weights.begin(), weights.end(), contract_.begin());
    contract_is_current_ = true;
    transpose(contract_.data(), outputs_, channels_, taps_, stored_.data());
    weight_codes(widths_, stored_.data(), stored_.size(), codes_.data());
}

template <class Gradient>
void WeightStore::update_as(const Buffer& gradients, std::int64_t largest, int eta_exponent,
                            const numerics::Speck32& cipher, std::int16_t* steps)
{
    const UpdateRule rule = update_rule(largest, eta_exponent, widths_, clip_);
    const Gradient* all = gradients.as<Gradient>();
    TeamFailure failure;
#pragma omp parallel
    {
        const RandomWords stream(cipher);
        thread_local Scratch<std::uint16_t> scratch;
        std::uint16_t* turned = nullptr;
        failure.guard([&] { turned = scratch.grown(row()); });
#pragma omp for schedule(static)
        for (std::size_t o = 0; o < outputs_; ++o) {
            failure.guard([&] {
                const std::size_t at = o * row();
                const std::uint16_t* words = stream.run(at, row());  // in the order I, kh, kw
                if (taps_ > 1 && channels_ > 1) {
                    transpose(words, 1, channels_, taps_, turned);
                    words = turned;
                }
                update_weights(rule, all + at, words, row(), stored_.data() + at, codes_.data() + at,
                               steps == nullptr ? nullptr : steps + at);
            });
        }
    }
    failure.rethrow();
    contract_is_current_ = false;
}

void WeightStore::update(const Buffer& gradients, std::int64_t largest, int eta_exponent,
                         const numerics::Speck32& cipher, std::int16_t* steps)
{
    if (largest == 0) {
        if (steps != nullptr) std::fill_n(steps, stored_.size(), std::int16_t{0});
        return;
    }
    visit_accumulator(gradients.type(),
                      [&](auto zero) { update_as<decltype(zero)>(gradients, largest, eta_exponent, cipher, steps); });
}

}  // namespace wagesim::ref
