// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header. A step's sums times the number of steps are what the whole run should have counted: steps are alike.
#include "platforms/inspect/explanation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "platforms/inspect/exact_number.hpp"
#include "platforms/inspect/wrapped_text.hpp"

namespace wagesim::inspect {
namespace {

using chip::Component;
using chip::Event;

std::string attojoules_text(chip::Attojoules energy)
{
    return grouped_digits(exact_text(energy));
}

std::set<Component> components_of(std::string_view unit)
{
    if (unit == "partitions") {
        return {Component::crossbar,     Component::drivers, Component::adc,    Component::shift_add,
                Component::accumulators, Component::window,  Component::pooling};
    }
    for (std::size_t i = 0; i < chip::kComponentNames.size(); ++i) {
        if (chip::kComponentNames[i] == unit) return {static_cast<Component>(i)};
    }
    return {};
}

class Explanation {
public:
    Explanation(std::string_view unit, const StepExplainer& explainer, const chip::Mapping& mapping,
                const chip::ChipStatistics& counted, const Costs& costs)
        : unit_(unit), explainer_(explainer), mapping_(mapping), counted_(counted), costs_(costs)
    {
    }

    std::string text()
    {
        text_ = fmt::format("{} in the {} training step{} of this run: formulas of the first one, sums of all\n", unit_,
                            counted_.programs, counted_.programs == 1 ? "" : "s");
        if (unit_ == "buffer" || unit_ == "dram") {
            explain_memory(unit_ == "dram" ? 1 : 0);
        } else if (unit_ == "interconnect") {
            explain_ways();
        } else if (unit_ == "sequencer") {
            explain_sequencer();
        } else {
            explain_units();
        }
        explain_energy();
        return text_;
    }

private:
    void put(const std::string& line) { text_ += line + "\n"; }

    /// A formula in two or three lines: names, numbers, value.
    void put_formula(const std::string& indent, const std::string& what, const Formula& formula)
    {
        const std::string head = indent + what + " =";
        const std::string value = with_commas(formula.value());
        if (formula.numbers() == value) {  // one quantity
            text_ += wrapped(head, formula.names() + " = " + value, head.size());
            return;
        }
        text_ += wrapped(head, formula.names(), head.size());
        text_ += wrapped(std::string(head.size() - 1, ' ') + "=", formula.numbers() + " = " + value, head.size());
    }

    void put_sum(const std::string& what, std::uint64_t explained, std::uint64_t counted)
    {
        put(fmt::format("  {}: explained {}, counted {}", what, with_commas(explained), with_commas(counted)));
    }

    void explain_units()
    {
        const std::vector<std::string> names = mapping_.unit_names();
        for (chip::UnitId unit = 0; unit < names.size(); ++unit) {
            const bool group = unit < mapping_.gradient_unit();
            if (group ? unit_ != "partitions" : names[unit] != unit_) continue;
            put("");
            put(names[unit]);
            std::uint64_t cycles = 0;
            for (const ExplainedWork& work : explainer_.work()) {
                if (work.unit == unit) cycles += explain_work(work);
            }
            put_sum("busy cycles of " + names[unit], cycles * counted_.programs, counted_.units[unit].busy.total());
        }
    }

    /// Returns the cycles of all these commands.
    std::uint64_t explain_work(const ExplainedWork& work)
    {
        put(fmt::format("  layer{} {}, {} command{} a step, each:", work.layer, work.kind, work.commands,
                        work.commands == 1 ? "" : "s"));
        const CommandFormulas& formulas = work.formulas;
        if (formulas.compute.value() > 0) put_formula("    ", "compute", formulas.compute);
        Formula each("command_cycles", static_cast<std::uint64_t>(mapping_.config().sequencer.command_cycles));
        if (formulas.registers.value() > 0) {
            put_formula("    ", "registers", formulas.registers);
            each = each + Formula("registers", formulas.registers.value());
        }
        if (formulas.compute.value() > 0) each = each + Formula("compute", formulas.compute.value());
        for (const auto& [event, formula] : formulas.events) {
            put_formula("    ", std::string(chip::describe(event).name), formula);
            events_[event] += formula.value() * work.commands;
        }
        if (unit_ == "gradient") {
            put(fmt::format("    {} of all = bytes of their reads = {}",
                            chip::describe(Event::gradient_operand_byte).name, with_commas(work.operand_bytes)));
            events_[Event::gradient_operand_byte] += work.operand_bytes;
        }
        const Formula cycles = Formula("commands", work.commands) * each + Formula("memory", work.memory_cycles);
        put_formula("    ", "cycles of all", cycles);
        return cycles.value();
    }

    void explain_memory(std::size_t memory)
    {
        const auto& config = mapping_.config();
        put("");
        put(fmt::format("  cycles = sum over bursts of ceil(bytes / bytes_per_cycle), bytes_per_cycle = {}",
                        memory == 1 ? config.dram.bytes_per_cycle : config.buffer.bytes_per_cycle));
        put("  bits   = 8 * bytes");
        put(fmt::format("  {:<24}{:>14}{:>24}{:>24}", "stream, a step", "bursts", "bytes", "cycles"));
        std::uint64_t cycles = 0;
        std::uint64_t bytes = 0;
        const std::array<Event, 2> events = memory == 1 ? std::array{Event::dram_bit_read, Event::dram_bit_written}
                                                        : std::array{Event::buffer_bit_read, Event::buffer_bit_written};
        for (std::size_t stream = 0; stream < chip::kTrafficClassNames.size(); ++stream) {
            for (std::size_t direction = 0; direction < events.size(); ++direction) {
                const ExplainedBursts& of = explainer_.bursts()[memory][stream][direction];
                put(fmt::format(
                    "  {:<24}{:>14}{:>24}{:>24}",
                    fmt::format("{} {}", chip::kTrafficClassNames[stream], direction == 0 ? "read" : "written"),
                    with_commas(of.bursts), with_commas(of.bytes), with_commas(of.port_cycles)));
                cycles += of.port_cycles;
                bytes += of.bytes;
                events_[events[direction]] += 8 * of.bytes;
            }
        }
        const std::uint64_t busy = memory == 1 ? counted_.dram_busy : counted_.buffer_busy;
        const std::uint64_t moved = (memory == 1 ? counted_.dram : counted_.buffer).total();
        put_sum("bytes of " + unit_, bytes * counted_.programs, moved);
        put_sum("busy cycles of " + unit_, cycles * counted_.programs, busy);
    }

    void explain_ways()
    {
        put("");
        put("  link_bit   = sum over bursts of 8 * bytes * links on the way");
        put("  router_bit = sum over bursts of 8 * bytes * routers on the way");
        put(fmt::format("  {:<24}{:>14}{:>24}{:>24}", "a step", "bursts", "link bits", "router bits"));
        for (std::size_t memory = 0; memory < 2; ++memory) {
            ExplainedBursts all;
            for (const auto& stream : explainer_.bursts()[memory]) {
                for (const ExplainedBursts& of : stream) {
                    all.bursts += of.bursts;
                    all.link_bits += of.link_bits;
                    all.router_bits += of.router_bits;
                }
            }
            put(fmt::format("  {:<24}{:>14}{:>24}{:>24}", memory == 1 ? "to and from DRAM" : "to and from buffer",
                            with_commas(all.bursts), with_commas(all.link_bits), with_commas(all.router_bits)));
            events_[Event::link_bit] += all.link_bits;
            events_[Event::router_bit] += all.router_bits;
        }
    }

    void explain_sequencer()
    {
        std::uint64_t commands = 0;
        std::uint64_t counted = 0;
        for (const ExplainedWork& work : explainer_.work()) commands += work.commands;
        for (const chip::UnitStatistics& unit : counted_.units) counted += unit.commands;
        put("");
        const Formula cycles =
            Formula("commands", commands) *
            Formula("command_cycles", static_cast<std::uint64_t>(mapping_.config().sequencer.command_cycles));
        put_formula("  ", "issue cycles, a step, in the units' busy cycles", cycles);
        put_sum("commands", commands * counted_.programs, counted);
        events_[Event::command] += commands;
    }

    void explain_energy()
    {
        const std::set<Component> components = components_of(unit_);
        put("");
        put(fmt::format("  {:<24}{:>24}{:>24}{:>12}{:>12}", "event, all steps", "explained", "counted", "pJ each",
                        "joules"));
        chip::Attojoules explained = 0;
        chip::Attojoules all = 0;
        for (std::size_t i = 0; i < chip::kEventCount; ++i) {
            const chip::EventDescription& event = chip::kEvents[i];
            if (components.count(event.component) == 0) continue;
            const std::uint64_t count = counted_.ledger.count(static_cast<Event>(i));
            const std::uint64_t own =
                event.depends_on_data ? count : events_[static_cast<Event>(i)] * counted_.programs;
            const chip::Attojoules each = costs_.technology ? costs_.technology->event_aj[i] : 0;
            const chip::Attojoules energy = each * static_cast<chip::Attojoules>(count);
            explained += each * static_cast<chip::Attojoules>(own);
            all += energy;
            put(fmt::format("  {:<24}{:>24}{:>24}{:>12}{:>12}", event.name,
                            event.depends_on_data ? "by the data" : with_commas(own), with_commas(count),
                            costs_.technology ? fmt::format("{:.4g}", static_cast<double>(each) * 1e-6) : "-",
                            costs_.technology ? fmt::format("{:.4g}", chip::joules(energy)) : "-"));
        }
        if (!costs_.technology) return put("  no technology file: no joules");
        put(fmt::format("  dynamic energy of {}, aJ: explained {}, counted {}", unit_, attojoules_text(explained),
                        attojoules_text(all)));
        explain_leakage(components);
    }

    void explain_leakage(const std::set<Component>& components)
    {
        double nanowatts = 0.0;
        for (std::size_t part = 0; part < chip::kPartCount; ++part) {
            const chip::PartDescription& of = chip::kParts[part];
            if (components.count(of.component) == 0 || costs_.technology->leakage_nw[part] == 0) continue;
            const double own =
                static_cast<double>(costs_.inventory[part]) * static_cast<double>(costs_.technology->leakage_nw[part]);
            put(fmt::format("  leakage of {} {}: {:.6g} uW each, {:.6g} W", with_commas(costs_.inventory[part]),
                            of.name, static_cast<double>(costs_.technology->leakage_nw[part]) * 1e-3, own * 1e-9));
            nanowatts += own;
        }
        const double seconds = static_cast<double>(counted_.cycles) / (costs_.clock_ghz * 1e9);
        put(fmt::format("  leakage energy = {:.6g} W * {} cycles / {:g} GHz = {:.6g} J", nanowatts * 1e-9,
                        with_commas(counted_.cycles), costs_.clock_ghz, nanowatts * 1e-9 * seconds));
    }

    std::string unit_;
    const StepExplainer& explainer_;
    const chip::Mapping& mapping_;
    const chip::ChipStatistics& counted_;
    const Costs& costs_;
    std::string text_;
    std::map<Event, std::uint64_t> events_;  ///< of a step
};

}  // namespace

std::string explanation(std::string_view unit, const StepExplainer& explainer, const chip::Mapping& mapping,
                        const chip::ChipStatistics& counted, const Costs& costs)
{
    return Explanation(unit, explainer, mapping, counted, costs).text();
}

}  // namespace wagesim::inspect
