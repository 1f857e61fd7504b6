// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// .npz archives: what numpy reads and writes, and what is refused.
#include "ref/data/npz.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zip.h>

#include <filesystem>
#include <limits>

#include "tests/support/golden.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/data/data_files.hpp"

namespace wagesim {
namespace {

using test::npy;
using test::refusal;
using test::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class NpzRoundTrip : public ::testing::TestWithParam<Compression> {};
INSTANTIATE_TEST_SUITE_P(Compressions, NpzRoundTrip, ::testing::Values(Compression::stored, Compression::deflate));

template <class T>
void expect_round_trip(Compression compression)
{
    const TemporaryDirectory dir;
    const std::vector<T> extremes = {std::numeric_limits<T>::lowest(), T{0}, T{1}, std::numeric_limits<T>::max()};
    NpzWriter writer(dir.file("a.npz"), compression);
    writer.add_vector("folder/extremes", extremes);
    writer.add_scalar("scalar", extremes[3]);
    writer.finish();
    const NpzReader reader(dir.file("a.npz"));
    EXPECT_EQ(reader.read("folder/extremes").values<T>(), extremes);
    EXPECT_EQ(reader.read("scalar").scalar<T>(), extremes[3]);
    EXPECT_TRUE(reader.header("scalar").shape.empty());
    EXPECT_EQ(reader.header("scalar").type, npy_type_of_value<T>());
}

TEST_P(NpzRoundTrip, EveryElementType)
{
    expect_round_trip<std::int8_t>(GetParam());
    expect_round_trip<std::uint8_t>(GetParam());
    expect_round_trip<std::int16_t>(GetParam());
    expect_round_trip<std::uint16_t>(GetParam());
    expect_round_trip<std::int32_t>(GetParam());
    expect_round_trip<std::uint32_t>(GetParam());
    expect_round_trip<std::int64_t>(GetParam());
    expect_round_trip<std::uint64_t>(GetParam());
    expect_round_trip<double>(GetParam());
}

TEST_P(NpzRoundTrip, TextOfEveryUtf8Length)
{
    const TemporaryDirectory dir;
    const std::string text = "seed: 1\n\xC3\xA9 \xE2\x82\xAC \xF0\x9D\x84\x9E";
    NpzWriter writer(dir.file("a.npz"), GetParam());
    writer.add_text("config", text);
    writer.add_text("nothing", "");
    writer.finish();
    const NpzReader reader(dir.file("a.npz"));
    EXPECT_EQ(reader.read("config").text(), text);
    EXPECT_EQ(reader.read("nothing").text(), "");
    EXPECT_EQ(reader.header("config").item_bytes, 4U * 13);
}

TEST_P(NpzRoundTrip, LargeAndEmptyArrays)
{
    const TemporaryDirectory dir;
    std::vector<std::int32_t> large(1'000'003);
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::int32_t>(i * 2654435761U);
    NpzWriter writer(dir.file("a.npz"), GetParam());
    writer.add("large", {ElementType::int32, {1'000'003, 1}, large.data()});
    writer.add_vector("empty", std::vector<std::uint64_t>{});
    writer.finish();
    const NpzReader reader(dir.file("a.npz"));
    EXPECT_THAT(reader.names(), ElementsAre("large", "empty"));
    EXPECT_EQ(reader.read("large").values<std::int32_t>(), large);
    EXPECT_THAT(reader.header("large").shape, ElementsAre(1'000'003, 1));
    EXPECT_THAT(reader.read("empty").values<int>(), ElementsAre());
    EXPECT_THAT(reader.header("empty").shape, ElementsAre(0));
}

TEST(NpyFormat, HeaderIsTheOneThatNumpyWrites)
{
    const auto dictionary_of = [](const NpyHeader& header) {
        const std::string text = format_npy_header(header);
        EXPECT_EQ(text.size() % 64, 0U);
        EXPECT_EQ(text.back(), '\n');
        EXPECT_EQ(text.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
        const std::size_t length = static_cast<unsigned char>(text[8]) + 256U * static_cast<unsigned char>(text[9]);
        EXPECT_EQ(length, text.size() - 10);
        return text.substr(10, text.find('}') - 9);
    };
    EXPECT_EQ(dictionary_of({NpyType::int64, 8, {}}), "{'descr': '<i8', 'fortran_order': False, 'shape': (), }");
    EXPECT_EQ(dictionary_of({NpyType::uint8, 1, {16}}), "{'descr': '|u1', 'fortran_order': False, 'shape': (16,), }");
    EXPECT_EQ(dictionary_of({NpyType::float64, 8, {2, 3, 4}}),
              "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3, 4), }");
    EXPECT_EQ(dictionary_of({NpyType::text, 20, {}}), "{'descr': '<U5', 'fortran_order': False, 'shape': (), }");
}

TEST(NpzReader, ReadsWhatNumpyWrote)
{
    const NpzReader reader(test::golden_path("rng.npz"));
    EXPECT_EQ(reader.header("words/word32").describe(), "uint32 of 48x263");
    EXPECT_EQ(reader.read("init/4/sA").scalar<int>(), 0);
    EXPECT_THAT(reader.read("shuffle/seed1/epoch1/n2").values<std::uint32_t>(), ElementsAre(1, 0));
    EXPECT_EQ(reader.read("mix64/input").values<std::uint64_t>().size(), 64U);
    EXPECT_EQ(NpzReader(test::golden_path("augment.npz")).read("config").text(), R"({"seed": 1, "n": 4})");
}

TEST(NpzReader, ReadsEveryHeaderVersionAndLayout)
{
    const TemporaryDirectory dir;
    const std::string dictionary = "{\"shape\":(2,),'fortran_order':False,'descr':\"|b1\"}";
    const std::string length(1, static_cast<char>(dictionary.size()));
    const std::string wide = std::string("\x93NUMPY\x02\x00", 8) + length + std::string(3, '\0');
    const std::string utf8 = std::string("\x93NUMPY\x03\x00", 8) + length + std::string(3, '\0');
    test::write_zip(dir.file("a.npz"), {{"v1.npy", npy(dictionary, std::string("\0\1", 2))},
                                        {"v2.npy", wide + dictionary + std::string("\1\0", 2)},
                                        {"v3.npy", utf8 + dictionary + std::string("\1\1", 2)},
                                        {"note.txt", "not an array"}});
    const NpzReader reader(dir.file("a.npz"));
    EXPECT_THAT(reader.names(), ElementsAre("v1", "v2", "v3"));
    EXPECT_THAT(reader.read("v1").values<int>(), ElementsAre(0, 1));
    EXPECT_THAT(reader.read("v2").values<int>(), ElementsAre(1, 0));
    EXPECT_THAT(reader.read("v3").values<int>(), ElementsAre(1, 1));
}

struct BrokenEntry {
    std::string content;
    std::string found;  ///< part of the message
};

TEST(NpzReader, RefusesArraysThatItDoesNotRead)
{
    const std::string fortran = "{'descr': '<i2', 'fortran_order': True, 'shape': (1, 2), }\n";
    const std::vector<BrokenEntry> table = {
        {"", "no .npy array"},
        {"just text that is long enough", "no .npy array"},
        {std::string("\x93NUMPY\x04\x00\x10\x00\x00\x00{}", 14), "version 4.0"},
        {std::string("\x93NUMPY\x02\x00\xff\xff\xff\x7f{}", 14), ".npy header of 2147483647 bytes"},
        {std::string("\x93NUMPY\x01\x00\xff\x00{}", 12), "malformed"},
        {npy("{}\n", ""), "malformed"},
        {npy("[]\n", ""), "malformed"},
        {npy("{'descr': '<i2', 'fortran_order': False}\n", ""), "malformed"},
        {npy("{'descr': '<i2', 'descr': '<i2', 'fortran_order': False, 'shape': ()}\n", "ab"), "malformed"},
        {npy("{'descr': '<i2', 'fortran_order': Maybe, 'shape': ()}\n", "ab"), "malformed"},
        {npy("{'descr': '<i2', 'fortran_order': False, 'shape': ()} tail\n", "ab"), "malformed"},
        {npy("{'descr': '<i2', 'fortran_order': False, 'shape': (", ""), "malformed"},
        {npy("<i2", "(-1,)", ""), "malformed"},
        {npy("<i2", "(99999999999999999999,)", ""), "2^48"},
        {npy("<i2", "(4294967296, 4294967296, 4294967296)", ""), "2^48"},
        {npy("<i8", "(0, 281474976710656)", ""), "2^48"},
        {npy(fortran, "abcd"), "Fortran order"},
        {npy(">i2", "(1,)", "ab"), "big-endian"},
        {npy("<f2", "(1,)", "ab"), "type '<f2'"},
        {npy("|S4", "(1,)", "abcd"), "type '|S4'"},
        {npy("|O", "(1,)", "abcd"), "type '|O'"},
        {npy("<U99999999999999999999", "()", "abcd"), "type '<U9"},
        {npy("{'descr': [('x', '<i2')], 'fortran_order': False, 'shape': ()}\n", "ab"), "structured"},
        {npy("<i2", "(2,)", "abc"), "got 3 bytes of elements, allowed 4"},
        {npy("<i2", "(2,)", "abcde"), "got 5 bytes of elements, allowed 4"},
    };
    const TemporaryDirectory dir;
    for (const BrokenEntry& row : table) {
        const std::string path = dir.file("broken.npz");
        test::write_zip(path, {{"x.npy", row.content}});
        const std::string line = refusal([&] { (void)NpzReader(path).read("x"); });
        EXPECT_THAT(line, StartsWith(path + ": entry 'x': "));
        EXPECT_THAT(line, HasSubstr(row.found));
    }
}

TEST(NpzReader, RefusesConversionsThatLoseValues)
{
    const TemporaryDirectory dir;
    NpzWriter writer(dir.file("a.npz"));
    writer.add_vector("signed", std::vector<std::int16_t>{3, -1});
    writer.add_vector("wide", std::vector<std::uint64_t>{std::numeric_limits<std::uint64_t>::max()});
    writer.add_vector("real", std::vector<double>{1.0});
    writer.add_text("text", "x");
    writer.finish();
    const NpzReader reader(dir.file("a.npz"));
    EXPECT_THAT(refusal([&] { (void)reader.read("signed").values<std::uint64_t>(); }), HasSubstr("got -1 at index 1"));
    EXPECT_THAT(refusal([&] { (void)reader.read("wide").values<std::int64_t>(); }), HasSubstr("18446744073709551615"));
    EXPECT_THAT(refusal([&] { (void)reader.read("real").values<int>(); }), HasSubstr("float64 of 1, allowed integers"));
    EXPECT_THAT(refusal([&] { (void)reader.read("text").values<int>(); }), HasSubstr("allowed integers"));
    EXPECT_THAT(refusal([&] { (void)reader.read("signed").values<double>(); }), HasSubstr("allowed float64"));
    EXPECT_THAT(refusal([&] { (void)reader.read("signed").scalar<int>(); }), HasSubstr("allowed one element"));
    EXPECT_THAT(refusal([&] { (void)reader.read("signed").text(); }), HasSubstr("allowed text"));
    EXPECT_THAT(refusal([&] { (void)reader.read("absent"); }), HasSubstr("entry 'absent': missing"));
    EXPECT_THAT(refusal([&] { (void)reader.header("absent"); }), HasSubstr("entry 'absent': missing"));
}

TEST(NpzReader, RefusesWhatIsNoArchive)
{
    const TemporaryDirectory dir;
    test::write_bytes(dir.file("text.npz"), "PK but not a zip archive at all");
    test::write_bytes(dir.file("empty.npz"), "");
    ASSERT_EQ(::mkfifo(dir.file("pipe.npz").c_str(), 0600), 0);
    EXPECT_THAT(refusal([&] { NpzReader x(dir.file("text.npz")); }), HasSubstr("no usable .npz archive"));
    EXPECT_THAT(refusal([&] { NpzReader x(dir.file("empty.npz")); }), HasSubstr("empty file"));
    EXPECT_THAT(refusal([&] { NpzReader x(dir.file("none.npz")); }), HasSubstr("no such file"));
    EXPECT_THAT(refusal([&] { NpzReader x(dir.path().string()); }), HasSubstr("got a directory"));
    EXPECT_THAT(refusal([&] { NpzReader x(dir.file("pipe.npz")); }), HasSubstr("pipe"));
}

/// Reads everything; DataError is the only exception that may come out.
bool reads_whole(const std::string& path)
{
    try {
        const NpzReader reader(path);
        for (const std::string& name : reader.names()) (void)reader.read(name);
        return true;
    } catch (const DataError&) {
        return false;
    }
}

TEST(NpzReader, RefusesEveryTruncation)
{
    const TemporaryDirectory dir;
    NpzWriter writer(dir.file("a.npz"));
    writer.add_vector("one", std::vector<int>{1, 2, 3});
    writer.add_text("config", "text");
    writer.finish();
    const std::string whole = test::read_bytes(dir.file("a.npz"));
    ASSERT_TRUE(reads_whole(dir.file("a.npz")));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        test::write_bytes(dir.file("short.npz"), whole.substr(0, length));
        EXPECT_FALSE(reads_whole(dir.file("short.npz"))) << length;
    }
}

TEST(NpzReader, RefusesElementsThatDoNotMatchTheirChecksum)
{
    const TemporaryDirectory dir;
    NpzWriter writer(dir.file("a.npz"), Compression::stored);
    writer.add_vector("x", std::vector<std::uint8_t>(100, 0x5A));
    writer.finish();
    std::string bytes = test::read_bytes(dir.file("a.npz"));
    bytes.at(bytes.find("\x5A\x5A\x5A") + 50) = '\x5B';
    test::write_bytes(dir.file("a.npz"), bytes);
    EXPECT_THAT(refusal([&] { (void)NpzReader(dir.file("a.npz")).read("x"); }),
                HasSubstr(dir.file("a.npz") + ": entry 'x': corrupt"));
}

TEST(NpzWriter, NothingUnderTheFinalNameBeforeFinish)
{
    const TemporaryDirectory dir;
    {
        NpzWriter writer(dir.file("a.npz"));
        writer.add_scalar("x", 1);
        EXPECT_FALSE(std::filesystem::exists(dir.file("a.npz")));
        EXPECT_TRUE(std::filesystem::exists(dir.file("a.npz.tmp")));
    }
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST(NpzWriter, RefusesWhatCannotBeWritten)
{
    const TemporaryDirectory dir;
    EXPECT_THAT(refusal([&] { NpzWriter x(dir.file("no/such/a.npz")); }), HasSubstr("cannot create"));
    EXPECT_THAT(refusal([&] { NpzWriter x(dir.path().string()); }), HasSubstr("directory"));
    NpzWriter writer(dir.file("a.npz"));
    writer.add_scalar("x", 1);
    EXPECT_THROW(writer.add_scalar("x", 1), std::logic_error);
    for (const char* bad : {"\xFF", "\xC3", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x28\xA1"}) {
        EXPECT_THAT(refusal([&] { writer.add_text("text", bad); }), HasSubstr("not UTF-8"));
    }
}

TEST(ZipWriter, RefusesFourGibibytesBeforeTouchingThem)
{
    const TemporaryDirectory dir;
    ZipWriter zip(dir.file("a.zip"), Compression::stored);
    const char byte = 0;
    EXPECT_THAT(refusal([&] { zip.add("x", {{&byte, std::size_t{1} << 32U}}); }), HasSubstr("4 GiB"));
}

TEST(ZipWriter, MoreEntriesThanTheOldDirectoryCanCount)
{
    const TemporaryDirectory dir;
    constexpr unsigned kEntries = 66'000;
    NpzWriter writer(dir.file("many.npz"), Compression::stored);
    for (unsigned i = 0; i < kEntries; ++i) writer.add_scalar("step" + std::to_string(i), i);
    writer.finish();
    const NpzReader reader(dir.file("many.npz"));
    EXPECT_EQ(reader.names().size(), kEntries);
    EXPECT_EQ(reader.read("step65999").scalar<unsigned>(), 65'999U);
}

}  // namespace
}  // namespace wagesim
