// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Whether the system has as many threads as were asked for. OpenMP would find out in the middle of a run, and end the
// program with a status that means something else.
#pragma once

namespace wagesim::cli {

/// Throws UsageError where this process cannot have so many threads; `origin` begins the message. No more than there
/// are cores are taken for granted.
void require_threads(int threads, const char* origin);

}  // namespace wagesim::cli
