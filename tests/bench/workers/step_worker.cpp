// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Training steps of the reference trainer, run on request (serve.hpp). OMP_NUM_THREADS sets the threads. The greeting
// carries the network's geometry, from which a competitor builds the same network. A round is a step.
//   step_worker lenet|vgg8 BATCH [WIDTH]     WIDTH multiplies the channels of hidden layers
#include <exception>
#include <string>

#include <fmt/core.h>
#include <omp.h>
#include <nlohmann/json.hpp>

#include "ref/trainer/trainer.hpp"
#include "tests/bench/ref/networks.hpp"
#include "tests/bench/workers/serve.hpp"

namespace {

using namespace wagesim;

int number(const char* name, const std::string& text)
{
    std::size_t used = 0;
    int value = 0;
    try {
        value = std::stoi(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    if (used != text.size() || text.empty() || value < 1) {
        throw std::invalid_argument(fmt::format("{}: got {}, allowed an integer from 1", name, text));
    }
    return value;
}

nlohmann::json describe(const LayerGeometry& layer)
{
    nlohmann::json out = {{"kind", layer.kind == Layer::Kind::conv ? "conv" : "dense"},
                          {"in", {layer.in_c, layer.in_h, layer.in_w}},
                          {"out", {layer.out_c, layer.out_h, layer.out_w}},
                          {"kernel", layer.kernel_h},
                          {"stride", layer.stride},
                          {"pad", layer.pad},
                          {"attenuation", layer.attenuation},
                          {"macs", layer.macs()}};
    if (layer.pool) out["pool"] = {layer.pool->size, layer.pool->stride};
    return out;
}

void work(int argc, char** argv)
{
    if (argc < 3 || argc > 4) throw std::invalid_argument("usage: step_worker lenet|vgg8 BATCH [WIDTH]");
    const std::string name = argv[1];
    if (name != "lenet" && name != "vgg8") {
        throw std::invalid_argument(fmt::format("network: got {}, allowed lenet or vgg8", name));
    }
    const int width = argc == 4 ? number("WIDTH", argv[3]) : 1;
    const Network network = name == "lenet" ? bench::lenet(width) : bench::vgg8(width);
    ref::TrainerOptions options;
    options.batch = static_cast<std::size_t>(number("BATCH", argv[2]));
    options.range = name == "lenet" ? InputRange::unit : InputRange::symmetric;
    ref::Trainer trainer(network, options);
    const bench::Images images(network, options.batch);

    nlohmann::json layers = nlohmann::json::array();
    for (const LayerGeometry& layer : trainer.geometry()) layers.push_back(describe(layer));
    const nlohmann::json greeting = {{"worker", "wagesim"},
                                     {"network", name},
                                     {"width", width},
                                     {"batch", options.batch},
                                     {"threads", omp_get_max_threads()},
                                     {"layers", layers}};
    std::uint64_t step = 0;
    bench::serve(greeting, [&](std::uint64_t rounds) {
        double first = 0;
        double last = 0;
        for (std::uint64_t i = 0; i < rounds; ++i) {
            last = trainer.train_step(images.view(), step++, 0).loss;
            if (i == 0) first = last;
        }
        return nlohmann::json{{"first_loss", first}, {"last_loss", last}};
    });
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        work(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "step_worker: {}\n", error.what());
        return 2;
    }
    return 0;
}
