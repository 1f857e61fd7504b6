// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A shared library that implements the quantize/update unit (rtl/library/rtl_library.h), and its units as this program
// knows units. Whatever is wrong with a library ends in an exception of one line, as far as it can be known.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "ref/quantize_update/recordable_unit.hpp"
#include "rtl/library/rtl_library.h"

namespace wagesim::verify {

/// The library failed in a run. `what()` is one line: which file, which function, and what it says.
class RtlLibraryError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class RtlLibrary : public std::enable_shared_from_this<RtlLibrary> {
public:
    /// Throws std::invalid_argument for a file that cannot be loaded, has no such symbol or another ABI version, or
    /// whose table is not complete. It stays loaded until the program ends.
    [[nodiscard]] static std::shared_ptr<RtlLibrary> load(const std::string& file);

    [[nodiscard]] const std::string& file() const noexcept { return file_; }
    /// As the library calls itself; empty where it does not.
    [[nodiscard]] std::string name() const;
    [[nodiscard]] bool records_waves() const noexcept;

    /// Throws std::invalid_argument where the library refuses the lanes or cannot create a unit. Its units throw
    /// RtlLibraryError; waves of one that does not record them throw std::logic_error.
    [[nodiscard]] std::unique_ptr<RecordableUnit> make_unit(int lanes);

    /// The first failure of a unit: the simulation kernel turns exceptions into its own reports.
    [[nodiscard]] const std::optional<RtlLibraryError>& failure() const noexcept { return failure_; }

private:
    friend class RtlLibraryUnit;
    RtlLibrary(std::string file, const wagesim_rtl_table& table) : file_(std::move(file)), table_(table) {}
    [[noreturn]] void fail(const std::string& function, const std::string& reason);

    std::string file_;
    const wagesim_rtl_table& table_;
    std::optional<RtlLibraryError> failure_;
};

}  // namespace wagesim::verify
