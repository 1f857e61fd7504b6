// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// --wave: which steps a unit's signals are recorded in, at which times, and that the file appears under its name whole
// or not at all. RecordedUnit stands on the wire before the unit; signals and their file format are the unit's
// business.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "ref/quantize_update/recordable_unit.hpp"

namespace wagesim::verify {

class WaveRecorder {
public:
    struct Options {
        std::string file;
        std::uint64_t first_step = 0;
        std::uint64_t end_step = 1;  ///< the one after the last
        std::uint64_t period_fs = 1'000'000;
        std::function<std::uint64_t()> now_fs;  ///< the chip's time
    };

    explicit WaveRecorder(Options options);

    /// Before the chip's training step: creates the file beside its name when the first wanted step begins.
    void begin_step(std::uint64_t step);
    /// After it: after the last wanted step the file gets its name.
    void end_step(std::uint64_t step);
    /// Whatever was recorded gets its name, once; nothing where no step was. Throws DataError where it cannot be
    /// written.
    void finish();

    [[nodiscard]] const Options& options() const noexcept { return options_; }
    /// Of register writes and bursts, as the unit returned them. Each is a rising edge in the file; a register read is
    /// one more.
    [[nodiscard]] CycleCount cycles() const noexcept { return cycles_; }
    /// There is a file under the name.
    [[nodiscard]] bool finished() const noexcept { return finished_; }

private:
    friend class RecordedUnit;
    void open();
    void remove_temporary() noexcept;

    Options options_;
    std::string temporary_;
    RecordableUnit* unit_ = nullptr;  ///< what records, while it lives
    bool open_ = false;
    bool recording_ = false;
    bool finished_ = false;
    CycleCount cycles_ = 0;
};

/// Passes everything on, and tells the recorder's unit the chip's time before each operation while a step is recorded.
class RecordedUnit final : public QuantizeUpdateUnit {
public:
    RecordedUnit(std::unique_ptr<RecordableUnit> unit, std::shared_ptr<WaveRecorder> recorder);
    /// What was recorded is kept, if it can be, whatever ended the run.
    ~RecordedUnit() override;

    [[nodiscard]] int lanes() const noexcept override { return unit_->lanes(); }
    void reset() override;
    CycleCount write_register(std::uint32_t address, std::uint32_t value) override;
    [[nodiscard]] std::uint32_t read_register(std::uint32_t address) override;
    CycleCount run(const Burst& burst) override;

private:
    void advance();

    std::unique_ptr<RecordableUnit> unit_;
    std::shared_ptr<WaveRecorder> recorder_;
};

}  // namespace wagesim::verify
