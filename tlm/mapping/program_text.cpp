// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Programs for people. See program.hpp.
#include <sstream>

#include "tlm/mapping/memory_plan.hpp"
#include "tlm/mapping/program.hpp"

namespace wagesim::chip {
namespace {

constexpr const char* kModeNames[] = {"input",        "activation",       "abs_max", "error",
                                      "output_error", "gradient_abs_max", "update",  "requantize"};

void place(std::ostream& out, const char* name, const MemoryRegion& region)
{
    if (region.count > 0) out << " " << name << "=" << address_text(region.address) << "/" << region.bytes();
}

void cells(std::ostream& out, const CellBlock& block)
{
    out << " rows " << block.first_row.value() << ".." << block.end_row.value() << " columns "
        << block.first_column.value() << ".." << block.end_column.value();
}

void samples(std::ostream& out, std::size_t first, std::size_t count)
{
    out << " samples " << first << ".." << first + count;
}

void describe(std::ostream& out, const PartitionProgram& command)
{
    out << (command.layout == CellLayout::transposed ? "program transposed" : "program");
    cells(out, command.block);
    place(out, "codes", command.codes);
}

void describe(std::ostream& out, const PartitionForward& command)
{
    out << "forward";
    samples(out, command.samples.first, command.samples.count);
    cells(out, command.block);
    place(out, "input", command.input);
    if (command.adds_partial || !command.complete) place(out, "partial", command.partial);
    if (!command.complete) return;
    place(out, "sums", command.sums);
    place(out, "winners", command.winners);
}

void describe(std::ostream& out, const PartitionUnpool& command)
{
    out << "unpool";
    samples(out, command.samples.first, command.samples.count);
    place(out, "codes", command.codes);
    place(out, "operands", command.operands);
}

void describe(std::ostream& out, const PartitionBackward& command)
{
    out << "backward";
    samples(out, command.samples.first, command.samples.count);
    cells(out, command.block);
    place(out, "operands", command.operands);
    place(out, command.accumulate ? "errors+" : "errors", command.errors);
}

void describe(std::ostream& out, const PartitionCommand& command)
{
    std::visit([&](const auto& of) { describe(out, of); }, command);
}

void describe(std::ostream& out, const GradientCommand& command)
{
    out << "gradient";
    samples(out, command.first_sample, command.samples);
    place(out, "input", command.inputs);
    place(out, "operands", command.operands);
    if (command.spilled.count > 0) place(out, "spilled", command.spilled);
    if (!command.last) return;
    place(out, "gradients", command.gradients);
    place(out, "maximum", command.maximum);
}

void describe(std::ostream& out, const QuantizeUpdateWork& work)
{
    const auto& burst = work.command.burst;
    out << (burst ? kModeNames[static_cast<std::size_t>(burst->mode)] : "registers");
    if (burst) out << " " << burst->count;
    for (const RegisterWrite& write : work.command.registers) {
        constexpr std::uint32_t kTable = static_cast<std::uint32_t>(QuantizeUpdateRegister::table);
        if (write.address < kTable) out << " [0x" << std::hex << write.address << "]=0x" << write.value << std::dec;
    }
    if (work.of_step) out << " eta key";
    if (!burst) return;
    const auto stream = [&](const char* name, const std::optional<QuantizeUpdateStream>& of) {
        if (of) out << " " << name << "=" << address_text(of->address);
    };
    stream("operand", burst->operand);
    stream("auxiliary", burst->auxiliary);
    stream("result", burst->result);
    stream("auxiliary_result", burst->auxiliary_result);
}

}  // namespace

std::string to_text(const Program& program, const std::vector<std::string>& unit_names)
{
    std::ostringstream out;
    out << program.name << ": " << program.commands.size() << " commands\n";
    for (std::size_t i = 0; i < program.commands.size(); ++i) {
        const Command& command = program.commands[i];
        out << i << " " << unit_names.at(command.unit) << " " << kPhaseNames[static_cast<std::size_t>(command.phase)]
            << " layer " << command.layer << ": ";
        std::visit([&](const auto& work) { describe(out, work); }, command.work);
        for (std::size_t k = 0; k < command.after.size(); ++k) out << (k == 0 ? " after " : ",") << command.after[k];
        out << "\n";
    }
    return out.str();
}

}  // namespace wagesim::chip
