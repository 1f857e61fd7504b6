// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// One loop for three commands. See the header.
#include "platforms/cli/training_run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/interruption.hpp"
#include "platforms/cli/other_configuration.hpp"
#include "platforms/cli/result_output.hpp"
#include "platforms/cli/shared_checkpoint.hpp"
#include "platforms/config/print_run.hpp"
#include "ref/data/atomic_file.hpp"
#include "ref/record/record_file.hpp"

namespace wagesim::cli {
namespace {

// docs/interfaces.md promises once a minute; a long step or batch of test images may come on top.
constexpr std::chrono::seconds kSaveEvery{30};

// Counters of the loop itself, beside the engine's. They are whole numbers, so seconds are kept as microseconds.
constexpr const char* kWallCounter = "run.wall_microseconds";
constexpr const char* kEpochCounter = "run.epoch_microseconds";

std::uint64_t microseconds(double seconds)
{
    return static_cast<std::uint64_t>(std::llround(seconds * 1e6));
}

double take_seconds(Counters& counters, const char* name)
{
    const auto found = counters.find(name);
    if (found == counters.end()) throw std::invalid_argument(std::string("no ") + name);
    const double seconds = static_cast<double>(found->second) * 1e-6;
    counters.erase(found);
    return seconds;
}

/// A float companion may diverge; the sign of its NaN means nothing.
double without_sign_of_nan(double value)
{
    return std::isnan(value) ? std::abs(value) : value;
}

}  // namespace

TrainingRun::TrainingRun(const Session& session, Engine& engine, Console& console, OpenEpoch open_epoch,
                         Recorder* recorder)
    : session_(session),
      engine_(engine),
      console_(console),
      open_epoch_(open_epoch),
      recorder_(recorder),
      batcher_(make_batcher(session))
{
}

RunResult TrainingRun::run()
{
    write([](RunDirectory& directory) { directory.claim(); });
    bool resumed = session_.directory && session_.directory->holds_checkpoint();
    session_.ranks.share(resumed);
    if (resumed) {
        resume();
    } else {
        start();
    }
    print_plan(session_, console_);
    if (resumed) console_.print(fmt::format("resumed after step {}", step_));
    for (const EpochRow& row : closed_) print_row(row);
    // A run that goes on is not complete, whatever an earlier and shorter one left.
    if (step_ < session_.end_step) write([](RunDirectory& directory) { directory.remove_result(); });
    // A signal that came while data were loaded: no step is begun after it.
    if (agreed_request() == Request::interrupt) interrupt(engine_.progress());
    console_.start_progress(step_, session_.end_step);
    while (!engine_.stopped() && (step_ < session_.end_step || epoch_is_complete())) {
        if (epoch_is_complete()) {
            close_epoch();
        } else {
            train_step();
        }
    }
    return finish();
}

template <class Writer>
void TrainingRun::write(Writer&& writer) const
{
    session_.ranks.together([&] {
        if (session_.directory) writer(*session_.directory);
    });
}

void TrainingRun::start()
{
    if (!session_.ranks.alone() && !session_.options.weights.empty()) {
        StoredWeights weights = engine_.stored_weights();
        share(session_.ranks, weights, session_.weight_rules);
        engine_.load_weights(weights);
    }
    if (recorder_ == nullptr) write([](RunDirectory& directory) { directory.remove_record(); });
    // The checkpoint comes first: from then on the folder belongs to this configuration.
    save(engine_.progress());
    write([&](RunDirectory& directory) {
        write_file_atomically(directory.config_file(), config::print_run(session_.config));
    });
}

void TrainingRun::resume()
{
    Checkpoint checkpoint;
    write([&](RunDirectory& directory) {
        try {
            checkpoint = load_checkpoint(directory.checkpoint_file(), session_.weight_rules, session_.config_hash);
        } catch (const OtherConfiguration& refused) {
            throw name_differences(refused, session_.config);
        }
    });
    share(session_.ranks, checkpoint, session_.weight_rules);
    session_.ranks.together([&] { take(std::move(checkpoint)); });
    write([&](RunDirectory& directory) {
        write_file_atomically(directory.config_file(), config::print_run(session_.config));
    });
}

void TrainingRun::take(Checkpoint checkpoint)
{
    const std::string file = session_.directory ? session_.directory->checkpoint_file() : "checkpoint";
    step_ = checkpoint.weights.step;
    closed_ = std::move(checkpoint.epochs);
    current_ = {checkpoint.epoch_samples, checkpoint.epoch_correct, checkpoint.epoch_loss, 0.0};
    const auto batch = static_cast<std::uint64_t>(session_.config.training.batch);
    if (current_.images % batch != 0 || current_.correct > current_.images) {
        throw DataError(
            fmt::format("{}: got {} images of the open epoch, {} classified as labelled, allowed whole "
                        "batches of {} and no more of them than images",
                        file, current_.images, current_.correct, batch));
    }
    const std::uint64_t current_steps = current_.images / batch;
    if (closed_.size() * batcher_.steps_per_epoch() + current_steps != step_) {
        throw DataError(fmt::format("{}: got {} closed epochs and {} steps of the next, allowed {} steps in all", file,
                                    closed_.size(), current_steps, step_));
    }
    // The counters after the weights, because loading weights into a chip is itself counted.
    engine_.load_weights(checkpoint.weights.layers);
    engine_.load_float_tensors(checkpoint.weights.floats);
    try {
        earlier_seconds_ = take_seconds(checkpoint.counters, kWallCounter);
        current_.seconds = take_seconds(checkpoint.counters, kEpochCounter);
        engine_.restore_counters(checkpoint.counters);
        engine_.restore_state(checkpoint.state);
    } catch (const std::invalid_argument& fault) {
        throw DataError(fmt::format("{}: got a checkpoint of another command ({}), allowed one that this command made",
                                    file, fault.what()));
    }
    if (recorder_ != nullptr) {
        const std::string record = session_.directory->record_file();
        recorder_->resume(load_record(record, recorder_->record({})), step_, record);
    }
}

/// The batch that `read` returns. Where it meets an image that cannot be read, on any rank, what was learned until then
/// is kept, with `progress` or, without them, the engine's present ones.
template <class Read>
BatchView TrainingRun::read_or_save(const ImageSource& source, const Progress* progress, Read&& read)
{
    if (source.in_memory() != nullptr) return read();
    const auto keep = [&] { save(progress != nullptr ? *progress : engine_.progress()); };
    try {
        return session_.ranks.together(read);
    } catch (const DataError&) {
        keep();
        throw;
    } catch (const AgreedFailure&) {
        keep();
        throw;
    }
}

void TrainingRun::train_step()
{
    const Clock::time_point before = Clock::now();
    const BatchView batch = read_or_save(*session_.data.train, nullptr, [&] { return batcher_.batch(step_); });
    const int eta_exponent = session_.config.training.eta_exponent(closed_.size());
    const Engine::Outcome outcome = engine_.train_step(batch, step_, eta_exponent);
    const Clock::time_point after = Clock::now();

    ++step_;
    current_.images += static_cast<std::uint64_t>(session_.config.training.batch);
    current_.correct += outcome.correct;
    current_.loss += outcome.loss;
    current_.seconds += std::chrono::duration<double>(after - before).count();
    if (recorder_ != nullptr && !engine_.stopped()) recorder_->end_step(outcome.loss, outcome.correct);

    const EpochRow row = current_row(std::nullopt);
    console_.advance_progress(step_, fmt::format("loss {:.4f}  {:.0f} images/s", row.loss, row.images_per_second));
    if (engine_.stopped()) return;
    const Request request = agreed_request();
    if (request == Request::interrupt) interrupt(engine_.progress());
    if (request == Request::save) save(engine_.progress());
}

void TrainingRun::close_epoch()
{
    const EpochRow row = current_row(evaluate());
    closed_.push_back(row);
    current_ = {};
    print_row(row);
    if (engine_.stopped()) return;
    save(engine_.progress());
    write([&](RunDirectory& directory) { write_file_atomically(directory.epochs_file(), epochs_csv(closed_)); });
}

RunResult TrainingRun::finish()
{
    engine_.end_training();
    RunResult result;
    result.steps = step_;
    result.config_hash = session_.config_hash;
    result.epochs = closed_;
    if (engine_.stopped()) {
        console_.end_progress();
        result.wall_seconds = wall_seconds();
        return result;
    }
    // An epoch that --steps left open stays open in the checkpoint: a longer run will close it as a whole.
    save(engine_.progress());
    if (current_.images == 0 && !closed_.empty()) {
        result.final_test_error = closed_.back().test_error;
    } else if (open_epoch_ == OpenEpoch::evaluate) {
        result.final_test_error = evaluate();
    }
    if (current_.images > 0) {
        result.epochs.push_back(current_row(result.final_test_error));
        print_row(result.epochs.back());
    }
    console_.end_progress();
    result.wall_seconds = wall_seconds();
    write([&](RunDirectory& directory) {
        save_record_of(result.epochs);
        write_file_atomically(directory.epochs_file(), epochs_csv(result.epochs));
        save_weights(directory.weights_file(),
                     {engine_.stored_weights(), trained_floats(), config::print_run(session_.config), step_});
    });
    return result;
}

FloatTensors TrainingRun::trained_floats() const
{
    FloatTensors floats = engine_.float_tensors();
    for (const auto& [name, shape] : session_.weight_rules.float_state) floats.erase(name);
    return floats;
}

bool TrainingRun::epoch_is_complete() const
{
    return current_.images == batcher_.steps_per_epoch() * static_cast<std::uint64_t>(session_.config.training.batch);
}

EpochRow TrainingRun::current_row(const std::optional<double>& test_error) const
{
    const auto images = static_cast<double>(current_.images);
    EpochRow row;
    row.epoch = closed_.size();
    row.loss = current_.loss / images;
    row.train_error = static_cast<double>(current_.images - current_.correct) / images;
    row.test_error = test_error;
    row.images_per_second = current_.seconds > 0.0 ? images / current_.seconds : 0.0;
    return row;
}

std::optional<double> TrainingRun::evaluate()
{
    const std::size_t images = session_.data.test->count();
    if (images == 0) return std::nullopt;
    // What an interrupted evaluation counted must not be counted again after --resume.
    const Progress progress = session_.directory ? engine_.progress() : Progress{};
    EvaluationBatches batches = make_evaluation_batches(session_);
    std::size_t correct = 0;
    for (std::uint64_t number = 0; number < batches.count(); ++number) {
        const Request request = agreed_request();
        if (request == Request::interrupt) interrupt(progress);
        if (request == Request::save) save(progress);
        const BatchView batch = read_or_save(*session_.data.test, &progress, [&] { return batches.batch(number); });
        if (batch.samples > 0) correct += count_correct(engine_, batch);
    }
    correct = session_.ranks.sum(correct);
    return static_cast<double>(images - correct) / static_cast<double>(images);
}

void TrainingRun::print_row(const EpochRow& row)
{
    if (!header_printed_) console_.print("epoch        loss  train error  test error   images/s");
    header_printed_ = true;
    console_.print(fmt::format("{:>5}  {:>10.6f}  {:>11.6f}  {:>10}  {:>9.1f}", row.epoch,
                               without_sign_of_nan(row.loss), row.train_error,
                               row.test_error ? fmt::format("{:.6f}", *row.test_error) : "-", row.images_per_second));
}

bool TrainingRun::save_is_due() const
{
    return session_.directory && Clock::now() - saved_ >= kSaveEvery;
}

TrainingRun::Request TrainingRun::agreed_request() const
{
    const Request own = interruption_requested() ? Request::interrupt : save_is_due() ? Request::save : Request::none;
    return static_cast<Request>(session_.ranks.largest(static_cast<std::int64_t>(own)));
}

void TrainingRun::save(const Progress& progress)
{
    write([&](RunDirectory& directory) {
        // The record first: it may be ahead of the checkpoint, and --resume takes back what is; it may never be behind.
        save_record_of(closed_);
        save_checkpoint(directory.checkpoint_file(), checkpoint_now(progress));
    });
    saved_ = Clock::now();
}

Checkpoint TrainingRun::checkpoint_now(const Progress& progress) const
{
    Checkpoint checkpoint;
    checkpoint.weights = {engine_.stored_weights(), engine_.float_tensors(), config::print_run(session_.config), step_};
    checkpoint.config_hash = session_.config_hash;
    checkpoint.epoch_loss = current_.loss;
    checkpoint.epoch_correct = current_.correct;
    checkpoint.epoch_samples = current_.images;
    checkpoint.epochs = closed_;
    checkpoint.counters = progress.counters;
    checkpoint.state = progress.state;
    checkpoint.counters[kWallCounter] = microseconds(wall_seconds());
    checkpoint.counters[kEpochCounter] = microseconds(current_.seconds);
    return checkpoint;
}

void TrainingRun::save_record_of(const std::vector<EpochRow>& epochs)
{
    if (recorder_ != nullptr) save_record(session_.directory->record_file(), recorder_->record(epochs));
}

void TrainingRun::interrupt(const Progress& progress)
{
    save(progress);
    if (!session_.directory) {
        throw Interrupted(fmt::format("interrupted after step {}; nothing is kept without --out DIR", step_));
    }
    throw Interrupted(fmt::format("interrupted after step {}; the same command with --resume goes on from {}", step_,
                                  session_.directory->checkpoint_file()));
}

double TrainingRun::wall_seconds() const
{
    return earlier_seconds_ + std::chrono::duration<double>(Clock::now() - began_).count();
}

}  // namespace wagesim::cli
