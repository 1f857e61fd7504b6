// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// numpy's .npz archives: named arrays, read one at a time and written one at a time. What the names mean is the
// business of checkpoint.hpp, dump.hpp and the data-set reader.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ref/data/npy.hpp"
#include "ref/data/zip_writer.hpp"
#include "ref/tensor/tensor_view.hpp"

struct zip;

namespace wagesim {

class NpzReader {
public:
    /// Opens the archive and reads its directory. Throws DataError.
    explicit NpzReader(const std::string& path);
    ~NpzReader();
    NpzReader(NpzReader&&) noexcept;
    NpzReader& operator=(NpzReader&&) noexcept;

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// Names of the arrays (without ".npy") in the archive's order.
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
    [[nodiscard]] bool contains(const std::string& name) const { return index_.count(name) != 0; }
    /// Type and shape, without the elements: for limits that are checked before anything large is allocated.
    [[nodiscard]] NpyHeader header(const std::string& name) const;
    /// The array. Throws DataError naming file and entry where it is missing, corrupt or of a kind we do not read.
    [[nodiscard]] NpyArray read(const std::string& name) const;

private:
    struct EntryStream;
    struct Close {
        void operator()(zip* archive) const noexcept;
    };
    [[nodiscard]] std::string origin(const std::string& name) const { return path_ + ": entry '" + name + "'"; }
    [[nodiscard]] EntryStream open(const std::string& name) const;

    std::string path_;
    std::unique_ptr<zip, Close> archive_;
    std::vector<std::string> names_;
    std::unordered_map<std::string, std::uint64_t> index_;
};

class NpzWriter {
public:
    /// Nothing appears under `path` before finish(); without it nothing is left. Throws DataError.
    explicit NpzWriter(const std::string& path, Compression compression = Compression::deflate);

    /// Each name once. The bytes are written before add returns.
    void add(const std::string& name, const TensorView& tensor);
    void add(const std::string& name, NpyType type, const std::vector<std::size_t>& shape, const void* data);
    void add_text(const std::string& name, std::string_view utf8);
    template <class T>
    void add_scalar(const std::string& name, T value);
    template <class T>
    void add_vector(const std::string& name, const std::vector<T>& values);

    /// The archive under its name, whole.
    void finish() { zip_.finish(); }

private:
    void add_bytes(const std::string& name, const NpyHeader& header, const void* data);

    ZipWriter zip_;
    std::unordered_set<std::string> names_;
};

/// NpyType of a C++ type, std::uint64_t and std::uint32_t among them; other types do not compile.
template <class T>
[[nodiscard]] constexpr NpyType npy_type_of_value() noexcept
{
    if constexpr (std::is_same_v<T, double>)
        return NpyType::float64;
    else if constexpr (std::is_same_v<T, float>)
        return NpyType::float32;
    else {
        static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char>);
        constexpr bool kSigned = std::is_signed_v<T>;
        switch (sizeof(T)) {
            case 1: return kSigned ? NpyType::int8 : NpyType::uint8;
            case 2: return kSigned ? NpyType::int16 : NpyType::uint16;
            case 4: return kSigned ? NpyType::int32 : NpyType::uint32;
            default: return kSigned ? NpyType::int64 : NpyType::uint64;
        }
    }
}

template <class T>
void NpzWriter::add_scalar(const std::string& name, T value)
{
    add(name, npy_type_of_value<T>(), {}, &value);
}

template <class T>
void NpzWriter::add_vector(const std::string& name, const std::vector<T>& values)
{
    add(name, npy_type_of_value<T>(), {values.size()}, values.data());
}

}  // namespace wagesim
