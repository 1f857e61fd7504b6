// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <string>

#include <wagesim/error.hpp>

namespace wagesim::test {

/// The line of the Error of this kind that `work` throws; "nothing" where it throws none.
template <class Work>
std::string fault_of(Error::Kind kind, const Work& work)
{
    try {
        work();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), kind) << error.what();
        return error.what();
    }
    return "nothing";
}

}  // namespace wagesim::test
