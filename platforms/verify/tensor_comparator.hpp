// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The scoreboard: holds each region that the chip shows against the reference's tensor of the same step, and holds the
// chip to showing every tensor of the contract, every element, once. It produces no tensor itself.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platforms/verify/contract_tensors.hpp"
#include "platforms/verify/coverage.hpp"
#include "platforms/verify/reference_tensors.hpp"
#include "platforms/verify/region_compare.hpp"
#include "platforms/verify/tensor_difference.hpp"
#include "tlm/common/tensor_tap.hpp"

namespace wagesim::verify {

enum class OnDifference {
    stop,     ///< compare no tensor after the first that differs; the rest of that one is looked through
    measure,  ///< go on, counting
};

class TensorComparator : public chip::TensorTap {
public:
    /// Keeps a reference to `contract`.
    TensorComparator(const ContractTensors& contract, OnDifference mode);

    /// `reference` holds that step's tensors, all of them, until end_step. Throws std::logic_error where one is
    /// missing.
    void begin_step(const ReferenceTensors& reference);
    /// Throws std::logic_error naming a tensor that was not compared completely, or where nothing was compared at all.
    void end_step();

    [[nodiscard]] bool wants(std::uint32_t layer, TensorName name) const override;
    /// Throws std::logic_error for a region that the contract has not, or that was shown before.
    void on_region(const chip::TensorRegion& region) override;

    /// Outside of steps: a tensor that the host read back whole from the chip's memory, against the reference's.
    void compare_read_back(const TensorId& id, const TensorView& expected, const TensorView& got);

    /// Leaves one tensor out of the comparison, in one step only (studies of faults).
    void switch_off(std::uint64_t step, std::uint32_t layer, TensorName name);
    /// Forgets all results and switches.
    void reset();

    /// A difference was found, and `stop` was asked for.
    [[nodiscard]] bool stopped() const noexcept
    {
        return mode_ == OnDifference::stop && result_.first_difference.has_value();
    }
    [[nodiscard]] const ComparisonResult& result() const noexcept { return result_; }

private:
    struct Switch {
        std::uint64_t step;
        std::size_t position;
    };
    struct Finding {
        TensorDifference first;
        std::size_t count = 0;
        double max_deviation = 0.0;
        double sum_deviation = 0.0;
    };

    [[nodiscard]] bool is_off(std::size_t position) const noexcept;
    void compare(std::uint64_t step, const chip::TensorRegion& region, const RegionLayout& layout,
                 const ContractTensor& tensor, const TensorView& expected);
    [[nodiscard]] std::optional<Finding> compare_loss(const chip::TensorRegion& region,
                                                      const TensorView& expected) const;
    void note(const Finding& finding);
    /// What deviations are held against, once for each tensor.
    void note_range(const ContractTensor& tensor, const TensorView& expected);
    void add(std::uint32_t layer, TensorName name, const TensorDeviation& deviation);

    const ContractTensors& contract_;
    OnDifference mode_;
    const ReferenceTensors* reference_ = nullptr;
    std::vector<Coverage> seen_;
    std::vector<Switch> off_;
    std::uint64_t elements_in_step_ = 0;
    ComparisonResult result_;
};

}  // namespace wagesim::verify
