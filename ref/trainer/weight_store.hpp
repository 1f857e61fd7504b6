// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One layer's weights: n_g as stored, n_w as used, and the update (docs/numerics.md sections 4 and 7). Kept in the
// kernels' order, o, kh, kw, i; the contract's order, O, I, kh, kw, is at the interface and in the random words' index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/kernels/buffer.hpp"
#include "ref/network/layer_geometry.hpp"
#include "ref/network/network.hpp"
#include "ref/numerics/random_words.hpp"
#include "ref/numerics/widths.hpp"
#include "ref/tensor/tensor.hpp"

namespace wagesim::ref {

class WeightStore {
public:
    /// Initial weights of layer `layer` (Eq. 5).
    WeightStore(const LayerGeometry& geometry, const Widths& widths, WeightClip clip,
                const numerics::Initialisation& init, std::uint64_t seed, std::uint64_t layer);

    /// n_w: o, kh, kw, i.
    [[nodiscard]] const std::int8_t* codes() const { return codes_.data(); }
    [[nodiscard]] std::size_t size() const { return codes_.size(); }

    /// n_g in the contract's order.
    [[nodiscard]] const Tensor<std::int16_t>& stored() const;
    /// Throws std::invalid_argument for another size or values outside +-Nw.
    void set_stored(const Tensor<std::int16_t>& weights);

    /// Moves every weight by its gradient (o, kh, kw, i), whose largest magnitude is `largest`; 0 changes nothing.
    /// `steps`, where given, receives d in the kernels' order.
    void update(const Buffer& gradients, std::int64_t largest, int eta_exponent, const numerics::Speck32& cipher,
                std::int16_t* steps);

    /// Kernels' order to the contract's: o, kh, kw, i -> O, I, kh, kw.
    template <class T>
    void to_contract(const T* kernel_order, T* contract_order) const;

private:
    [[nodiscard]] std::size_t row() const noexcept { return taps_ * channels_; }
    template <class Gradient>
    void update_as(const Buffer& gradients, std::int64_t largest, int eta_exponent, const numerics::Speck32& cipher,
                   std::int16_t* steps);

    Shape shape_;
    Widths widths_;
    WeightClip clip_;
    std::size_t outputs_;
    std::size_t channels_;
    std::size_t taps_;  ///< kh * kw
    std::vector<std::int16_t> stored_;
    std::vector<std::int8_t> codes_;
    mutable Tensor<std::int16_t> contract_;  ///< of stored_, made when asked for
    mutable bool contract_is_current_ = false;
};

}  // namespace wagesim::ref
