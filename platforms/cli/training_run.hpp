// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The loop of train, simulate and verify: steps, epochs, evaluation, checkpoints, interruption. What a step computes is
// the engine's business, what is made of the result the command's.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "platforms/cli/console.hpp"
#include "platforms/cli/engine.hpp"
#include "platforms/cli/run_result.hpp"
#include "platforms/cli/session.hpp"
#include "ref/data/batcher.hpp"
#include "ref/record/recorder.hpp"

namespace wagesim::cli {

class TrainingRun {
public:
    /// Whether a run that --steps ends inside an epoch classifies the test images, too.
    enum class OpenEpoch { evaluate, leave };

    /// Keeps references to all of them. `recorder`, if any, already listens to the engine's tensors.
    TrainingRun(const Session& session, Engine& engine, Console& console, OpenEpoch open_epoch,
                Recorder* recorder = nullptr);

    /// Starts or resumes, runs to the end and leaves config.yaml, epochs.csv, checkpoint.npz, weights.npz
    /// and, with a recorder, record.npz in the session's folder, if it has one. Where the engine stops early, what has
    /// been run so far is returned and no file is added. Throws Interrupted after a signal, DataError for a checkpoint
    /// or weights that are not this run's, and, after a checkpoint, for an image that cannot be read. Collective: all
    /// ranks do every step, rank 0 keeps the files, and what ends one ends all.
    RunResult run();

private:
    using Clock = std::chrono::steady_clock;

    /// Over the steps of the epoch that is not closed yet.
    struct EpochSums {
        std::uint64_t images = 0;
        std::uint64_t correct = 0;
        double loss = 0.0;     ///< added in step order, so that a resumed sum rounds the same way
        double seconds = 0.0;  ///< of the training steps
    };

    /// What happens between two steps, on all ranks alike.
    enum class Request : std::int64_t { none, save, interrupt };

    void start();
    void resume();
    void take(Checkpoint checkpoint);
    template <class Read>
    BatchView read_or_save(const ImageSource& source, const Progress* progress, Read&& read);
    void train_step();
    void close_epoch();
    RunResult finish();

    /// Without what only a checkpoint keeps.
    [[nodiscard]] FloatTensors trained_floats() const;
    [[nodiscard]] bool epoch_is_complete() const;
    [[nodiscard]] EpochRow current_row(const std::optional<double>& test_error) const;
    [[nodiscard]] std::optional<double> evaluate();
    void print_row(const EpochRow& row);
    [[nodiscard]] bool save_is_due() const;
    /// A signal to any rank interrupts; rank 0's clock saves.
    [[nodiscard]] Request agreed_request() const;
    /// Calls writer(folder) where there is a folder, which is on rank 0 alone; all ranks fail where it does.
    template <class Writer>
    void write(Writer&& writer) const;
    void save(const Progress& progress);
    void save_record_of(const std::vector<EpochRow>& epochs);
    [[nodiscard]] Checkpoint checkpoint_now(const Progress& progress) const;
    [[noreturn]] void interrupt(const Progress& progress);
    [[nodiscard]] double wall_seconds() const;

    const Session& session_;
    Engine& engine_;
    Console& console_;
    OpenEpoch open_epoch_;
    Recorder* recorder_;
    Batcher batcher_;
    std::uint64_t step_ = 0;        ///< the next one
    std::vector<EpochRow> closed_;  ///< epochs
    EpochSums current_;
    bool header_printed_ = false;
    Clock::time_point began_ = Clock::now();
    Clock::time_point saved_ = began_;
    double earlier_seconds_ = 0.0;  ///< wall time of the sessions before this one
};

}  // namespace wagesim::cli
