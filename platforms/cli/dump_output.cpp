// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/cli/dump_output.hpp"

#include <fmt/core.h>

#include "platforms/cli/exit_code.hpp"
#include "ref/numerics/weight.hpp"

namespace wagesim::cli {
namespace {

void put_weights(TensorDump& dump, const Tensor<std::int16_t>& stored, std::uint32_t layer, const Widths& widths)
{
    Tensor<std::int8_t> codes(stored.shape());
    for (std::size_t i = 0; i < stored.size(); ++i) {
        codes[i] = static_cast<std::int8_t>(numerics::weight_code(stored[i], widths));
    }
    dump.on_tensor({0, layer, TensorName::weight_stored}, stored.view());
    dump.on_tensor({0, layer, TensorName::weight_q}, codes.view());
}

}  // namespace

std::unique_ptr<TensorDump> open_dump(const Session& session)
{
    const Options& options = session.options;
    if (options.dump.empty()) return nullptr;
    const DumpFilter filter(options.dump_filter);
    const auto batch = static_cast<std::size_t>(session.config.training.batch);
    const std::vector<LayerBounds> bounds =
        make_bounds(session.geometry, session.config.widths, static_cast<std::int64_t>(batch));
    const std::uint64_t bytes = estimate_dump_bytes(session.geometry, bounds, batch, session.end_step, filter);
    if (bytes > kLargestDump) {
        throw UsageError(
            fmt::format("--dump: got {:.1f} GiB or more of tensors, allowed {:.1f} GiB; --steps and "
                        "--dump-filter make it less",
                        static_cast<double>(bytes) / static_cast<double>(1U << 30U),
                        static_cast<double>(kLargestDump) / static_cast<double>(1U << 30U)));
    }
    if (bytes == 0 && session.end_step > 0) {
        throw UsageError(
            fmt::format("--dump-filter: got {}, which no entry of the {} steps matches, allowed a pattern of "
                        "names like {}",
                        options.dump_filter, session.end_step, dump_entry_name({0, 0, TensorName::weight_q})));
    }
    return std::make_unique<TensorDump>(options.dump, filter);
}

void finish_dump(TensorDump* dump, const Session& session, const Engine& engine)
{
    if (dump == nullptr) return;
    if (session.end_step == 0) {
        const StoredWeights weights = engine.stored_weights();
        for (std::uint32_t layer = 0; layer < weights.size(); ++layer) {
            put_weights(*dump, weights[layer], layer, session.config.widths);
        }
    }
    dump->finish();
}

}  // namespace wagesim::cli
