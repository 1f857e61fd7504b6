// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/config/load_sampling.hpp"

#include "platforms/config/reader.hpp"

namespace wagesim::config {
namespace {

constexpr const char* kSamplingAllowed =
    "grid, {random: N}, {latin_hypercube: N} or {optimiser: ALGORITHM, population: N, generations: N}";
constexpr Range kDesigns{1, 1'000'000'000};
// NSGA-II pairs designs by fours, and all want more than a handful; MACO's archive is sorted by as many.
constexpr Range kPopulation{8, 10'000};
constexpr int kPopulationStep = 4;
constexpr Range kGenerations{1, 100'000};

Sampling read_sample(const DocumentNode& node, const char* key, Sampling::Kind kind)
{
    Sampling sampling;
    sampling.kind = kind;
    int designs = 0;
    Origins origins;
    Reader::read(node, "sampling", origins, kSamplingAllowed, [&](Reader& in) {
        in.integer(key, designs, kDesigns, Need::required);
        in.seed("seed", sampling.seed);
    });
    sampling.designs = static_cast<std::uint64_t>(designs);
    return sampling;
}

Sampling read_optimiser(const DocumentNode& node)
{
    Sampling sampling;
    sampling.kind = Sampling::Kind::optimiser;
    int population = 0;
    int generations = 0;
    Origins origins;
    Reader::read(node, "sampling", origins, kSamplingAllowed, [&](Reader& in) {
        in.choice("optimiser", sampling.algorithm, Need::required);
        in.integer("population", population, kPopulation, Need::required);
        in.integer("generations", generations, kGenerations, Need::required);
        in.seed("seed", sampling.seed);
    });
    if (population % kPopulationStep != 0) {
        const DocumentNode& value = *node.find("population");
        throw value.place.fault("sampling.population", value.shown(), "a multiple of 4");
    }
    sampling.population = static_cast<std::uint32_t>(population);
    sampling.generations = static_cast<std::uint32_t>(generations);
    return sampling;
}

}  // namespace

Sampling read_sampling(const DocumentNode& node)
{
    if (node.kind == DocumentNode::Kind::scalar && node.text == "grid") return {};
    if (node.find("random") != nullptr) return read_sample(node, "random", Sampling::Kind::random);
    if (node.find("latin_hypercube") != nullptr) {
        return read_sample(node, "latin_hypercube", Sampling::Kind::latin_hypercube);
    }
    if (node.find("optimiser") != nullptr) return read_optimiser(node);
    throw node.place.fault("sampling", node.shown(), kSamplingAllowed);
}

}  // namespace wagesim::config
