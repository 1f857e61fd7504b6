// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A unit's flag that it serves a command, for as long as it does. No lock: refusing a second command is the unit's
// affair.
#pragma once

namespace wagesim::chip {

/// Holds a flag while in scope, whichever way that is left.
class Occupied {
public:
    explicit Occupied(bool& flag) : flag_(flag) { flag_ = true; }
    ~Occupied() { flag_ = false; }
    Occupied(const Occupied&) = delete;
    Occupied& operator=(const Occupied&) = delete;

private:
    bool& flag_;
};

}  // namespace wagesim::chip
