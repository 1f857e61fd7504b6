// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What reading a block of cells gives, at the fidelity that an implementation has. Knows no layer and no time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "ref/kernels/integer_product.hpp"
#include "tlm/crossbar/crossbar_config.hpp"

namespace wagesim::chip {

/// The codes of a block, as the arrays hold them: column after column.
struct CellView {
    const std::int8_t* codes = nullptr;
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t stride = 0;       ///< codes from column to column
    std::int64_t code_limit = 0;  ///< N(kW)
};

class CrossbarReader {
public:
    virtual ~CrossbarReader() = default;
    /// The cells were programmed.
    virtual void programmed(const CellView& cells) = 0;
    /// sums (positions x columns) = inputs (positions x rows) of `bits` bits times the cells; added to the sums that
    /// are there with `accumulate`. Safe to call from several threads at once.
    virtual void forward(const CellView& cells, const ConstMatrix& inputs, int bits, const MutableMatrix& sums,
                         bool accumulate) const = 0;
    /// sums (positions x rows) = errors (positions x columns) of `bits` bits times the transposed cells; likewise.
    virtual void backward(const CellView& cells, const ConstMatrix& errors, int bits, const MutableMatrix& sums,
                          bool accumulate) const = 0;
};

/// Fidelity `functional`: exact sums, whatever arrays and converters are like.
[[nodiscard]] std::unique_ptr<CrossbarReader> make_exact_reader();
/// Fidelity `bit_serial`: every pulse and every conversion, for weights of `weight_bits` bits.
[[nodiscard]] std::unique_ptr<CrossbarReader> make_bit_serial_reader(const CrossbarConfig& config, int weight_bits);
/// The same from the definition, conversion by conversion: what it means, for wide sums, and for tests.
[[nodiscard]] std::unique_ptr<CrossbarReader> make_naive_bit_serial_reader(const CrossbarConfig& config,
                                                                           int weight_bits);

}  // namespace wagesim::chip
