// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The tutorial's unit by its formula, and the tutorial's code by these files.
#include "tests/tutorial/sparsity_meter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <string>

#include "tests/unit/tlm/support/noting_memory.hpp"
#include "tests/unit/tlm/support/simulation_test.hpp"

namespace wagesim::chip::testing {
namespace {

class SparsityMeterTest : public SimulationTest {
protected:
    static constexpr std::uint64_t kCount = 0x80;

    SparsityMeterTest() : meter_("meter", SparsityMeterConfig{4}, 0, clock_)
    {
        meter_.memory.socket.bind(memory_.socket);
        memory_.read_cycles = 3;
        memory_.write_cycles = 5;
    }
    /// Cycles of one command on `codes`.
    std::uint64_t count(const std::vector<std::int8_t>& codes)
    {
        std::memcpy(memory_.data.data(), codes.data(), codes.size());
        SparsityCommand command;
        command.codes = {0, ElementType::int8, codes.size()};
        command.count = {kCount, ElementType::int64, 1};
        std::uint64_t cycles = 0;
        ScriptedIssuer<SparsityCommand> issuer("issuer", [&](CommandPort<SparsityCommand>& port) {
            const std::uint64_t begin = clock_.now();
            events_ = port.issue(command).events;
            cycles = clock_.now() - begin;
        });
        issuer.commands.socket.bind(meter_.commands);
        simulate();
        EXPECT_TRUE(issuer.finished);
        std::memcpy(&found_, memory_.data.data() + kCount, sizeof found_);
        return cycles;
    }

    NotingMemory memory_{"memory", 0x100, clock_};
    SparsityMeter meter_;
    std::vector<EventCount> events_;
    std::int64_t found_ = -1;
};

TEST_F(SparsityMeterTest, CountsInTheTimeOfItsFormula)
{
    EXPECT_EQ(count({0, 1, -1, 0, 0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0, 1}), 5U + 5)
        << "17 codes, 4 lanes; then a write";
    EXPECT_EQ(found_, 5);
    ASSERT_EQ(events_.size(), 1U);
    EXPECT_EQ(events_.front().count, 17U);
}

TEST_F(SparsityMeterTest, SlowReadsBoundIt)
{
    memory_.read_cycles = 9;
    EXPECT_EQ(count({1, 1, 0, 1}), 9U + 5);
    EXPECT_EQ(found_, 3);
}

std::string text_of(const std::string& file)
{
    std::ifstream stream(std::string(WAGESIM_SOURCE_DIR) + "/" + file);
    std::ostringstream out;
    out << stream.rdbuf();
    return out.str();
}

/// A block of code stands under a line with the name of its file: each of its lines is there, in this order.
TEST(AddAModule, ShowsTheFilesAsTheyAre)
{
    std::istringstream page(text_of("docs/tutorials/add-a-module.md"));
    std::string file;
    std::size_t at = 0;
    std::size_t lines = 0;
    bool inside = false;
    std::string source;
    for (std::string line; std::getline(page, line);) {
        if (line.rfind("`tests/tutorial/", 0) == 0) file = line.substr(1, line.find('`', 1) - 1);
        if (line.rfind("```", 0) == 0) {
            inside = !inside && line == "```cpp" && !file.empty();
            source = inside ? text_of(file) : "";
            if (inside) {
                EXPECT_FALSE(source.empty()) << file;
            }
            at = 0;
            continue;
        }
        if (!inside || line.empty() || line == "// ...") continue;
        const std::size_t found = source.find(line + "\n", at);
        ASSERT_NE(found, std::string::npos) << file << " has no such line there: " << line;
        at = found + line.size();
        ++lines;
    }
    EXPECT_GE(lines, 50U);
}

}  // namespace
}  // namespace wagesim::chip::testing
