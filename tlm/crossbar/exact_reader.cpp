// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One product over all tiles: exact sums do not depend on how they are added.
#include "tlm/crossbar/crossbar_reader.hpp"

namespace wagesim::chip {
namespace {

/// The stored matrix: a row for each column of the block.
ConstMatrix stored(const CellView& cells)
{
    ConstMatrix out;
    out.data = cells.codes;
    out.rows = cells.columns;
    out.columns = cells.rows;
    out.stride = cells.stride;
    out.bound = cells.code_limit;
    return out;
}

class ExactReader final : public CrossbarReader {
public:
    void programmed(const CellView&) override {}

    void forward(const CellView& cells, const ConstMatrix& inputs, int, const MutableMatrix& sums,
                 bool accumulate) const override
    {
        ConstMatrix transposed = stored(cells);
        transposed.rows = cells.rows;
        transposed.columns = cells.columns;
        transposed.transposed = true;
        integer_product(inputs, transposed, sums, accumulate);
    }

    void backward(const CellView& cells, const ConstMatrix& errors, int, const MutableMatrix& sums,
                  bool accumulate) const override
    {
        integer_product(errors, stored(cells), sums, accumulate);
    }
};

}  // namespace

std::unique_ptr<CrossbarReader> make_exact_reader()
{
    return std::make_unique<ExactReader>();
}

}  // namespace wagesim::chip
