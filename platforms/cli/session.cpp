// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The order of checks: what costs nothing first, the data last. See the header.
#include "platforms/cli/session.hpp"

#include <fmt/core.h>
#include <omp.h>

#include <algorithm>
#include <filesystem>

#include "platforms/cli/data_options.hpp"
#include "platforms/cli/exit_code.hpp"
#include "platforms/cli/idle_threads.hpp"
#include "platforms/cli/rtl_options.hpp"
#include "platforms/config/config_error.hpp"
#include "platforms/config/config_hash.hpp"
#include "platforms/config/load_run.hpp"
#include "ref/communicator/share.hpp"
#include "ref/data/dataset_loader.hpp"
#include "ref/floating/tensor_extents.hpp"

namespace wagesim::cli {
namespace {

void load_data(Session& session)
{
    session.data = open_dataset(dataset_options(session.config.data), dataset_limits(session.config.network));
    const std::size_t images = session.data.train->count();
    if (static_cast<std::size_t>(session.config.training.batch) > images) {
        throw session.config.origins.fault("training.batch", std::to_string(session.config.training.batch),
                                           fmt::format("1..{}, the number of training images", images));
    }
}

void require_chip(const Options& options, const config::RunConfig& config)
{
    const bool needed = options.command == Command::simulate || options.command == Command::verify ||
                        (options.command == Command::infer && options.engine == EngineKind::chip);
    if (needed && config.chip && config.chip->fidelity == chip::Fidelity::timing) {
        throw config.origins.fault("chip.fidelity", "timing",
                                   "functional or bit_serial with this command (timing carries no data)");
    }
    if (needed && !config.chip) {
        throw UsageError(options.config + ": got no chip, this command needs one; --set chip=PATH supplies it");
    }
}

void require_one_rank(const char* option, const Ranks& ranks)
{
    if (ranks.alone()) return;
    throw UsageError(
        fmt::format("{}: got {} ranks, allowed 1, since no rank has a whole batch's tensors", option, ranks.count()));
}

/// The chip computes with integers, and knows one loss; dumps have integer tensors only.
void require_integers(const Options& options, const config::RunConfig& config, const Ranks& ranks)
{
    const bool on_chip = options.command == Command::simulate || options.command == Command::verify ||
                         (options.command == Command::infer && options.engine == EngineKind::chip);
    if (config.floats.any() && on_chip) throw config::float_fault(config, "the chip computes with no other");
    if (config.floats.any() && !options.dump.empty()) {
        throw config::float_fault(config, "a dump has no float32 tensors");
    }
    if (config.floats.any() && options.record) throw config::float_fault(config, "a record has no float32 tensors");
    if (config.floats.any() && !ranks.alone()) throw config::float_fault(config, "ranks add up exact sums only");
    const bool trains_on_chip = options.command == Command::simulate || options.command == Command::verify;
    if (config.training.loss == Loss::softmax && trains_on_chip) {
        throw config.origins.fault("training.loss", "softmax", "sse (the chip learns by no other)");
    }
}

StoredWeightRules weight_rules(const config::RunConfig& config, const std::vector<LayerGeometry>& geometry)
{
    if (!config.floats.any()) return stored_weight_rules(geometry, config.widths, config.training.weight_clip);
    const config::FloatTraining& training = config.training.floating;
    StoredWeightRules rules;
    rules.floats = floating::weight_extents(geometry, training.batch_norm);
    rules.float_state = floating::velocity_extents(geometry, training.batch_norm);
    rules.needs_float_state = training.momentum > 0.0;
    return rules;
}

/// What the run reads and writes besides the files that options ask for.
std::vector<std::string> files_of(const Session& session)
{
    std::vector<std::string> files = config::data_files(session.config.data);
    files.push_back(session.options.config);
    if (!session.options.weights.empty()) files.push_back(session.options.weights);
    if (!session.options.rtl_library.empty()) files.push_back(session.options.rtl_library);
    if (session.directory != nullptr) {
        const RunDirectory& run = *session.directory;
        for (std::string file :
             {run.config_file(), run.result_file(), run.epochs_file(), run.weights_file(), run.checkpoint_file(),
              run.record_file(), run.trace_file(), run.power_file(), run.wear_file(), run.database_file()}) {
            files.push_back(std::move(file));
        }
    }
    return files;
}

/// A file that `option` names, to be written in the run; `others` are the other ones.
void require_writable_file(const char* option, const std::string& file, const std::vector<std::string>& others,
                           const Session& session)
{
    namespace fs = std::filesystem;
    if (file.empty()) return;
    const std::string& out = session.options.out;
    std::vector<std::string> occupied = files_of(session);
    for (const std::string& other : others) {
        if (!other.empty()) occupied.push_back(other);
    }
    require_writable_place(option, file, occupied);
    // The run's folder need not be there yet.
    if (!out.empty() && fs::absolute(file + "/").lexically_normal() == fs::absolute(out + "/").lexically_normal()) {
        throw UsageError(std::string(option) + ": got " + file + ", which is the run's folder");
    }
}

/// Steps of all epochs.
std::uint64_t steps_of(const Session& session)
{
    constexpr std::uint64_t kMostSteps = (std::uint64_t{1} << 40U) - 1;  // docs/numerics.md section 1
    const auto epochs = static_cast<std::uint64_t>(session.config.training.epochs);
    const std::uint64_t steps_per_epoch = make_batcher(session).steps_per_epoch();
    if (epochs > kMostSteps / steps_per_epoch) {
        throw session.config.origins.fault("training.epochs", std::to_string(epochs),
                                           fmt::format("0..{}, which with {} steps an epoch are fewer than 2^40 steps",
                                                       kMostSteps / steps_per_epoch, steps_per_epoch));
    }
    return epochs * steps_per_epoch;
}

}  // namespace

config::RunConfig load_config(const Options& options)
{
    return config::load_run(options.config, options.assignments, options.seed);
}

Session open_session(const Options& options, const Ranks& ranks)
{
    if (ranks.alone()) let_idle_threads_sleep();
    if (options.resume && options.out.empty()) throw UsageError("--resume: needs --out DIR");
    if (options.record && options.out.empty()) throw UsageError("--record: needs --out DIR");
    if (options.resume && options.tolerate_deviation) {
        throw UsageError("--tolerate deviation: cannot be resumed, since a checkpoint holds no differences");
    }
    if (options.resume && !options.inject.empty()) {
        throw UsageError("--inject: not with --resume, since the step of the fault may lie before the checkpoint");
    }
    if (!options.dump.empty()) require_one_rank("--dump", ranks);
    if (options.record) require_one_rank("--record", ranks);
    if (options.threads) omp_set_num_threads(*options.threads);
    Session session{options, load_config(options), {}, {}, {}, {}, {}, 0, nullptr, ranks, nullptr, {}};
    const config::RunConfig& config = session.config;
    require_chip(options, config);
    require_integers(options, config, ranks);
    if (!options.out.empty() && ranks.is_root())
        session.directory =
            std::make_unique<RunDirectory>(options.out, options.resume, options.command != Command::infer);
    require_rtl_options(options, config);
    require_writable_file("--dump", options.dump, {options.record_activity, options.wave}, session);
    require_writable_file("--record-activity", options.record_activity, {options.dump, options.wave}, session);
    require_writable_file("--wave", options.wave, {options.dump, options.record_activity}, session);
    session.rtl_library = open_rtl_library(options);
    if (session.rtl_library) session.rtl_library_sha256 = config::sha256_of(options.rtl_library);

    session.geometry = config::geometry_of(config);
    session.weight_rules = weight_rules(config, session.geometry);
    if (!options.weights.empty() && ranks.is_root()) {
        session.initial_weights = load_weights(options.weights, session.weight_rules);
    }
    load_data(session);
    session.config_hash = config::config_hash(config);
    session.end_step = steps_of(session);
    if (options.steps) session.end_step = std::min(session.end_step, *options.steps);
    require_wave_steps(options, session.end_step);
    return session;
}

Batcher make_batcher(const Session& session)
{
    const config::RunConfig& config = session.config;
    Batcher::Options options;
    options.batch = static_cast<std::size_t>(config.training.batch);
    options.seed = config.seed;
    options.shuffle = config.data.shuffle;
    options.augment = config.data.augment;
    const Share share = share_of(options.batch, session.ranks.communicator());
    options.first = share.first;
    options.count = share.count;
    options.threads = static_cast<std::size_t>(omp_get_max_threads());
    return {*session.data.train, options};
}

EvaluationBatches make_evaluation_batches(const Session& session)
{
    const auto own_part = [&communicator = session.ranks.communicator()](std::size_t samples) {
        const Share share = share_of(samples, communicator);
        return BatchPart{share.first, share.count};
    };
    return {*session.data.test, static_cast<std::size_t>(session.config.training.batch),
            static_cast<std::size_t>(omp_get_max_threads()), own_part};
}

}  // namespace wagesim::cli
