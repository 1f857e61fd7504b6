// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The summary over predicted figures, taken from the lines of docs/validation.md, which the other tests hold to what
// the model says.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include "tests/validation/comparison.hpp"

namespace wagesim::test {
namespace {

std::vector<std::string> cells_of(const std::string& line)
{
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, '|');) cells.push_back(cell);
    return cells;
}

/// Model over published of every predicted figure.
std::vector<double> predicted_ratios()
{
    constexpr std::size_t kRatio = 4, kKind = 6;  // the first cell is what stands before the first bar
    std::vector<double> ratios;
    std::istringstream page(validation_page());
    for (std::string line; std::getline(page, line);) {
        const std::vector<std::string> cells = cells_of(line);
        if (cells.size() > kKind && cells[kKind] == " predicted ") ratios.push_back(std::stod(cells[kRatio]));
    }
    return ratios;
}

std::size_t within(const std::vector<double>& ratios, double factor)
{
    return static_cast<std::size_t>(std::count_if(
        ratios.begin(), ratios.end(), [=](double ratio) { return ratio <= factor && ratio >= 1.0 / factor; }));
}

TEST(ValidationSummary, OfPredictedFiguresIsOnThePage)
{
    std::vector<double> ratios = predicted_ratios();
    ASSERT_GE(ratios.size(), 30u);
    double logarithms = 0.0;
    for (const double ratio : ratios) logarithms += std::abs(std::log(ratio));
    const std::string summary = fmt::format(
        "Of {} predicted figures, {} are within 10 % of the published one, {} within a factor of 1.5, {} within a "
        "factor "
        "of 3; the typical factor (geometric mean) is {:.2f}.",
        ratios.size(), within(ratios, 1.1), within(ratios, 1.5), within(ratios, 3.0),
        std::exp(logarithms / static_cast<double>(ratios.size())));
    fmt::print("{}\n", summary);
    EXPECT_NE(validation_page().find("\n" + summary + "\n"), std::string::npos) << summary;
}

}  // namespace
}  // namespace wagesim::test
