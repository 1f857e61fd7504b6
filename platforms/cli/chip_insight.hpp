// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What simulate shows of a chip's run on request: --trace, --explain, --sqlite; power over time with --record or
// --trace, wear of cells with --record. What a chip costs in sum is chip_figures.hpp's business.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "platforms/cli/console.hpp"
#include "platforms/cli/options.hpp"
#include "platforms/cli/run_directory.hpp"
#include "platforms/config/run_config.hpp"
#include "platforms/inspect/listener_list.hpp"
#include "platforms/inspect/power_recorder.hpp"
#include "platforms/inspect/step_explainer.hpp"
#include "platforms/inspect/trace_recorder.hpp"
#include "tlm/chip/chip.hpp"

namespace wagesim::cli {

/// Throws UsageError for options that do not go together; before anything is read.
void require_insight_options(const Options& options);
/// Throws UsageError where the run does not have the steps that are asked for.
void require_insight_steps(const Options& options, const config::RunConfig& config, std::uint64_t end_step);

class ChipInsight {
public:
    /// Listens to the chip from now on, where there is a request. Keeps references to all of them; `directory` may be
    /// null, and is claimed before the first step.
    ChipInsight(const Options& options, const config::RunConfig& config, chip::Chip& chip,
                const RunDirectory* directory);
    ~ChipInsight();
    ChipInsight(const ChipInsight&) = delete;
    ChipInsight& operator=(const ChipInsight&) = delete;

    /// After the run: the explanation, where it was asked for.
    void print(Console& console) const;
    /// After the run: writes what was not complete before. Throws DataError.
    void finish();

private:
    void open_trace();
    void write_trace();

    const Options& options_;
    const config::RunConfig& config_;
    chip::Chip& chip_;
    const RunDirectory* directory_;
    std::unique_ptr<inspect::TraceRecorder> trace_;
    bool trace_written_ = false;
    std::unique_ptr<inspect::StepExplainer> explainer_;
    std::unique_ptr<inspect::PowerRecorder> power_;
    inspect::ListenerList listeners_;
};

}  // namespace wagesim::cli
