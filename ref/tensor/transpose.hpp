// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Batches of matrices transposed: all that lies between channel-last order and the contract's layout.
#pragma once

#include <cstddef>

namespace wagesim::ref {

/// batch x rows x columns -> batch x columns x rows.
template <class T>
void transpose(const T* from, std::size_t batch, std::size_t rows, std::size_t columns, T* to)
{
    for (std::size_t n = 0; n < batch; ++n, from += rows * columns, to += rows * columns) {
        for (std::size_t column = 0; column < columns; ++column) {
            for (std::size_t row = 0; row < rows; ++row) to[column * rows + row] = from[row * columns + column];
        }
    }
}

}  // namespace wagesim::ref
