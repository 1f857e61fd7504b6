// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// wagesim infer: test-set error of given weights, on the reference or on the chip.
#include <fmt/core.h>

#include "platforms/cli/chip_engine.hpp"
#include "platforms/cli/chip_figures.hpp"
#include "platforms/cli/commands.hpp"
#include "platforms/cli/interruption.hpp"
#include "platforms/cli/result_output.hpp"
#include "platforms/cli/software_engine.hpp"
#include "platforms/config/print_run.hpp"
#include "ref/data/atomic_file.hpp"

namespace wagesim::cli {
namespace {

std::size_t count_all_correct(const Session& session, Engine& engine, Console& console)
{
    EvaluationBatches batches = make_evaluation_batches(session);
    console.start_progress(0, session.data.test->count());
    std::size_t correct = 0;
    std::size_t done = 0;
    for (std::uint64_t number = 0; number < batches.count(); ++number) {
        if (interruption_requested()) throw Interrupted(fmt::format("interrupted after {} images", done));
        const BatchView images = batches.batch(number);
        correct += count_correct(engine, images);
        done += images.samples;
        console.advance_progress(done, "images");
    }
    console.end_progress();
    return correct;
}

}  // namespace

ExitCode run_infer(const Options& options)
{
    const Session session = open_session(options);
    const std::size_t images = session.data.test->count();
    if (images == 0) throw UsageError("infer: got no test images, allowed a run file with some");

    Console console(options.quiet, options.json);
    std::unique_ptr<ChipEngine> chip;
    std::unique_ptr<Engine> software;
    if (options.engine == EngineKind::chip) {
        chip = std::make_unique<ChipEngine>(session);
    } else {
        software = make_software_engine(session);
    }
    Engine& engine = chip ? static_cast<Engine&>(*chip) : *software;
    if (session.directory) session.directory->claim();
    const std::size_t correct = count_all_correct(session, engine, console);
    const double error = static_cast<double>(images - correct) / static_cast<double>(images);

    Json result = {{"images", images}, {"correct", correct}, {"test_error", error}};
    console.print(fmt::format("test error {:.4f}: {} of {} images right", error, correct, images));
    if (chip) {
        result["chip"] =
            chip_json(chip->chip().evaluation_statistics(), costs_of(chip->chip(), session.config), nullptr);
        console.print(chip_table("evaluation", chip->chip().evaluation_statistics(),
                                 costs_of(chip->chip(), session.config), nullptr));
    }
    if (session.directory) {
        write_file_atomically(session.directory->config_file(), config::print_run(session.config));
    }
    deliver_result(result, session);
    return ExitCode::done;
}

}  // namespace wagesim::cli
