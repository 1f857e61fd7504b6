// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How copies of a layer's cells share the rows of windows that one command goes through: as equal, contiguous shares.
#pragma once

#include <algorithm>
#include <cstddef>

namespace wagesim::chip {

class CopyShares {
public:
    CopyShares(std::size_t rows, std::size_t copies) : rows_(rows), copies_(copies) {}

    /// Rows of the copy that has most.
    [[nodiscard]] std::size_t largest() const noexcept { return (rows_ + copies_ - 1) / copies_; }
    [[nodiscard]] std::size_t first(std::size_t copy) const noexcept { return copy * rows_ / copies_; }
    [[nodiscard]] std::size_t end(std::size_t copy) const noexcept { return (copy + 1) * rows_ / copies_; }

    /// Calls visit(copy, first, end) for the parts of rows first..end, in order.
    template <class Visitor>
    void for_each(std::size_t first_row, std::size_t end_row, const Visitor& visit) const
    {
        if (copies_ == 1) return visit(std::size_t{0}, first_row, end_row);
        for (std::size_t copy = 0; copy < copies_; ++copy) {
            const std::size_t begin = std::max(first_row, first(copy));
            const std::size_t stop = std::min(end_row, end(copy));
            if (begin < stop) visit(copy, begin, stop);
        }
    }

private:
    std::size_t rows_, copies_;
};

}  // namespace wagesim::chip
