// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Marks a leaf loop to be compiled for several x86 levels and chosen at load time: no -march=native, and no intrinsics.
// Put it on functions that hold plain loops only: an OpenMP region inside would be outlined without it.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WAGESIM_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WAGESIM_MULTIVERSION
#endif
