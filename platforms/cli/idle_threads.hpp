// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How OpenMP threads wait between parallel passes (docs/adr/0006-idle-threads-sleep.md). Not how many there are: that
// is
// --threads.
#pragma once

namespace wagesim::cli {

/// Lets waiting threads sleep instead of spin, unless the environment says otherwise (OMP_WAIT_POLICY, GOMP_SPINCOUNT).
/// libgomp reads its environment when it is loaded, so the program starts itself anew. To be called before work that
/// has parallel passes, and before anything is read or written that a second start would miss.
void let_idle_threads_sleep();

}  // namespace wagesim::cli
