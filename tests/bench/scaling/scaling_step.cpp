// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Training steps of one batch size on the ranks that mpirun started, as a row of figures: those of rank 0's fastest
// step, which other work on the machine disturbed least. scaling.sh makes the table. Not a test: it judges nothing.
//   scaling_step lenet|vgg8 BATCH STEPS
#include <fmt/core.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "platforms/mpi/mpi_communicator.hpp"
#include "ref/communicator/share.hpp"
#include "ref/trainer/trainer.hpp"
#include "tests/bench/ref/networks.hpp"

namespace wagesim::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::size_t count_of(const char* text)
{
    const unsigned long long count = std::strtoull(text, nullptr, 10);
    if (count < 1) throw std::invalid_argument(fmt::format("got {}, allowed 1 or more", text));
    return static_cast<std::size_t>(count);
}

/// What one step took this rank.
struct Step {
    double seconds;
    double communication;  ///< of these, inside the communicator
    std::uint64_t bytes;   ///< handed to the communicator
};

std::vector<Step> timed_steps(const Network& network, std::size_t batch, std::size_t steps, Communicator& ranks)
{
    ref::TrainerOptions options;
    options.batch = batch;
    options.range = network.input.channels == 1 ? InputRange::unit : InputRange::symmetric;
    ref::Trainer trainer(network, options, ranks);
    const Share own = share_of(batch, ranks);
    const Images images(network, own.count);
    constexpr std::size_t kWarmUp = 3;
    std::vector<Step> out;
    for (std::size_t step = 0; step < steps + kWarmUp; ++step) {
        (void)ranks.largest(0);  // all begin at once
        const Traffic before = ranks.traffic();
        const Clock::time_point began = Clock::now();
        (void)trainer.train_step(images.view(), step, 0);
        const double seconds = std::chrono::duration<double>(Clock::now() - began).count();
        const Traffic after = ranks.traffic();
        if (step >= kWarmUp) out.push_back({seconds, after.seconds - before.seconds, after.bytes - before.bytes});
    }
    return out;
}

void measure(int argc, char** argv, Communicator& ranks)
{
    if (argc != 4) throw std::invalid_argument("usage: scaling_step lenet|vgg8 BATCH STEPS");
    const std::string name = argv[1];
    if (name != "lenet" && name != "vgg8") throw std::invalid_argument("got " + name + ", allowed lenet, vgg8");
    const std::size_t batch = count_of(argv[2]);
    const std::size_t steps = count_of(argv[3]);

    const std::vector<Step> timed = timed_steps(name == "lenet" ? lenet() : vgg8(), batch, steps, ranks);
    if (ranks.rank() > 0) return;

    const Step best = *std::min_element(timed.begin(), timed.end(),
                                        [](const Step& x, const Step& y) { return x.seconds < y.seconds; });
    fmt::print("{:>6} {:>8} {:>6} {:>10.2f} {:>10.0f} {:>14.1f} {:>14}\n", ranks.size(), omp_get_max_threads(), batch,
               1e3 * best.seconds, static_cast<double>(batch) / best.seconds, 1e2 * best.communication / best.seconds,
               best.bytes);
}

}  // namespace
}  // namespace wagesim::bench

int main(int argc, char** argv)
{
    using namespace wagesim;
    try {
        SingleProcess alone;
        std::unique_ptr<mpi::MpiCommunicator> mpi;
        if (mpi::launch() != mpi::Launch::none) mpi = std::make_unique<mpi::MpiCommunicator>();
        if (mpi && std::getenv("OMP_NUM_THREADS") == nullptr) omp_set_num_threads(mpi->core_share());
        bench::measure(argc, argv, mpi ? static_cast<Communicator&>(*mpi) : alone);
    } catch (const std::exception& error) {
        fmt::print(stderr, "scaling_step: {}\n", error.what());
        return 2;
    }
    return 0;
}
