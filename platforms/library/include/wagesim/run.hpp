// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A run: its configuration, changed and checked in this process, and computed by the program in one of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <wagesim/error.hpp>
#include <wagesim/export.hpp>
#include <wagesim/result.hpp>
#include <wagesim/stop.hpp>

namespace wagesim {

/// How a run is computed; nothing of it changes a result but `steps` and `weights`.
struct RunOptions {
    std::optional<std::uint64_t> steps;  ///< stop after so many training steps
    std::optional<int> threads;          ///< none: OMP_NUM_THREADS, else all cores
    std::string out;                     ///< folder of the run, docs/interfaces.md; empty: none
    bool resume = false;                 ///< go on from the checkpoint in `out`, or start where there is none
    std::string weights;                 ///< start from these (.npz); empty: the run's own
    /// Further options of the command, as the command line has them: {"--record"}. None of those above.
    std::vector<std::string> arguments;
    /// Gets each line that the program prints while it works: an epoch's losses and errors. Needs `out`.
    std::function<void(const std::string& line)> print;
    /// Asked at least ten times a second, but while `print` works, whether the run is to end.
    std::function<Stop()> stop;
};

/// Which engine computes the test error of given weights.
enum class InferenceEngine { reference, chip };

/// Copies are cheap, and independent. Any number of threads may use one that nobody changes.
class WAGESIM_EXPORT Run {
public:
    /// A setting: dotted key of the run ("chip.crossbar.rows"), and its value as YAML ("64", "functional", "{0: 3}").
    struct Setting {
        std::string key;
        std::string value;
    };

    /// Reads a run file and the files that it names. Throws Error (config).
    [[nodiscard]] static Run load(const std::string& file);
    /// The same of a text. Relative paths in it start from `folder`; faults call it `name`.
    [[nodiscard]] static Run parse(const std::string& text, const std::string& folder = ".",
                                   const std::string& name = "run");
    /// Sets keys together, checked as one: values that only agree with each other are set in one call. A path is
    /// relative to the working directory. Throws Error (config), and the run is then as it was.
    void set(const std::vector<Setting>& settings);
    /// One key. Texts are YAML; numbers of any type but char, and bool, are themselves. No pointers, which would be
    /// bool.
    void set(const std::string& key, std::string_view value) { set_text(key, std::string(value)); }
    template <class Number, std::enable_if_t<std::is_arithmetic_v<Number> && !std::is_same_v<Number, char>, int> = 0>
    void set(const std::string& key, Number value)
    {
        if constexpr (std::is_same_v<Number, bool>) {
            set_text(key, value ? "true" : "false");
        } else if constexpr (std::is_floating_point_v<Number>) {
            set_number(key, value);
        } else {
            set_text(key, std::to_string(value));
        }
    }

    /// The value of a key, resolved, as YAML on one line: "64", "{0: 3, 200: 0}". Throws Error (config) for a key that
    /// this run does not have.
    [[nodiscard]] std::string get(const std::string& key) const;
    /// The same as JSON. With an empty key: the whole run.
    [[nodiscard]] std::string get_json(const std::string& key) const;
    /// The resolved run file, complete: `wagesim config` prints it.
    [[nodiscard]] const std::string& text() const;
    /// SHA-256 of what decides the results: equal hashes, equal integers. Reads the data files. Throws Error (data).
    [[nodiscard]] std::string config_hash() const;

    /// Trains with the reference trainer. These throw Error.
    [[nodiscard]] Result train(const RunOptions& options = {}) const;
    /// The same work on the chip: cycles, energy, area; without data where chip.fidelity is `timing`.
    [[nodiscard]] Result simulate(const RunOptions& options = {}) const;
    /// Chip and reference side by side. Differences are in the result: "differences", "first_difference".
    [[nodiscard]] Result verify(const RunOptions& options = {}) const;
    /// The test-set error of `options.weights`.
    [[nodiscard]] Result infer(InferenceEngine engine, const RunOptions& options) const;

private:
    class State;
    explicit Run(std::shared_ptr<const State> state);
    void set_text(const std::string& key, std::string value) { set(std::vector<Setting>{{key, std::move(value)}}); }
    void set_number(const std::string& key, float value);  // 1.6F is 1.6, not the double beside it
    void set_number(const std::string& key, double value);
    void set_number(const std::string& key, long double value) { set_number(key, static_cast<double>(value)); }
    [[nodiscard]] Result compute(const std::vector<std::string>& command, const RunOptions& options) const;
    std::shared_ptr<const State> state_;  ///< never changes; set() makes another
};

}  // namespace wagesim
