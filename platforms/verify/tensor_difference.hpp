// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a comparison found, as values. How it is printed is for the commands to decide.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ref/tensor/shape.hpp"
#include "ref/tensor/tensor_name.hpp"

namespace wagesim::verify {

/// An element: an integer; the loss is a binary64.
using ElementValue = std::variant<std::int64_t, double>;

[[nodiscard]] std::string text_of(const ElementValue& value);

struct TensorDifference {
    std::uint64_t step = 0;
    std::uint32_t layer = 0;
    TensorName name = TensorName::weight_stored;
    Shape shape;
    std::size_t index = 0;  ///< flat, row-major in the contract's layout, as --inject takes it
    ElementValue expected = std::int64_t{0};
    ElementValue got = std::int64_t{0};

    /// `index` along each axis: n, c, h, w; o, i, kh, kw; n, o; empty for a scalar.
    [[nodiscard]] std::vector<std::size_t> coordinates() const;
    /// "step 3, layer 1, error_q [4, 0, 2, 7]: expected -12, got 13"
    [[nodiscard]] std::string text() const;
};

/// Over all tensors of one name, or over those of one layer among them; of all steps.
struct TensorDeviation {
    std::uint64_t elements_compared = 0;
    std::uint64_t differences = 0;
    double max_deviation = 0.0;     ///< largest |got - expected|, in the tensor's own integers
    double sum_deviation = 0.0;     ///< of |got - expected|
    double largest_expected = 0.0;  ///< |expected| of all elements; 0 unless deviations are measured

    /// Over all elements that were compared.
    [[nodiscard]] double mean_deviation() const noexcept
    {
        return elements_compared == 0 ? 0.0 : sum_deviation / static_cast<double>(elements_compared);
    }
    TensorDeviation& operator+=(const TensorDeviation& more) noexcept;
};

struct ComparisonResult {
    std::uint64_t tensors_compared = 0;  ///< each whole: every element, once
    std::uint64_t elements_compared = 0;
    std::uint64_t differences = 0;  ///< differing elements that were seen
    std::optional<TensorDifference> first_difference;
    std::array<TensorDeviation, kTensorNames.size()> by_name{};
    std::map<std::pair<TensorName, std::uint32_t>, TensorDeviation> by_layer;  ///< the same, layer by layer
};

}  // namespace wagesim::verify
