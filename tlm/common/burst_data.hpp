// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether a unit computes, or only takes the time for it (fidelity `timing`).
#pragma once

namespace wagesim::chip {

enum class BurstData { carried, none };

}  // namespace wagesim::chip
