// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Windows of backward operands for cells dedicated to backward: for each input of the layer, the errors of the
// positions whose windows have it, tap by tap with taps rotated. Plain C++ on channel-last data of any type.
#pragma once

#include <cstddef>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "tlm/crossbar/crossbar_index.hpp"

namespace wagesim::chip {

class OperandWindows {
public:
    /// Windows of a layer whose windows overlap, of which rows first_row..end_row (order kh, kw, output channel, as
    /// CellLayout::transposed has them) are wanted; operands have `element_bytes` bytes.
    OperandWindows(const LayerGeometry& layer, RowIndex first_row, RowIndex end_row, std::size_t element_bytes);

    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// Windows of input rows first..end of one sample: rows() elements for each input place. Places that no position
    /// reaches by a tap give 0.
    void gather(const std::byte* sample, std::size_t first, std::size_t end, std::byte* windows) const;

private:
    /// The wanted channels of one tap.
    struct Tap {
        int kh, kw;           ///< of the weight
        std::size_t channel;  ///< the first
        std::size_t bytes;
    };

    int in_w_, acc_h_, acc_w_, stride_, pad_;
    std::size_t rows_, position_bytes_, element_bytes_;
    std::vector<Tap> taps_;
};

}  // namespace wagesim::chip
