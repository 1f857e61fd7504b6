// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Reference and chip side by side over a training: both are given the same batches, and what the chip holds is compared
// with what the reference computed. It reads no files and prints nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "platforms/verify/chip_dump.hpp"
#include "platforms/verify/contract_tensors.hpp"
#include "platforms/verify/fault.hpp"
#include "platforms/verify/fault_injector.hpp"
#include "platforms/verify/lockstep_unit.hpp"
#include "platforms/verify/reference_tensors.hpp"
#include "platforms/verify/tap_list.hpp"
#include "platforms/verify/tensor_comparator.hpp"
#include "ref/trainer/trainer.hpp"
#include "tlm/chip/chip.hpp"

namespace wagesim::verify {

struct VerifiedRunOptions {
    /// Steps before this one have all their tensors compared; of later ones only the stored weights at the end are.
    std::uint64_t compare_steps = std::numeric_limits<std::uint64_t>::max();
    OnDifference on_difference = OnDifference::stop;
    std::optional<Fault> fault;                      ///< has passed check_fault
    TensorSink* dump = nullptr;                      ///< not owned; receives the chip's tensors
    std::shared_ptr<const LockstepRecord> lockstep;  ///< of the chip's unit, where that is a LockstepUnit
};

class VerifiedRun {
public:
    /// Keeps references to all three and puts the reference's stored weights into the chip.
    VerifiedRun(ref::Trainer& reference, chip::Chip& chip, const ContractTensors& contract,
                const VerifiedRunOptions& options);
    VerifiedRun(const VerifiedRun&) = delete;
    VerifiedRun& operator=(const VerifiedRun&) = delete;

    /// One step of both; the outcome is the reference's. Where a difference was found, the chip still finishes its
    /// step, if it can. Throws LockstepError, and std::logic_error where the comparison itself is not complete.
    ref::StepResult step(const BatchView& batch, std::uint64_t step, int eta_exponent);
    /// A difference was found, and `stop` was asked for: there is no use in further steps.
    [[nodiscard]] bool stopped() const noexcept { return comparator_.stopped(); }

    /// After the last step: the stored weights of both, read back by the host. Throws std::logic_error where nothing
    /// was compared, and where the fault was never reached.
    void finish();
    [[nodiscard]] const ComparisonResult& result() const noexcept { return comparator_.result(); }

private:
    void train_chip(const BatchView& batch, std::uint64_t step, int eta_exponent);

    ref::Trainer& reference_;
    chip::Chip& chip_;
    VerifiedRunOptions options_;
    ReferenceTensors expected_;
    TensorComparator comparator_;
    TapList observers_;
    std::optional<ChipDump> dump_;
    std::optional<FaultInjector> injector_;
    bool abandoned_ = false;  ///< the chip could not finish a step that differed
    std::uint64_t steps_ = 0;
    std::uint64_t last_step_ = 0;
};

}  // namespace wagesim::verify
