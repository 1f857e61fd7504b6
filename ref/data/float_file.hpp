// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Float32 tensors in .npz archives: the weights and checkpoints of float companions (docs/data.md).
#pragma once

#include "ref/data/npz.hpp"
#include "ref/tensor/float_tensors.hpp"

namespace wagesim {

void add_float_tensors(NpzWriter& file, const FloatTensors& tensors);

/// Reads all of `required`, and those of `optional` that are there. Throws DataError, naming file and entry, for what
/// is missing, of another type or shape, and for entries "layer..." that are neither.
[[nodiscard]] FloatTensors read_float_tensors(const NpzReader& file, const FloatExtents& required,
                                              const FloatExtents& optional);

}  // namespace wagesim
