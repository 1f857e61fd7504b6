// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A figure is a sum of what its forms give: a constant, an amount for each cell pair or driven line of an array, a
// value for the converters' bits.
#include "platforms/config/load_technology.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <vector>

namespace wagesim::config {
namespace {

using Kind = DocumentNode::Kind;

[[noreturn]] void refuse(const DocumentNode& node, const std::string& key, const std::string& allowed)
{
    throw node.place.fault(key, node.shown(), allowed);
}

double number(const DocumentNode& node, const std::string& key)
{
    const char* const allowed = "a number, 0 or more";
    if (node.kind != Kind::scalar || node.quoted || node.text.empty()) refuse(node, key, allowed);
    char* end = nullptr;
    const double value = std::strtod(node.text.c_str(), &end);
    if (*end != '\0' || !std::isfinite(value) || value < 0.0) refuse(node, key, allowed);
    return value;
}

const DocumentNode& child(const DocumentNode& map, const std::string& key, const std::string& name,
                          const std::string& allowed)
{
    const DocumentNode* const node = map.find(name);
    if (node == nullptr) throw map.place.fault(key + "." + name, "nothing", allowed);
    return *node;
}

std::string text(const DocumentNode& map, const std::string& key, const std::string& name, const std::string& allowed)
{
    const DocumentNode& node = child(map, key, name, allowed);
    if (node.kind != Kind::scalar || node.text.empty()) refuse(node, key + "." + name, allowed);
    return node.text;
}

std::string list_of(const std::vector<std::string>& names)
{
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
}

/// One section: what its figures are called, and their unit.
struct Section {
    const char* name;
    const char* unit;  ///< "pj": keys pj, pj_per_cell, pj_per_line, pj_by_bits
    double scale;      ///< from the unit to the stored integer
};

class FigureReader {
public:
    FigureReader(const Section& section, const chip::CrossbarConfig& crossbar) : section_(section), crossbar_(crossbar)
    {
    }

    [[nodiscard]] std::int64_t read(const DocumentNode& node, const std::string& key) const
    {
        const std::string unit = section_.unit;
        const std::vector<std::string> forms = {unit, unit + "_per_cell", unit + "_per_line", unit + "_by_bits"};
        const std::string allowed = "a map of source and one or more of " + list_of(forms);
        if (node.kind != Kind::map) refuse(node, key, allowed);
        double sum = 0.0;
        bool any = false;
        for (const DocumentNode::Entry& entry : node.entries) {
            const std::string inner = key + "." + entry.key;
            if (entry.key == "source") continue;
            if (entry.key == forms[0]) {
                sum += number(entry.value, inner);
            } else if (entry.key == forms[1]) {
                sum += number(entry.value, inner) * crossbar_.rows * crossbar_.columns;
            } else if (entry.key == forms[2]) {
                sum += number(entry.value, inner) * crossbar_.active_lines;
            } else if (entry.key == forms[3]) {
                sum += by_bits(entry.value, inner);
            } else {
                throw entry.place.fault(inner, "a key that is not known", "source, " + list_of(forms));
            }
            any = true;
        }
        (void)text(node, key, "source", "where the figure is from");
        if (!any) refuse(node, key, allowed);
        const double stored = std::round(sum * section_.scale);
        constexpr double kMost = 9e15;  // exact in binary64
        if (stored > kMost) refuse(node, key, fmt::format("less than {:g} {}", kMost / section_.scale, unit));
        return static_cast<std::int64_t>(stored);
    }

private:
    [[nodiscard]] double by_bits(const DocumentNode& node, const std::string& key) const
    {
        if (node.kind != Kind::map || node.entries.empty()) refuse(node, key, "a map of converter bits to numbers");
        std::vector<std::string> known;
        for (const DocumentNode::Entry& entry : node.entries) {
            const double value = number(entry.value, key + "." + entry.key);
            if (entry.key == std::to_string(crossbar_.adc_bits)) return value;
            known.push_back(entry.key);
        }
        throw node.place.fault(key, fmt::format("a chip with adc_bits {}", crossbar_.adc_bits),
                               "adc_bits " + list_of(known));
    }

    const Section& section_;
    const chip::CrossbarConfig& crossbar_;
};

/// All figures of a section, by the names of `descriptions`.
template <class Descriptions, std::size_t N>
void read_section(const DocumentNode& file, const std::string& key, const Section& section,
                  const Descriptions& descriptions, const chip::CrossbarConfig& crossbar,
                  std::array<std::int64_t, N>& to)
{
    const std::string inner = key + "." + section.name;
    const DocumentNode& map = child(file, key, section.name, "a map of figures");
    if (map.kind != Kind::map) refuse(map, inner, "a map of figures");
    std::vector<std::string> names;
    for (const auto& each : descriptions) names.emplace_back(each.name);
    for (const DocumentNode::Entry& entry : map.entries) {
        bool known = false;
        for (const std::string& name : names) known = known || name == entry.key;
        if (!known) throw entry.place.fault(inner + "." + entry.key, "a key that is not known", list_of(names));
    }
    const FigureReader reader(section, crossbar);
    for (std::size_t i = 0; i < N; ++i) {
        const DocumentNode& node =
            child(map, inner, names[i], "the figure of " + std::string(descriptions[i].description));
        to[i] = reader.read(node, inner + "." + names[i]);
    }
}

constexpr const char* kEndurance = "endurance";

/// Optional: {pulses: N, source: TEXT}.
std::uint64_t read_endurance(const DocumentNode& node, const std::string& key)
{
    if (node.kind != Kind::map) refuse(node, key, "a map of pulses and source");
    for (const DocumentNode::Entry& entry : node.entries) {
        if (entry.key == "pulses" || entry.key == "source") continue;
        throw entry.place.fault(key + "." + entry.key, "a key that is not known", "pulses, source");
    }
    const DocumentNode& pulses = child(node, key, "pulses", "pulses that a cell withstands");
    const double count = number(pulses, key + ".pulses");
    constexpr double kMost = 1e18;
    if (count < 1.0 || count > kMost || count != std::floor(count)) {
        refuse(pulses, key + ".pulses", "a whole number from 1 to 1e18");
    }
    (void)text(node, key, "source", "where the figure is from");
    return static_cast<std::uint64_t>(count);
}

}  // namespace

chip::Technology read_technology(const DocumentNode& file, const std::string& key, const chip::CrossbarConfig& crossbar)
{
    constexpr Section kEnergy = {"energy", "pj", 1e6};
    constexpr Section kArea = {"area", "um2", 1e6};
    constexpr Section kLeakage = {"leakage", "uw", 1e3};
    for (const DocumentNode::Entry& entry : file.entries) {
        bool known = false;
        for (const char* name : {"name", "node_nm", "supply_v", kEnergy.name, kArea.name, kLeakage.name, kEndurance}) {
            known = known || entry.key == name;
        }
        if (!known) {
            throw entry.place.fault(key + "." + entry.key, "a key that is not known",
                                    "name, node_nm, supply_v, energy, area, leakage, endurance");
        }
    }
    chip::Technology out;
    out.name = text(file, key, "name", "the technology's name");
    out.node_nm = number(child(file, key, "node_nm", "nanometres"), key + ".node_nm");
    out.supply_v = number(child(file, key, "supply_v", "volts"), key + ".supply_v");
    if (const DocumentNode* const endurance = file.find(kEndurance)) {
        out.endurance_pulses = read_endurance(*endurance, key + "." + kEndurance);
    }
    read_section(file, key, kEnergy, chip::kEvents, crossbar, out.event_aj);
    read_section(file, key, kArea, chip::kParts, crossbar, out.part_nm2);
    read_section(file, key, kLeakage, chip::kParts, crossbar, out.leakage_nw);
    return out;
}

}  // namespace wagesim::config
