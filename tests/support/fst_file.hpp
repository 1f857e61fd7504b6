// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// An FST file read back: scopes, signals and what they were at each rising edge of a clock. For small files: all
// changes are kept in memory. The reader is GTKWave's, as Verilator ships it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace wagesim::test {

class FstFile {
public:
    /// Throws std::runtime_error for a file that is none.
    explicit FstFile(const std::string& file);

    /// Full names, "quantize_update.quantize_update.gen_lane[0]", in order of their declaration.
    [[nodiscard]] const std::vector<std::string>& scopes() const noexcept { return scopes_; }
    /// Full names without a range, "quantize_update.in_data_i".
    [[nodiscard]] bool has(const std::string& signal) const { return handles_.count(signal) != 0; }
    /// log10 of seconds.
    [[nodiscard]] int timescale() const noexcept { return timescale_; }

    /// The values right before a rising edge: what flops see there.
    class Sample {
    public:
        [[nodiscard]] std::uint64_t time() const noexcept { return time_; }
        /// Bits, the highest first. Throws std::out_of_range for an unknown signal.
        [[nodiscard]] const std::string& bits(const std::string& signal) const;
        /// `width` bits from bit `low` on, at most 64.
        [[nodiscard]] std::uint64_t number(const std::string& signal, std::size_t low, std::size_t width) const;
        /// All of a signal of at most 64 bits.
        [[nodiscard]] std::uint64_t number(const std::string& signal) const;

    private:
        friend class FstFile;
        const FstFile* file_ = nullptr;
        const std::map<std::uint32_t, std::string>* values_ = nullptr;
        std::uint64_t time_ = 0;
    };
    /// Calls visit for each rising edge of `clock`, in order.
    void for_each_edge(const std::string& clock, const std::function<void(const Sample&)>& visit) const;

private:
    struct Change {
        std::uint64_t time;
        std::uint32_t handle;
        std::string value;
    };

    std::vector<std::string> scopes_;
    std::map<std::string, std::uint32_t> handles_;
    std::vector<Change> changes_;  ///< in order of time
    int timescale_ = 0;
};

}  // namespace wagesim::test
