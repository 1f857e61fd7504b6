// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The .npy header (numpy's "NPY format", versions 1.0 to 3.0) and text conversion. See the header.
#include "ref/data/npy.hpp"

#include <array>
#include <optional>

namespace wagesim {
namespace {

struct TypeRow {
    NpyType type;
    std::string_view descr;
    std::string_view name;
    std::size_t bytes;
};

constexpr std::array<TypeRow, 11> kTypes = {{{NpyType::boolean, "|b1", "bool", 1},
                                             {NpyType::int8, "|i1", "int8", 1},
                                             {NpyType::uint8, "|u1", "uint8", 1},
                                             {NpyType::int16, "<i2", "int16", 2},
                                             {NpyType::uint16, "<u2", "uint16", 2},
                                             {NpyType::int32, "<i4", "int32", 4},
                                             {NpyType::uint32, "<u4", "uint32", 4},
                                             {NpyType::int64, "<i8", "int64", 8},
                                             {NpyType::uint64, "<u8", "uint64", 8},
                                             {NpyType::float32, "<f4", "float32", 4},
                                             {NpyType::float64, "<f8", "float64", 8}}};

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kUcs4Bytes = 4;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kLargestDictionary = std::size_t{1} << 20U;
constexpr std::size_t kLargestArray = std::size_t{1} << 48U;  // bytes; far beyond any file, far below overflow

/// Reads the one-line Python dictionary that a .npy header is.
class DictionaryParser {
public:
    DictionaryParser(std::string_view text, const std::string& origin) : text_(text), origin_(origin) {}

    NpyHeader parse()
    {
        expect('{');
        while (!accept('}')) {
            const std::string key = quoted();
            expect(':');
            value_of(key);
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skip_blanks();
        if (at_ != text_.size()) malformed();
        if (!header_type_ || !fortran_order_ || !shape_) malformed();
        // What the header means is judged once all of it is known to be well-formed.
        NpyHeader out = type_from(*header_type_);
        if (*fortran_order_) throw DataError(origin_ + ": got Fortran order, allowed C order");
        out.shape = *shape_;
        check_size(out);
        return out;
    }

private:
    [[noreturn]] void malformed() const { throw DataError(origin_ + ": got a malformed .npy header"); }

    void skip_blanks()
    {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    }
    bool accept(char c)
    {
        skip_blanks();
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    void expect(char c)
    {
        if (!accept(c)) malformed();
    }

    std::string quoted()
    {
        skip_blanks();
        if (at_ >= text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) malformed();
        const std::size_t end = text_.find(text_[at_], at_ + 1);
        if (end == std::string_view::npos) malformed();
        std::string out(text_.substr(at_ + 1, end - at_ - 1));
        at_ = end + 1;
        return out;
    }

    void value_of(const std::string& key)
    {
        if (key == "descr" && !header_type_) {
            if (accept('['))
                throw DataError(origin_ + ": got a structured type, allowed integers, float32, float64 and text");
            header_type_ = quoted();
        } else if (key == "fortran_order" && !fortran_order_) {
            fortran_order_ = truth();
        } else if (key == "shape" && !shape_) {
            shape_ = extents();
        } else {
            malformed();
        }
    }

    bool truth()
    {
        skip_blanks();
        for (const bool value : {true, false}) {
            const std::string_view word = value ? "True" : "False";
            if (text_.substr(at_, word.size()) == word) {
                at_ += word.size();
                return value;
            }
        }
        malformed();
    }

    std::vector<std::size_t> extents()
    {
        std::vector<std::size_t> out;
        expect('(');
        while (!accept(')')) {
            out.push_back(number());
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return out;
    }

    std::size_t number()
    {
        skip_blanks();
        std::size_t value = 0;
        const std::size_t start = at_;
        for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
            value = value * 10 + static_cast<std::size_t>(text_[at_] - '0');
            if (value > kLargestArray) too_large();
        }
        if (at_ == start) malformed();
        return value;
    }

    NpyHeader type_from(const std::string& descr) const
    {
        for (const TypeRow& row : kTypes) {
            if (descr == row.descr) return {row.type, row.bytes, {}};
        }
        if (descr.size() > 2 && descr.compare(0, 2, "<U") == 0) {
            std::size_t length = 0;
            for (const char c : std::string_view(descr).substr(2)) {
                if (c < '0' || c > '9' || length > kLargestArray) refuse_type(descr);
                length = length * 10 + static_cast<std::size_t>(c - '0');
            }
            if (length > kLargestArray) refuse_type(descr);
            return {NpyType::text, length * kUcs4Bytes, {}};
        }
        if (!descr.empty() && descr.front() == '>') {
            throw DataError(origin_ + ": got big-endian '" + descr + "', allowed little-endian");
        }
        refuse_type(descr);
    }

    [[noreturn]] void refuse_type(const std::string& descr) const
    {
        throw DataError(origin_ + ": got elements of type '" + descr +
                        "', allowed integers, bool, float32, float64 and text");
    }
    [[noreturn]] void too_large() const { throw DataError(origin_ + ": got a shape beyond 2^48 bytes, allowed less"); }

    void check_size(const NpyHeader& header) const
    {
        std::size_t bytes = header.item_bytes;
        for (const std::size_t extent : header.shape) {
            // Both factors are below 2^49, so their 128-bit product cannot wrap.
            __extension__ using Wide = unsigned __int128;
            if (static_cast<Wide>(bytes) * (extent == 0 ? 1 : extent) > kLargestArray) too_large();
            bytes *= extent == 0 ? 1 : extent;
        }
    }

    std::string_view text_;
    const std::string& origin_;
    std::size_t at_ = 0;
    std::optional<std::string> header_type_;
    std::optional<bool> fortran_order_;
    std::optional<std::vector<std::size_t>> shape_;
};

std::string descr_of(const NpyHeader& header)
{
    if (header.type == NpyType::text) return "<U" + std::to_string(header.item_bytes / kUcs4Bytes);
    return std::string(kTypes[static_cast<std::size_t>(header.type)].descr);
}

void append_utf8(std::string& out, std::uint32_t code)
{
    if (code < 0x80) {
        out.push_back(static_cast<char>(code));
        return;
    }
    const int tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    const std::uint32_t lead = tail == 1 ? 0xC0 : tail == 2 ? 0xE0 : 0xF0;
    out.push_back(static_cast<char>(lead | code >> (6 * tail)));
    for (int i = tail - 1; i >= 0; --i) out.push_back(static_cast<char>(0x80 | (code >> (6 * i) & 0x3F)));
}

bool is_scalar_value(std::uint32_t code)
{
    return code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
}

}  // namespace

NpyType npy_type_of(ElementType type) noexcept
{
    switch (type) {
        case ElementType::int8: return NpyType::int8;
        case ElementType::uint8: return NpyType::uint8;
        case ElementType::int16: return NpyType::int16;
        case ElementType::uint16: return NpyType::uint16;
        case ElementType::int32: return NpyType::int32;
        case ElementType::int64: return NpyType::int64;
        case ElementType::float64: break;
    }
    return NpyType::float64;
}

std::size_t bytes_of(NpyType type) noexcept
{
    return type == NpyType::text ? 0 : kTypes[static_cast<std::size_t>(type)].bytes;
}

std::size_t NpyHeader::size() const noexcept
{
    std::size_t n = 1;
    for (const std::size_t extent : shape) n *= extent;
    return n;
}

bool NpyHeader::is_integer() const noexcept
{
    return type != NpyType::float32 && type != NpyType::float64 && type != NpyType::text && type != NpyType::boolean;
}

bool NpyHeader::has_shape(const Shape& extents) const noexcept
{
    if (shape.size() != extents.rank()) return false;
    for (std::size_t axis = 0; axis < extents.rank(); ++axis) {
        if (shape[axis] != extents[axis]) return false;
    }
    return true;
}

std::string NpyHeader::describe() const
{
    std::string out = type == NpyType::text ? "text" : std::string(kTypes[static_cast<std::size_t>(type)].name);
    if (shape.empty()) return out + " scalar";
    out += " of ";
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        if (axis > 0) out += 'x';
        out += std::to_string(shape[axis]);
    }
    return out;
}

std::string format_npy_header(const NpyHeader& header)
{
    std::string dictionary = "{'descr': '" + descr_of(header) + "', 'fortran_order': False, 'shape': (";
    for (std::size_t axis = 0; axis < header.shape.size(); ++axis) {
        if (axis > 0) dictionary += ' ';
        dictionary += std::to_string(header.shape[axis]) + (axis + 1 < header.shape.size() || axis == 0 ? "," : "");
    }
    dictionary += "), }";
    constexpr std::size_t kFixed = 10;  // magic, version, two bytes of length
    const std::size_t unpadded = kFixed + dictionary.size() + 1;
    dictionary.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
    dictionary += '\n';
    std::string out(kMagic);
    out += '\x01';
    out += '\0';
    out += static_cast<char>(dictionary.size() & 0xFFU);
    out += static_cast<char>(dictionary.size() >> 8U);
    return out + dictionary;
}

NpyPreamble parse_npy_preamble(std::string_view start, const std::string& origin)
{
    if (start.size() < kNpyPreamble || start.substr(0, kMagic.size()) != kMagic) {
        throw DataError(origin + ": got no .npy array, allowed entries that numpy.savez writes");
    }
    const auto byte = [start](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(start[i])); };
    const std::size_t major = byte(6);
    if (major < 1 || major > 3 || byte(7) != 0) {
        throw DataError(origin + ": got .npy version " + std::to_string(major) + "." + std::to_string(byte(7)) +
                        ", allowed 1.0 to 3.0");
    }
    NpyPreamble out;
    out.dictionary_at = major == 1 ? 10 : 12;
    out.dictionary_bytes = byte(8) | byte(9) << 8U;
    if (major > 1) out.dictionary_bytes |= byte(10) << 16U | byte(11) << 24U;
    if (out.dictionary_bytes < 2 || out.dictionary_bytes > kLargestDictionary) {
        throw DataError(origin + ": got a .npy header of " + std::to_string(out.dictionary_bytes) +
                        " bytes, allowed 2.." + std::to_string(kLargestDictionary));
    }
    return out;
}

NpyHeader parse_npy_dictionary(std::string_view text, const std::string& origin)
{
    return DictionaryParser(text, origin).parse();
}

void NpyArray::refuse(const std::string& found, const std::string& allowed) const
{
    throw DataError(origin + ": got " + found + ", allowed " + allowed);
}

std::string NpyArray::text() const
{
    if (header.type != NpyType::text || header.size() != 1) refuse(header.describe(), "text");
    std::size_t length = header.item_bytes / kUcs4Bytes;
    while (length > 0 && npy_element<std::uint32_t>(bytes, length - 1) == 0) --length;  // numpy pads with zeros
    std::string out;
    for (std::size_t i = 0; i < length; ++i) {
        const auto code = npy_element<std::uint32_t>(bytes, i);
        if (!is_scalar_value(code)) refuse("character " + std::to_string(code), "Unicode characters");
        append_utf8(out, code);
    }
    return out;
}

std::vector<std::uint32_t> decode_utf8(std::string_view text, const std::string& origin)
{
    std::vector<std::uint32_t> out;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t tail = lead < 0x80        ? 0
                                 : lead >> 5U == 6  ? 1
                                 : lead >> 4U == 14 ? 2
                                 : lead >> 3U == 30 ? 3
                                                    : 4;
        if (tail == 4 || at + tail >= text.size()) throw DataError(origin + ": got text that is not UTF-8");
        std::uint32_t code = tail == 0 ? lead : lead & (0x3FU >> tail);
        for (std::size_t i = 1; i <= tail; ++i) {
            const auto next = static_cast<unsigned char>(text[at + i]);
            if (next >> 6U != 2) throw DataError(origin + ": got text that is not UTF-8");
            code = code << 6U | (next & 0x3FU);
        }
        constexpr std::array<std::uint32_t, 4> kSmallest = {0, 0x80, 0x800, 0x10000};
        if (code < kSmallest[tail] || !is_scalar_value(code)) {
            throw DataError(origin + ": got text that is not UTF-8");
        }
        out.push_back(code);
        at += tail + 1;
    }
    return out;
}

}  // namespace wagesim
