// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// OMP_NUM_THREADS, which the OpenMP runtime takes whatever it says.
#pragma once

namespace wagesim::cli {

/// Throws UsageError where OMP_NUM_THREADS is set to something that --threads would not take. A list, one number for
/// each level of nesting, is judged by its first.
void require_legal_thread_variable();

}  // namespace wagesim::cli
