// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading through libzip, writing through ZipWriter. See the header.
#include "ref/data/npz.hpp"

#include <zip.h>

#include <utility>

#include "ref/data/collect_bytes.hpp"
#include "ref/data/input_file.hpp"

namespace wagesim {
namespace {

constexpr std::string_view kSuffix = ".npy";
std::string message_of(int code)
{
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string out = zip_error_strerror(&error);
    zip_error_fini(&error);
    return out;
}

}  // namespace

/// One entry being read: bytes out of libzip, every shortfall a DataError.
struct NpzReader::EntryStream {
    struct CloseEntry {
        void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
    };
    std::unique_ptr<zip_file_t, CloseEntry> file;
    std::uint64_t size = 0;
    std::string origin;

    /// Up to `bytes`; fewer only at the entry's end.
    std::size_t read(void* to, std::size_t bytes) const
    {
        auto* out = static_cast<unsigned char*>(to);
        std::size_t done = 0;
        while (done < bytes) {
            const zip_int64_t got = zip_fread(file.get(), out + done, bytes - done);
            if (got < 0) throw DataError(origin + ": corrupt: " + zip_file_strerror(file.get()));
            if (got == 0) break;
            done += static_cast<std::size_t>(got);
        }
        return done;
    }

    void read_exactly(void* to, std::size_t bytes) const
    {
        const std::size_t got = read(to, bytes);
        if (got != bytes) refuse_short(got, bytes);
    }

    [[noreturn]] void refuse_short(std::size_t got, std::size_t bytes) const
    {
        throw DataError(origin + ": corrupt: got " + std::to_string(got) + " of " + std::to_string(bytes) + " bytes");
    }

    /// Reads up to the first element, and checks that exactly the promised elements follow.
    NpyHeader read_header() const
    {
        std::string start(kNpyPreamble, '\0');
        if (read(start.data(), start.size()) != start.size()) start.clear();
        const NpyPreamble preamble = parse_npy_preamble(start, origin);
        if (preamble.total() > size || preamble.total() < kNpyPreamble) {
            throw DataError(origin + ": got a malformed .npy header");
        }
        std::string text(preamble.total(), '\0');
        text.replace(0, kNpyPreamble, start);
        read_exactly(text.data() + kNpyPreamble, text.size() - kNpyPreamble);
        NpyHeader header = parse_npy_dictionary(std::string_view(text).substr(preamble.dictionary_at), origin);
        if (header.bytes() != size - text.size()) {
            throw DataError(origin + ": got " + std::to_string(size - text.size()) + " bytes of elements, allowed " +
                            std::to_string(header.bytes()) + " for " + header.describe());
        }
        return header;
    }
};

void NpzReader::Close::operator()(zip* archive) const noexcept
{
    zip_discard(archive);
}

NpzReader::~NpzReader() = default;
NpzReader::NpzReader(NpzReader&&) noexcept = default;
NpzReader& NpzReader::operator=(NpzReader&&) noexcept = default;

NpzReader::NpzReader(const std::string& path) : path_(path)
{
    require_regular_file(path);
    int code = 0;
    archive_.reset(zip_open(path.c_str(), ZIP_RDONLY | ZIP_CHECKCONS, &code));
    if (archive_ == nullptr) throw DataError(path + ": got no usable .npz archive (" + message_of(code) + ")");
    const zip_int64_t entries = zip_get_num_entries(archive_.get(), 0);
    for (zip_int64_t i = 0; i < entries; ++i) {
        const auto number = static_cast<zip_uint64_t>(i);
        const char* raw = zip_get_name(archive_.get(), number, ZIP_FL_ENC_RAW);
        if (raw == nullptr) throw DataError(path + ": got an entry without a name, allowed named arrays");
        const std::string_view name = raw;
        if (name.size() <= kSuffix.size() || name.substr(name.size() - kSuffix.size()) != kSuffix) continue;
        std::string array(name.substr(0, name.size() - kSuffix.size()));
        if (!index_.emplace(array, number).second) throw DataError(origin(array) + ": got it twice, allowed once");
        names_.push_back(std::move(array));
    }
}

NpzReader::EntryStream NpzReader::open(const std::string& name) const
{
    const auto found = index_.find(name);
    if (found == index_.end()) throw DataError(origin(name) + ": missing");
    zip_stat_t stat;
    zip_stat_init(&stat);
    constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD;
    if (zip_stat_index(archive_.get(), found->second, 0, &stat) != 0 || (stat.valid & kNeeded) != kNeeded) {
        throw DataError(origin(name) + ": corrupt: " + zip_strerror(archive_.get()));
    }
    if (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE) {
        throw DataError(origin(name) + ": got compression method " + std::to_string(stat.comp_method) +
                        ", allowed stored and deflate");
    }
    EntryStream out;
    out.file.reset(zip_fopen_index(archive_.get(), found->second, 0));
    out.size = stat.size;
    out.origin = origin(name);
    if (out.file == nullptr) throw DataError(out.origin + ": corrupt: " + zip_strerror(archive_.get()));
    return out;
}

NpyHeader NpzReader::header(const std::string& name) const
{
    return open(name).read_header();
}

NpyArray NpzReader::read(const std::string& name) const
{
    const EntryStream stream = open(name);
    NpyArray out;
    out.origin = stream.origin;
    out.header = stream.read_header();
    const std::size_t bytes = out.header.bytes();
    out.bytes = collect_bytes(bytes, [&stream](void* to, std::size_t n) { return stream.read(to, n); });
    if (out.bytes.size() != bytes) stream.refuse_short(out.bytes.size(), bytes);
    // libzip compares the checksum when it sees the end, which one more read asks for.
    unsigned char beyond = 0;
    if (stream.read(&beyond, 1) != 0) throw DataError(out.origin + ": corrupt: longer than its directory says");
    return out;
}

NpzWriter::NpzWriter(const std::string& path, Compression compression) : zip_(path, compression) {}

void NpzWriter::add(const std::string& name, const TensorView& tensor)
{
    std::vector<std::size_t> shape;
    for (std::size_t axis = 0; axis < tensor.shape.rank(); ++axis) shape.push_back(tensor.shape[axis]);
    add(name, npy_type_of(tensor.type), shape, tensor.data);
}

void NpzWriter::add(const std::string& name, NpyType type, const std::vector<std::size_t>& shape, const void* data)
{
    add_bytes(name, {type, bytes_of(type), shape}, data);
}

void NpzWriter::add_text(const std::string& name, std::string_view utf8)
{
    std::vector<std::uint32_t> codes = decode_utf8(utf8, zip_.path() + ": entry '" + name + "'");
    if (codes.empty()) codes.push_back(0);  // numpy has no text of no characters
    add_bytes(name, {NpyType::text, codes.size() * sizeof(std::uint32_t), {}}, codes.data());
}

void NpzWriter::add_bytes(const std::string& name, const NpyHeader& header, const void* data)
{
    if (!names_.insert(name).second) throw std::logic_error("NpzWriter: entry '" + name + "' added twice");
    const std::string start = format_npy_header(header);
    zip_.add(name + std::string(kSuffix), {{start.data(), start.size()}, {data, header.bytes()}});
}

}  // namespace wagesim
