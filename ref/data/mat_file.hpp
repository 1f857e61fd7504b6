// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// MATLAB's MAT-files of level 5 (what `save -v6` and `save -v7` write), variable by variable in one pass. Numeric
// arrays only; what their names mean is the business of the data-set readers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ref/data/input_file.hpp"

namespace wagesim {

/// What stands before a variable's elements.
struct MatVariable {
    std::string name;
    unsigned array_class =
        0;  ///< MATLAB's mxClassID: 6 double, 7 single, 8 int8, 9 uint8 .. 15 uint64, others no numbers
    bool complex = false;
    std::vector<std::uint64_t> extents;  ///< the first runs fastest
    unsigned element_type = 0;           ///< how the elements are stored: 1 int8, 2 uint8, .. 9 double, .. 13 uint64
    std::uint64_t element_bytes = 0;     ///< of all elements together

    [[nodiscard]] bool is_number() const noexcept { return array_class >= 6 && array_class <= 15; }
    /// Number of elements; 2^62 where there are more.
    [[nodiscard]] std::uint64_t count() const noexcept;
    /// "uint8 of 32x32x3x10"; for messages.
    [[nodiscard]] std::string describe() const;
};

class MatFile {
public:
    /// Checks the file's header. Throws DataError, as everything here does, for files of other kinds and damaged ones.
    explicit MatFile(const std::string& path);
    ~MatFile();
    MatFile(const MatFile&) = delete;
    MatFile& operator=(const MatFile&) = delete;

    [[nodiscard]] const std::string& path() const noexcept { return file_.path(); }
    /// The next variable, after the rest of the one before; null at the end of the file.
    [[nodiscard]] const MatVariable* next();
    /// Exactly `bytes` of the variable's elements as they are stored; no more of them than there are.
    void read(void* to, std::size_t bytes);
    /// The variable to its end: its checksum, where it is compressed, has been compared then.
    void finish();
    /// The elements of a numeric variable as doubles, in which integers beyond 2^53 are rounded.
    [[nodiscard]] std::vector<double> read_numbers();

private:
    class Inflater;
    struct Tag {
        unsigned type = 0;
        std::uint32_t bytes = 0;
        bool small = false;
    };

    [[nodiscard]] std::string origin() const;
    [[noreturn]] void refuse(const std::string& what) const;
    void take_stored(void* to, std::size_t bytes);
    void take(void* to, std::size_t bytes);
    void skip(std::uint64_t bytes);
    Tag read_tag();
    std::vector<unsigned char> read_small_element(unsigned type, const std::string& what);
    void read_variable_header();

    InputFile file_;
    MatVariable variable_;
    std::unique_ptr<Inflater> inflater_;  ///< while the variable is compressed
    std::uint64_t stored_left_ = 0;       ///< bytes of the file that still belong to the variable
    std::uint64_t array_left_ = 0;        ///< the same, unpacked
    std::uint64_t elements_left_ = 0;     ///< bytes of elements among them
};

}  // namespace wagesim
