// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Single-bit faults, one after another, in one elaborated chip: each runs in a fork of the process, so that it starts
// from the same state and may end in any way, a crash included. The judging test is faults_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "platforms/verify/contract_tensors.hpp"
#include "platforms/verify/fault.hpp"
#include "platforms/verify/reference_tensors.hpp"
#include "platforms/verify/tensor_difference.hpp"
#include "tlm/chip/chip.hpp"

namespace wagesim::test {

/// How a run of the chip with a fault ended.
struct FaultRun {
    enum class End : std::uint8_t {
        equal,       ///< everything that was compared was equal, the final weights too
        difference,  ///< at `step`, `layer`, `name`, `index`
        refused,     ///< the chip's own checks stopped it
        crashed,     ///< the process did not end by itself
    };
    End end = End::crashed;
    bool reached = false;      ///< the bit was flipped
    bool bit_differs = false;  ///< expected and got differ in the faulty bit alone, as far as stored widths tell
    std::uint64_t step = 0;
    std::uint32_t layer = 0;
    TensorName name = TensorName::weight_stored;
    std::uint64_t index = 0;
};

/// A small network with pooling, two training steps, random data: the reference's tensors of both, and the chip.
class FaultCampaign {
public:
    static constexpr std::uint64_t kSteps = 2;

    explicit FaultCampaign(std::uint32_t seed);
    ~FaultCampaign();

    [[nodiscard]] const verify::ContractTensors& contract() const noexcept { return contract_; }

    /// Both steps without a fault: the text of the first difference, or empty.
    [[nodiscard]] std::string run_without_fault();
    /// The fault's own step, with every comparison on.
    [[nodiscard]] FaultRun run_fault(const verify::Fault& fault);
    /// From the fault's step to the end, with the comparison of the faulty tensor of that step switched off.
    [[nodiscard]] FaultRun run_fault_unseen(const verify::Fault& fault);

private:
    struct Step {
        std::vector<std::uint8_t> images;
        std::vector<std::uint16_t> labels;
        std::vector<std::vector<std::int16_t>> weights;  ///< before the step
        std::unique_ptr<verify::ReferenceTensors> tensors;
    };

    void record_reference(std::uint32_t seed);
    void train_chip(std::uint64_t step, chip::TensorTap& tap);
    [[nodiscard]] FaultRun simulate(const verify::Fault& fault, bool seen);

    Network network_;
    verify::ContractTensors contract_;
    std::vector<Step> steps_;  ///< kSteps, and one more that has the final weights only
    std::unique_ptr<chip::Chip> chip_;
};

}  // namespace wagesim::test
