// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Two quantize/update units that answer as one: long bursts are cut in two and run on two OpenMP threads, where there
// are two. Results, registers and cycles are those of one unit over the whole burst. It computes nothing but the larger
// of two maxima and the sum of two losses.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "ref/quantize_update/quantize_update_unit.hpp"

namespace wagesim::rtl {

/// The registers are those of the first unit. The second one learns of a write only when it is needed, and its MAX and
/// LOSS hold what its share of a burst adds.
class UnitPair final : public QuantizeUpdateUnit {
public:
    using MakeUnit = std::function<std::unique_ptr<QuantizeUpdateUnit>()>;

    /// Bursts of fewer elements are not worth waking a thread for.
    static constexpr std::size_t kWorthSharing = std::size_t{1} << 14U;

    /// `make` is called now, and again with the first burst to be shared.
    explicit UnitPair(MakeUnit make, std::size_t worth_sharing = kWorthSharing);

    [[nodiscard]] int lanes() const noexcept override { return first_->lanes(); }
    void reset() override;
    CycleCount write_register(std::uint32_t address, std::uint32_t value) override;
    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override { return first_->read_register(address); }
    CycleCount run(const Burst& burst) override;

    /// Bursts that went to both units.
    [[nodiscard]] std::uint64_t shared_bursts() const noexcept { return shared_bursts_; }

private:
    /// What the second unit's key registers and round keys must come from.
    struct Keys {
        std::array<std::uint32_t, 2> written{};   ///< KEY_0 and KEY_1 as they read
        std::array<std::uint32_t, 2> expanded{};  ///< as they were when the schedule was last expanded
        bool to_write = false;
        bool to_expand = false;
    };

    /// Elements of a burst that go to the first unit; 0 where the burst is not shared.
    [[nodiscard]] std::size_t first_share(QuantizeUpdateMode mode, const Burst& burst) const;
    void prepare_second(QuantizeUpdateMode mode, std::size_t first_share);
    CycleCount run_shared(QuantizeUpdateMode mode, const Burst& burst, std::size_t first_share);
    void merge_maximum();
    void merge_loss();

    MakeUnit make_;
    std::size_t worth_sharing_;
    std::unique_ptr<QuantizeUpdateUnit> first_;
    std::unique_ptr<QuantizeUpdateUnit> second_;
    std::map<std::uint32_t, std::uint32_t> unwritten_;  ///< settings that the second unit does not know yet
    Keys keys_;
    std::uint64_t shared_bursts_ = 0;
};

}  // namespace wagesim::rtl
