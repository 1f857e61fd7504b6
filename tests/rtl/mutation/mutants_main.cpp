// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Judges mutants of the quantize/update unit with the random bench: each is alive in a model of its own, and is found
// where a round fails. Mutant 0 is none, and must pass.
//   rtl_mutants LIST [--rounds=N] [--sample=N --seed=N] [--only=N] [--survivors=FILE]
// LIST names the mutants, line N is mutant N. Survivors go to the file, one number and its line each. Exit status 0
// where all that were judged are found, 1 where some survive, 2 for bad usage, 3 where mutant 0 fails.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <Vquantize_update_mutants.h>
#include <unistd.h>
#include "rtl/verilated/verilated_pins.hpp"
#include "tests/rtl/bench/random_bench.hpp"

namespace {

constexpr int kLanes = 4;
using MutantPins = wagesim::rtl::VerilatedPins<Vquantize_update_mutants, kLanes>;

struct Options {
    std::string list;
    std::uint64_t rounds = 150;
    std::uint64_t sample = 0;  ///< 0: all
    std::uint64_t seed = 1;
    std::uint64_t only = 0;
    std::string survivors;
};

std::optional<Options> parsed(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        const auto number = [&](const std::string& name, std::uint64_t& value) {
            if (argument.rfind(name, 0) != 0) return false;
            const char* end = argument.data() + argument.size();
            const auto [stop, error] = std::from_chars(argument.data() + name.size(), end, value);
            return error == std::errc{} && stop == end;
        };
        if (number("--rounds=", options.rounds) || number("--sample=", options.sample) ||
            number("--seed=", options.seed) || number("--only=", options.only))
            continue;
        if (argument.rfind("--survivors=", 0) == 0)
            options.survivors = argument.substr(12);
        else if (argument.rfind("--", 0) != 0 && options.list.empty())
            options.list = argument;
        else
            return std::nullopt;
    }
    if (options.list.empty()) return std::nullopt;
    return options;
}

std::vector<std::string> lines_of(const std::string& file)
{
    std::ifstream stream(file);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

/// The word after `name` in a line of Yosys' mutate.
std::string word_after(const std::string& line, const std::string& name)
{
    const std::size_t at = line.find(' ' + name + ' ');
    if (at == std::string::npos) return "";
    const std::size_t begin = at + name.size() + 2;
    return line.substr(begin, line.find(' ', begin) - begin);
}

/// What found it; nothing where it survives.
std::optional<std::string> verdict_of(std::uint64_t mutant, const Options& options)
{
    wagesim::test::RandomBench bench([mutant](int seed) {
        auto pins = std::make_unique<MutantPins>(seed);
        pins->model().mutant_i = static_cast<std::uint16_t>(mutant);
        return pins;
    });
    try {
        constexpr std::uint64_t kFirst = 10;  // rounds that find most; the sweeps find most of the others
        for (std::uint64_t round = 0; round < options.rounds; ++round) {
            if (round == std::min(kFirst, options.rounds - 1)) bench.sweep(options.seed);
            bench.round(options.seed + round);
        }
        bench.longest_segment(options.seed);
    } catch (const std::exception& failure) {
        return failure.what();
    }
    return std::nullopt;
}

}  // namespace

int main(int argc, char** argv)
{
    const auto options = parsed(argc, argv);
    if (!options) {
        std::cerr << "usage: rtl_mutants LIST [--rounds=N] [--sample=N --seed=N] [--only=N] [--survivors=FILE]\n";
        return 2;
    }
    const auto list = lines_of(options->list);
    if (list.empty()) {
        std::cerr << options->list << ": got no mutants\n";
        return 2;
    }
    if (options->only > list.size() || options->rounds == 0) {
        std::cerr << "rtl_mutants: got mutant " << options->only << " and " << options->rounds << " rounds, allowed 1.."
                  << list.size() << " and at least 1\n";
        return 2;
    }
    if (const auto failure = verdict_of(0, *options)) {
        std::cerr << "without a mutant the bench fails: " << *failure << '\n';
        return 3;
    }

    std::vector<std::uint64_t> mutants(list.size());
    std::iota(mutants.begin(), mutants.end(), 1);
    if (options->only > 0) {
        mutants = {options->only};
    } else if (options->sample > 0 && options->sample < mutants.size()) {
        std::mt19937_64 random(options->seed);
        std::shuffle(mutants.begin(), mutants.end(), random);
        mutants.resize(options->sample);
        std::sort(mutants.begin(), mutants.end());
    }

    struct Tally {
        int mutants = 0;
        int found = 0;
    };
    std::map<std::string, Tally> modules;
    std::ofstream survivors;
    if (!options->survivors.empty()) {
        survivors.open(options->survivors);
        if (!survivors) {
            std::cerr << options->survivors << ": cannot be written\n";
            return 2;
        }
    }
    std::size_t alive = 0;
    std::size_t judged = 0;
    const bool progress = isatty(STDERR_FILENO) != 0;
    for (const std::uint64_t mutant : mutants) {
        if (progress && judged++ % 10 == 0)
            std::cerr << "\rmutant " << judged << " of " << mutants.size() << ", " << alive << " survive" << std::flush;
        const std::string& line = list.at(mutant - 1);
        Tally& tally = modules[word_after(line, "-module")];
        ++tally.mutants;
        if (const auto failure = verdict_of(mutant, *options)) {
            ++tally.found;
            if (options->only > 0) std::cout << *failure << '\n';
            continue;
        }
        ++alive;
        std::cout << "survives: " << mutant << ' ' << line << std::endl;
        if (survivors.is_open()) survivors << mutant << ' ' << line << '\n';
    }
    if (progress) std::cerr << '\n';
    for (const auto& [module, tally] : modules)
        std::cout << module << ": " << tally.found << " of " << tally.mutants << " found\n";
    std::cout << mutants.size() - alive << " of " << mutants.size() << " mutants found, of " << list.size()
              << " in the list\n";
    return alive == 0 ? 0 : 1;
}
