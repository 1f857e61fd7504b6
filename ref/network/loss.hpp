// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a training minimises. Names only: the errors are computed by the layers.
#pragma once

namespace wagesim {

/// sse: half the sum of squared errors (docs/numerics.md section 6). softmax: cross-entropy of the softmax of the
/// outputs (docs/softmax.md).
enum class Loss { sse, softmax };

}  // namespace wagesim
