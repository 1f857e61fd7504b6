// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What ends a round of the random bench: the unit did something that its page does not allow. Thrown, so that the bench
// serves a test, a coverage run and the judgement of mutants alike.
#pragma once

#include <stdexcept>

namespace wagesim::test {

class BenchFailure : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

}  // namespace wagesim::test
