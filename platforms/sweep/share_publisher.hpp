// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Copies of a database that one process has open, for all others to read.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "platforms/sweep/database.hpp"

namespace wagesim::sweep {

/// Shows the world, now and then, what a share has found.
class SharePublisher {
public:
    /// Keeps a reference.
    SharePublisher(Database& database, std::string file);

    /// To be called often. Publishes every two seconds or, where copying is slow, every fifty times as long as it
    /// takes.
    void look();
    /// Now, if anything has changed since the last time.
    void publish();

private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds kLeastPause{2};
    static constexpr int kPauses = 50;  // a copy takes longer the more there is

    Database& database_;
    std::string file_;
    std::int64_t published_ = 0;
    Clock::time_point next_ = Clock::now() + kLeastPause;
};

}  // namespace wagesim::sweep
