// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The register table of docs/modules/quantize_update.md against the RTL: the test reads the page's table and finds at
// every one of the 4096 addresses what stands there, so that neither may have a register, a bit or a reset value that
// the other has not.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "rtl/verilated/verilated_quantize_update.hpp"
#include "tests/unit/rtl/pin_bench.hpp"

namespace wagesim::test {
namespace {

constexpr std::uint32_t kAddresses = 0x1000;

/// A row of the page's table, or one of the several registers that a row stands for.
struct PageRegister {
    std::string name;
    std::string access;
    std::uint32_t stored_bits = 0;  ///< mask
    unsigned sign_bit = 31;         ///< bits above it read back as it
    std::uint32_t reset = 0;
};

std::string trimmed(const std::string& text)
{
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string> cells_of(const std::string& row)
{
    std::vector<std::string> cells;
    std::stringstream stream(row.substr(1));
    for (std::string cell; std::getline(stream, cell, '|');) cells.push_back(trimmed(cell));
    return cells;
}

/// `7:0, signed`, `0`, `-`: the mask and where its sign is.
void read_stored_bits(const std::string& text, PageRegister& entry)
{
    if (text == "-") return;
    const std::size_t colon = text.find(':');
    const auto high = static_cast<unsigned>(std::stoul(text));
    const auto low = colon == std::string::npos ? high : static_cast<unsigned>(std::stoul(text.substr(colon + 1)));
    for (unsigned bit = low; bit <= high; ++bit) entry.stored_bits |= std::uint32_t{1} << bit;
    if (text.find("signed") != std::string::npos) entry.sign_bit = high;
}

/// Registers of the page by address; `lanes` stands where the table says Lanes.
std::map<std::uint32_t, PageRegister> page_registers(int lanes)
{
    std::ifstream page(WAGESIM_SOURCE_DIR "/docs/modules/quantize_update.md");
    std::map<std::uint32_t, PageRegister> registers;
    bool in_table = false;
    for (std::string line; std::getline(page, line);) {
        if (line.rfind("| address | name |", 0) == 0) in_table = true;
        if (!in_table || line.rfind("| 0x", 0) != 0) {
            if (in_table && line.empty()) break;
            continue;
        }
        const auto cells = cells_of(line);
        PageRegister entry;
        entry.name = cells.at(1);
        entry.access = cells.at(2);
        read_stored_bits(cells.at(3), entry);
        if (cells.at(4) == "Lanes")
            entry.reset = static_cast<std::uint32_t>(lanes);
        else if (cells.at(4) != "-")
            entry.reset = static_cast<std::uint32_t>(std::stoll(cells.at(4), nullptr, 0));
        const std::size_t dots = cells.at(0).find("..");
        const auto first = static_cast<std::uint32_t>(std::stoul(cells.at(0), nullptr, 16));
        const auto last = dots == std::string::npos
                              ? first
                              : static_cast<std::uint32_t>(std::stoul(cells.at(0).substr(dots + 2), nullptr, 16));
        for (std::uint32_t address = first; address <= last; address += 4)
            if (!registers.emplace(address, entry).second) throw std::runtime_error("an address stands twice");
    }
    return registers;
}

/// What a register reads as after a write.
std::uint32_t after_write(const PageRegister& entry, std::uint32_t value)
{
    if (entry.access != "RW") return entry.reset;
    std::uint32_t stored = value & entry.stored_bits;
    if (entry.sign_bit < 31 && (stored >> entry.sign_bit & 1U) != 0) stored |= ~std::uint32_t{0} << entry.sign_bit;
    return stored;
}

class RegisterMap : public testing::TestWithParam<int> {
protected:
    [[nodiscard]] std::uint32_t read_at(std::uint32_t address) { return bench_.read(static_cast<Register>(address)); }
    void write_at(std::uint32_t address, std::uint32_t value) { bench_.write(static_cast<Register>(address), value); }
    [[nodiscard]] std::uint32_t reset_value(std::uint32_t address) const
    {
        const auto entry = page_.find(address);
        return entry == page_.end() ? 0 : entry->second.reset;
    }

    std::map<std::uint32_t, PageRegister> page_ = page_registers(GetParam());
    PinBench bench_{GetParam(), 3};
    Scoreboard scoreboard_;
};

TEST_P(RegisterMap, OfThePageIsThatOfTheRtl)
{
    ASSERT_EQ(page_.size(), 19U + 64U) << "rows of the page's table";
    const auto name = [&](std::uint32_t address) { return [address] { return "address " + std::to_string(address); }; };
    for (std::uint32_t address = 0; address < kAddresses; ++address)
        scoreboard_.compare(reset_value(address), read_at(address), name(address));
    for (const std::uint32_t pattern : {0xFFFF'FFFFU, 0xA5A5'A5A5U, 0x5A5A'5A5AU, 0x0102'0304U}) {
        for (const auto& [address, entry] : page_) {
            write_at(address, pattern);
            scoreboard_.compare(after_write(entry, pattern), read_at(address), name(address));
            write_at(address, entry.reset);
        }
    }
}

TEST_P(RegisterMap, OfThePageHasNoOtherAddresses)
{
    for (std::uint32_t address = 0; address < kAddresses; ++address)
        if (page_.count(address) == 0) write_at(address, 0xFFFF'FFFFU);
    for (std::uint32_t address = 0; address < kAddresses; ++address)
        scoreboard_.compare(reset_value(address), read_at(address), [address] { return std::to_string(address); });
}

TEST_P(RegisterMap, OfThePageIsThatOfTheHeader)
{
    const std::map<std::string, Register> header{{"LANES", Register::lanes},
                                                 {"MODE", Register::mode},
                                                 {"WIDTHS", Register::widths},
                                                 {"ATTENUATION", Register::attenuation},
                                                 {"GAMMA", Register::gamma},
                                                 {"ETA", Register::eta},
                                                 {"WEIGHT_CLIP", Register::weight_clip},
                                                 {"EXPONENT", Register::exponent},
                                                 {"MAX_LOW", Register::max_low},
                                                 {"MAX_HIGH", Register::max_high},
                                                 {"CONTROL", Register::control},
                                                 {"INDEX_LOW", Register::index_low},
                                                 {"INDEX_HIGH", Register::index_high},
                                                 {"KEY_0", Register::key_0},
                                                 {"KEY_1", Register::key_1}};
    for (const auto& [name, address] : header) {
        const auto entry = page_.find(static_cast<std::uint32_t>(address));
        ASSERT_NE(entry, page_.end()) << name;
        scoreboard_.compare(name, entry->second.name, [&] { return name; });
    }
    EXPECT_EQ(page_.count(static_cast<std::uint32_t>(Register::loss_0)), 1U);
    EXPECT_EQ(page_.count(static_cast<std::uint32_t>(Register::loss_3)), 1U);
    EXPECT_EQ(page_.count(static_cast<std::uint32_t>(Register::table) + 4 * 63), 1U);
}

INSTANTIATE_TEST_SUITE_P(Lanes, RegisterMap, testing::ValuesIn(rtl::verilated_lane_counts()),
                         [](const auto& lanes) { return std::to_string(lanes.param); });

}  // namespace
}  // namespace wagesim::test
