// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// How OpenMP threads wait between parallel passes. Not how many there are: that is --threads.
#pragma once

namespace wagesim::cli {

/// Lets waiting threads sleep instead of spin, unless the environment says otherwise (OMP_WAIT_POLICY, GOMP_SPINCOUNT).
/// A spinning thread takes the core from the one it waits for as soon as anything else runs on the machine: a training
/// step then takes many times as long. libgomp reads the environment before main, so the program starts itself anew.
void let_idle_threads_sleep(char** argv);

}  // namespace wagesim::cli
