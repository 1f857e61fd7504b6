// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the random bench reaches of the RTL, at four lanes: every line, branch and bit that toggles, in every instance,
// but those on a list with reasons (exclusions.txt); and every functional point of quantize_update_cover.sv.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <regex>
#include <string>
#include <vector>

#include <Vquantize_update_coverage.h>
#include <verilated_cov.h>
#include "rtl/verilated/verilated_pins.hpp"
#include "tests/rtl/bench/random_bench.hpp"
#include "tests/rtl/coverage/coverage_points.hpp"
#include "tests/support/temporary_directory.hpp"

namespace wagesim::test {
namespace {

constexpr int kLanes = 4;
constexpr std::uint64_t kRounds = 1000;
using CoveredPins = rtl::VerilatedPins<Vquantize_update_coverage, kLanes>;

/// One model for all rounds: its counters go on.
class SharedPins final : public rtl::QuantizeUpdatePins {
public:
    explicit SharedPins(CoveredPins& pins) : pins_(pins) {}
    [[nodiscard]] int lanes() const noexcept override { return pins_.lanes(); }
    rtl::PinOutputs cycle(const rtl::PinInputs& inputs) override { return pins_.cycle(inputs); }

private:
    CoveredPins& pins_;
};

bool of_the_cover_module(const CoveragePoint& point)
{
    return point.module == "quantize_update_cover";
}

std::vector<CoveragePoint> covered_by_the_bench()
{
    CoveredPins pins(0);  // flops at 0: else one that never changes would seem to, once, where it begins at 1
    VerilatedCovContext& counters = *pins.model().contextp()->coveragep();
    counters.forcePerInstance(true);
    const TemporaryDirectory directory;
    const std::string file = directory.file("coverage.dat");
    // What the first evaluation sets has not toggled.
    rtl::PinInputs inputs;
    for (const bool reset_n : {false, false, true, true}) {
        inputs.reset_n = reset_n;
        (void)pins.cycle(inputs);
    }
    counters.write(file.c_str());
    const auto before = read_coverage(file);
    RandomBench bench([&](int) { return std::make_unique<SharedPins>(pins); });
    for (std::uint64_t seed = 1; seed <= kRounds; ++seed) bench.round(seed);
    bench.longest_segment(1);
    counters.write(file.c_str());
    auto points = read_coverage(file);
    std::map<std::string, std::uint64_t> toggled_before;
    for (const CoveragePoint& point : before)
        if (point.kind == "toggle") toggled_before[point.name()] += point.count;
    for (CoveragePoint& point : points)
        if (point.kind == "toggle") point.count -= toggled_before.at(point.name());
    return points;
}

void print_totals(const std::vector<CoveragePoint>& points)
{
    struct Total {
        int points = 0;
        int hit = 0;
    };
    std::map<std::string, Total> totals;
    for (const CoveragePoint& point : points) {
        if (of_the_cover_module(point) != (point.kind == "user")) continue;
        Total& total = totals[point.kind + ' ' + point.module];
        ++total.points;
        if (point.count > 0) ++total.hit;
    }
    for (const auto& [name, total] : totals) std::cout << name << ": " << total.hit << " of " << total.points << '\n';
}

TEST(RtlCoverage, OfTheRandomBenchIsWhole)
{
    const auto points = covered_by_the_bench();
    print_totals(points);
    auto exclusions = read_exclusions(WAGESIM_SOURCE_DIR "/tests/rtl/coverage/exclusions.txt");
    std::vector<std::regex> patterns;
    for (const Exclusion& exclusion : exclusions) patterns.emplace_back(exclusion.pattern, std::regex::optimize);
    std::vector<int> excluded(exclusions.size());
    std::size_t code_points = 0;
    std::size_t functional_points = 0;
    for (const CoveragePoint& point : points) {
        const bool functional = point.kind == "user";
        if (of_the_cover_module(point) != functional) continue;
        ++(functional ? functional_points : code_points);
        if (point.count > 0) continue;
        const std::string name = point.name();
        const auto match = std::find_if(patterns.begin(), patterns.end(),
                                        [&](const std::regex& pattern) { return std::regex_match(name, pattern); });
        if (match == patterns.end() || functional) {
            ADD_FAILURE() << "never hit: " << name;
            continue;
        }
        ++excluded[static_cast<std::size_t>(match - patterns.begin())];
    }
    for (std::size_t i = 0; i < exclusions.size(); ++i) {
        std::cout << excluded[i] << " excluded by line " << exclusions[i].line << ": " << exclusions[i].reason << '\n';
        EXPECT_GT(excluded[i], 0) << "line " << exclusions[i].line << " of exclusions.txt excludes nothing";
    }
    EXPECT_GT(code_points, 10000U) << "the model was not built for coverage";
    EXPECT_GT(functional_points, 500U) << "the cover properties are not bound";
}

}  // namespace
}  // namespace wagesim::test
