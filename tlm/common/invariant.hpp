// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What a module throws when something that it relies on does not hold. Not for users' mistakes, and not for bus
// traffic, which gets a TLM response.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace wagesim::chip {

class InvariantError : public std::logic_error {
public:
    InvariantError(std::string_view module, std::string_view what)
        : std::logic_error(std::string(module) + ": " + std::string(what))
    {
    }
};

}  // namespace wagesim::chip
