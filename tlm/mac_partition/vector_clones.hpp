// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// WAGESIM_VECTOR_CLONES before a function: compiled once for each vector extension, chosen when the program starts.
// For loops over neighbouring elements only; it never changes an integer result.
#pragma once

// The resolver of a cloned function runs before a sanitizer's own start-up and would crash it.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define WAGESIM_VECTOR_CLONES __attribute__((target_clones("arch=x86-64-v4", "avx2", "default")))
#else
#define WAGESIM_VECTOR_CLONES
#endif
