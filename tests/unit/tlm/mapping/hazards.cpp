// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/tlm/mapping/hazards.hpp"

#include <map>
#include <variant>

namespace wagesim::test {
namespace {

using namespace chip;

struct Touched {
    std::vector<AddressRange> read, written;
};

AddressRange range(const MemoryRegion& region)
{
    return {region.address, region.bytes()};
}

Touched touched(const PartitionProgram& command)
{
    return {{range(command.codes)}, {}};
}

Touched touched(const PartitionForward& command)
{
    Touched out{{range(command.input)}, {}};
    if (command.adds_partial) out.read.push_back(range(command.partial));
    if (command.complete) {
        out.written = {range(command.sums), range(command.winners)};
    } else {
        out.written = {range(command.partial)};
    }
    return out;
}

Touched touched(const PartitionUnpool& command)
{
    return {{range(command.codes), range(command.flags), range(command.winners)}, {range(command.operands)}};
}

Touched touched(const PartitionBackward& command)
{
    return {{range(command.operands)}, {range(command.errors)}};
}

Touched touched(const PartitionCommand& command)
{
    return std::visit([](const auto& of) { return touched(of); }, command);
}

Touched touched(const GradientCommand& command)
{
    Touched out{{range(command.inputs), range(command.operands)}, {}};
    if (command.last) out.written = {range(command.gradients), range(command.maximum)};
    if (command.spilled.count > 0) out.written.push_back(range(command.spilled));
    return out;
}

Touched touched(const QuantizeUpdateWork& work)
{
    Touched out;
    const auto& burst = work.command.burst;
    if (!burst) return out;
    const bool segments = burst->mode == QuantizeUpdateMode::output_error;
    const auto stream = [](const QuantizeUpdateStream& of, std::uint64_t count) {
        return AddressRange{of.address, count * bytes_of(of.type)};
    };
    const std::uint64_t auxiliaries = segments ? burst->count / burst->segment : burst->count;
    if (burst->operand) out.read.push_back(stream(*burst->operand, burst->count));
    if (burst->auxiliary) out.read.push_back(stream(*burst->auxiliary, auxiliaries));
    if (burst->result) out.written.push_back(stream(*burst->result, burst->count));
    if (burst->auxiliary_result) out.written.push_back(stream(*burst->auxiliary_result, auxiliaries));
    return out;
}

bool overlap(const std::vector<AddressRange>& x, const std::vector<AddressRange>& y)
{
    for (const AddressRange& a : x) {
        for (const AddressRange& b : y) {
            if (a.bytes > 0 && b.bytes > 0 && a.overlaps(b)) return true;
        }
    }
    return false;
}

}  // namespace

HazardReport find_hazards(const Program& program)
{
    const std::size_t count = program.commands.size();
    // before[i][j]: j is complete before i starts.
    std::vector<std::vector<bool>> before(count, std::vector<bool>(count));
    std::map<UnitId, std::size_t> last_of_unit;
    std::vector<Touched> all;
    HazardReport out;
    for (std::size_t i = 0; i < count; ++i) {
        const Command& command = program.commands[i];
        std::vector<std::size_t> direct(command.after.begin(), command.after.end());
        if (const auto last = last_of_unit.find(command.unit); last != last_of_unit.end()) {
            direct.push_back(last->second);
        }
        last_of_unit[command.unit] = i;
        for (const std::size_t earlier : direct) {
            if (earlier >= i) out.hazards.push_back(std::to_string(i) + " waits for a later command");
            before[i][earlier] = true;
            for (std::size_t j = 0; j < earlier; ++j) before[i][j] = before[i][j] || before[earlier][j];
        }
        all.push_back(std::visit([](const auto& work) { return touched(work); }, command.work));
        for (std::size_t j = 0; j < i; ++j) {
            const bool same = overlap(all[i].written, all[j].written) || overlap(all[i].read, all[j].written) ||
                              overlap(all[i].written, all[j].read);
            if (!same) continue;
            if (before[i][j]) {
                ++out.ordered_pairs;
            } else {
                out.hazards.push_back(std::to_string(j) + " and " + std::to_string(i));
            }
        }
    }
    return out;
}

}  // namespace wagesim::test
