// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Lines of a table, their bounds, and the page that has to show them.
#include "tests/validation/comparison.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string_view>

namespace wagesim::test {
namespace {

std::string_view name_of(Kind kind)
{
    switch (kind) {
        case Kind::calibrated: return "calibrated";
        case Kind::parts: return "calibrated in its parts";
        case Kind::sources: return "two sources";
        case Kind::predicted: return "predicted";
    }
    return "";
}

}  // namespace

std::string Comparison::line() const
{
    return fmt::format("| {} | {:.4g} | {:.4g} | {:.3f} | {:g} to {:g} | {} |", figure, model, published, ratio(), low,
                       high, name_of(kind));
}

std::string validation_page()
{
    std::ifstream file(WAGESIM_SOURCE_DIR "/docs/validation.md");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string vgg8_run()
{
    return WAGESIM_SOURCE_DIR "/tests/validation/vgg8-neurosim.yaml";
}

void compare(const Comparison& comparison)
{
    const std::string line = comparison.line();
    fmt::print("{}\n", line);
    EXPECT_GE(comparison.ratio(), comparison.low) << line;
    EXPECT_LE(comparison.ratio(), comparison.high) << line;
    EXPECT_NE(validation_page().find("\n" + line + "\n"), std::string::npos)
        << "docs/validation.md has another line than\n"
        << line;
}

}  // namespace wagesim::test
