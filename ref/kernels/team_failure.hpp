// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What went wrong on a thread of an OpenMP team: an exception must not leave a parallel region, and a thread that left
// a shared loop would keep the others waiting.
#pragma once

#include <atomic>
#include <exception>

namespace wagesim::ref {

class TeamFailure {
public:
    /// Does `work`, unless some thread has failed before; keeps the first exception. For any thread at any time.
    template <class Work>
    void guard(Work&& work) noexcept
    {
        if (failed_.load(std::memory_order_relaxed)) return;
        try {
            work();
        } catch (...) {
            if (!failed_.exchange(true)) failure_ = std::current_exception();
        }
    }

    /// Throws what was kept. After the region.
    void rethrow() const
    {
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    std::atomic<bool> failed_{false};
    std::exception_ptr failure_;
};

}  // namespace wagesim::ref
