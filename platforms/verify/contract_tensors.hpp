// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which tensors a training step has, with their shapes and stored widths, as docs/interfaces.md ("Dump files") lists
// them. It follows from the network alone: neither engine is asked what it would like to be compared on.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "ref/numerics/widths.hpp"
#include "ref/tensor/shape.hpp"
#include "ref/tensor/tensor_name.hpp"

namespace wagesim::verify {

struct ContractTensor {
    std::uint32_t layer = 0;
    TensorName name = TensorName::weight_stored;
    Shape shape;       ///< layout of docs/numerics.md section 2
    int bits = 0;      ///< width of one element in the chip's storage; a flag is one bit
    std::string path;  ///< "layer2/error_q"; "loss"
};

class ContractTensors {
public:
    /// Throws std::overflow_error where a bound passes 2^62 (see make_bounds).
    ContractTensors(const std::vector<LayerGeometry>& layers, const Widths& widths, std::size_t batch);

    [[nodiscard]] const std::vector<ContractTensor>& all() const noexcept { return tensors_; }
    [[nodiscard]] std::size_t size() const noexcept { return tensors_.size(); }
    [[nodiscard]] const ContractTensor& operator[](std::size_t position) const { return tensors_.at(position); }
    /// Position in all(), or nothing where the step has no such tensor.
    [[nodiscard]] std::optional<std::size_t> find(std::uint32_t layer, TensorName name) const noexcept;

    [[nodiscard]] std::size_t layers() const noexcept { return positions_.size(); }
    [[nodiscard]] std::size_t batch() const noexcept { return batch_; }
    /// The loss that two halves of the exact sum of squared errors mean (section 6): converted to binary64 once.
    [[nodiscard]] double loss(std::uint64_t low, std::uint64_t high) const noexcept;

private:
    static constexpr std::size_t kAbsent = ~std::size_t{0};
    using LayerPositions = std::array<std::size_t, kTensorNames.size()>;

    void add(std::size_t layer, TensorName name, const Shape& shape, int bits);

    std::size_t batch_;
    int loss_shift_ = 0;  ///< 2 s + 1
    std::vector<ContractTensor> tensors_;
    std::vector<LayerPositions> positions_;
};

}  // namespace wagesim::verify
