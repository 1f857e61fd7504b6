// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/sweep_estimate.hpp"

#include <omp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <functional>
#include <vector>

#include "platforms/cli/chip_factory.hpp"
#include "platforms/cli/reference_engine.hpp"
#include "platforms/cli/timing_run.hpp"
#include "ref/trainer/trainer.hpp"

namespace wagesim::cli {
namespace {

constexpr std::uint64_t kMostLooks = 1000;

double seconds_of(const std::function<void()>& work)
{
    const auto began = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

/// What `measure` returns in a fork, or nothing where that ends otherwise. SystemC elaborates once a process, and
/// threads that it starts must not be in the way of later forks.
std::optional<double> measured_in_fork(const std::function<double()>& measure)
{
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) return std::nullopt;
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child == 0) {
        // It holds its parent's locks, and must not outlive it.
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != parent) ::_exit(1);
        std::signal(SIGTERM, SIG_DFL);
        std::signal(SIGINT, SIG_DFL);
        double seconds = -1.0;
        try {
            seconds = measure();
        } catch (const std::exception&) {
            // The point itself will say what is wrong.
        }
        const bool written = ::write(ends[1], &seconds, sizeof seconds) == sizeof seconds;
        ::_exit(written ? 0 : 1);
    }
    ::close(ends[1]);
    double seconds = -1.0;
    const bool received = child > 0 && ::read(ends[0], &seconds, sizeof seconds) == sizeof seconds;
    ::close(ends[0]);
    while (child > 0 && ::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
    if (!received || seconds < 0.0) return std::nullopt;
    return seconds;
}

/// The second of two training steps on empty images: no engine's time depends on data.
double step_seconds(const config::RunConfig& run, bool on_chip)
{
    const auto batch = static_cast<std::size_t>(run.training.batch);
    const auto& input = run.network.input;
    const std::vector<std::uint8_t> images(batch *
                                           static_cast<std::size_t>(input.channels * input.height * input.width));
    const std::vector<std::uint16_t> labels(batch);
    const BatchView view{batch, images.data(), labels.data()};
    const int eta = run.training.eta_exponent(0);
    ref::Trainer trainer(run.network, trainer_options(run));
    if (!on_chip) {
        trainer.train_step(view, 0, eta);
        return seconds_of([&] { trainer.train_step(view, 1, eta); });
    }
    const BuiltChip built = build_chip(run);
    std::vector<std::vector<std::int16_t>> weights;
    for (const Tensor<std::int16_t>& layer : stored_weights_of(trainer))
        weights.emplace_back(layer.begin(), layer.end());
    built.chip->load_weights(weights);
    built.chip->train_step(view, 0, eta);
    return seconds_of([&] { built.chip->train_step(view, 1, eta); });
}

double run_seconds(const config::RunConfig& run, std::optional<std::uint64_t> steps, bool on_chip)
{
    constexpr double kEvaluation = 1.0 / 3.0;  // forward alone, of forward, backward and gradient
    const TimingWork work = timing_work(run, steps);
    const double evaluated = static_cast<double>(work.evaluations * work.test_images) / static_cast<double>(work.batch);
    return step_seconds(run, on_chip) * (static_cast<double>(work.steps) + kEvaluation * evaluated);
}

}  // namespace

std::optional<double> estimate_seconds(const config::RunConfig& run, const config::Stage& stage, int threads)
{
    if (run.floats.any()) return std::nullopt;  // their first step compiles kernels
    std::optional<std::uint64_t> steps;
    if (stage.steps) steps = static_cast<std::uint64_t>(*stage.steps);
    const bool on_chip = stage.command == config::SweepCommand::simulate;
    return measured_in_fork([&] {
        omp_set_num_threads(threads);
        if (on_chip && run.chip->fidelity == chip::Fidelity::timing) {
            return seconds_of([&] {
                const TimingWork work = timing_work(run, steps);
                const BuiltChip built = build_chip(run);
                time_chip(*built.chip, work);
            });
        }
        return run_seconds(run, steps, on_chip);
    });
}

std::optional<double> estimate_point_seconds(const sweep::SurveyedSweep& sweep, std::size_t stage,
                                             const sweep::PointSource& source, int threads)
{
    sweep::PointResolver resolver = sweep.resolver(stage);
    for (std::uint64_t i = 0; i < std::min(source.count(), kMostLooks); ++i) {
        const sweep::Point point = source.point(i);
        if (sweep.constraints().excludes(point.settings)) continue;
        const sweep::ResolvedPoint resolved = resolver.resolve(point);
        if (resolved.run) return estimate_seconds(*resolved.run, sweep.stage(stage), threads);
    }
    return std::nullopt;
}

}  // namespace wagesim::cli
