// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What AddressSanitizer has to be told after a simulation ran. In builds without it: nothing.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#include <pthread.h>
#include <sanitizer/common_interface_defs.h>

#include <cstddef>
#endif

namespace wagesim::chip {

/// The SystemC library reports its switch back to the main stack as one to a stack without extent. From then on every
/// exception that passes through the caller would leave poisoned frames behind, and false alarms.
inline void restore_stack_bounds()
{
#if defined(__SANITIZE_ADDRESS__)
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return;
    void* bottom = nullptr;
    std::size_t size = 0;
    if (pthread_attr_getstack(&attributes, &bottom, &size) == 0) {
        void* fake_stack = nullptr;
        __sanitizer_start_switch_fiber(&fake_stack, bottom, size);
        __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr);
    }
    pthread_attr_destroy(&attributes);
#endif
}

}  // namespace wagesim::chip
