// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The window unit of a partition: forward, a sample's codes become one row of matrix inputs a window (im2col);
// backward, the row sums of overlapping windows are added into the error of each input (col2im). Plain C++ on
// channel-last data; knows no cells, no memory and no time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "ref/network/layer_geometry.hpp"
#include "tlm/crossbar/crossbar_index.hpp"
#include "tlm/mac_partition/cell_layout.hpp"

namespace wagesim::chip {

class WindowUnit {
public:
    /// Windows of a layer, of which matrix rows first_row..end_row (order kh, kw, input channel) are wanted.
    WindowUnit(const LayerGeometry& layer, RowIndex first_row, RowIndex end_row);

    /// Matrix rows that a window delivers.
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }

    /// Elements of scratch that gather() may write, more than its windows: runs are copied in whole words.
    static constexpr std::size_t kSlack = 64;
    /// Elements of scratch for the padded input rows that `acc_rows` rows of windows need.
    [[nodiscard]] std::size_t padded_elements(std::size_t acc_rows) const noexcept;

    /// Windows of accumulator rows first..end of one sample: windows[((y - first) * acc_w + x) * rows() + r].
    /// `windows` has kSlack elements more than that, `padded` has padded_elements(end - first).
    void gather(const std::int8_t* sample, std::size_t first, std::size_t end, std::int8_t* windows,
                std::int8_t* padded) const;

    /// Elements of the ring that holds one sample's errors with their padding.
    [[nodiscard]] std::size_t ring_elements() const noexcept;
    /// Adds the row sums of accumulator rows first..end (laid out as gather lays windows) into the ring.
    template <class Sum>
    void scatter(const Sum* sums, std::size_t first, std::size_t end, Sum* ring) const;
    /// Delivers a complete ring as one sample's errors; adds to what is there with `accumulate`.
    template <class Sum>
    void drain(const Sum* ring, Sum* sample, bool accumulate) const;

private:
    /// Part of a window that is one run of elements in an input row.
    struct Run {
        std::size_t kernel_row;
        std::size_t input;   ///< offset within the row, in elements from the window's left edge
        std::size_t window;  ///< offset within the window's wanted rows
        std::size_t length;
    };

    std::size_t acc_w_;
    std::size_t in_h_, in_row_;  ///< input rows, elements of one
    std::size_t padded_row_;     ///< elements of an input row with its padding
    std::size_t kernel_h_, stride_, pad_, channels_;
    std::size_t rows_;
    std::vector<Run> runs_;
};

}  // namespace wagesim::chip
