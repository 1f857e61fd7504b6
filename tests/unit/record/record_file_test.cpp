// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// record.npz: what is written is read again, equal records are equal bytes, and everything broken is refused in a line.
#include "ref/record/record_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "ref/data/npz.hpp"
#include "tests/support/temporary_directory.hpp"
#include "tests/unit/record/recorded_training.hpp"

namespace wagesim {
namespace {

using test::RecordedTraining;
using test::TemporaryDirectory;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

RunRecord trained_record()
{
    RecordedTraining training;
    training.run_to(training.end_step);
    return training.recorder.record({{0, 1.5, 0.5, 0.25, 100.0}, {1, 0.75, 0.125, std::nullopt, 3.0}});
}

std::string bytes_of_file(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(RecordFile, KeepsEverythingButSpeeds)
{
    const TemporaryDirectory dir;
    const RunRecord record = trained_record();
    save_record(dir.file("r.npz"), record);
    const RunRecord read = load_record(dir.file("r.npz"), test::small_record());
    EXPECT_TRUE(test::equal(read, record));
    EXPECT_EQ(read.epochs.at(1).test_error, std::nullopt);
    EXPECT_EQ(read.epochs.at(0).images_per_second, 0.0);
}

TEST(RecordFile, OfNoStepsIsOneToo)
{
    const TemporaryDirectory dir;
    save_record(dir.file("r.npz"), test::small_record());
    EXPECT_TRUE(test::equal(load_record(dir.file("r.npz"), test::small_record()), test::small_record()));
}

TEST(RecordFile, EqualRecordsAreEqualBytes)
{
    const TemporaryDirectory dir;
    RunRecord record = trained_record();
    save_record(dir.file("a.npz"), record);
    record.epochs.at(0).images_per_second = 7.0;
    save_record(dir.file("b.npz"), record);
    EXPECT_EQ(bytes_of_file(dir.file("a.npz")), bytes_of_file(dir.file("b.npz")));
}

TEST(RecordFile, HasTheEntriesOfItsPage)
{
    const TemporaryDirectory dir;
    save_record(dir.file("r.npz"), trained_record());
    const NpzReader file(dir.file("r.npz"));
    EXPECT_THAT(file.header("layer0/weight_stored/counts").shape, ElementsAre(4, 255));
    EXPECT_THAT(file.header("layer0/weight_stored/edges").shape, ElementsAre(256));
    EXPECT_THAT(file.header("layer1/weight_q/counts").shape, ElementsAre(4, 3));
    EXPECT_THAT(file.header("layer1/delta/counts").shape, ElementsAre(4, 7));
    EXPECT_THAT(file.header("layer1/error_in/counts").shape, ElementsAre(4, 126));
    EXPECT_THAT(file.header("layer1/error_in/outside").shape, ElementsAre(4, 2));
    EXPECT_THAT(file.header("layer1/error_in/zero").shape, ElementsAre(4));
    EXPECT_FALSE(file.contains("layer1/error_q/zero"));
    EXPECT_THAT(file.read("samples/step").values<int>(), ElementsAre(0, 3, 7, 9));
    EXPECT_THAT(file.header("steps/loss").shape, ElementsAre(10));
}

/// The entries of a record, written again with one of them changed.
struct Broken {
    std::string name;
    std::string entry;
    std::function<void(NpzWriter&, const std::string& entry)> write;  ///< nothing: the entry is left out
    std::string expected;
};

void PrintTo(const Broken& broken, std::ostream* out)
{
    *out << broken.name;
}

class BrokenRecord : public ::testing::TestWithParam<Broken> {};

TEST_P(BrokenRecord, IsRefusedInOneLine)
{
    const TemporaryDirectory dir;
    save_record(dir.file("whole.npz"), trained_record());
    const NpzReader whole(dir.file("whole.npz"));
    NpzWriter broken(dir.file("broken.npz"));
    for (const std::string& name : whole.names()) {
        if (name == GetParam().entry) {
            if (GetParam().write) GetParam().write(broken, name);
            continue;
        }
        const NpyArray array = whole.read(name);
        if (array.header.type == NpyType::text) {
            broken.add_text(name, array.text());
        } else {
            broken.add(name, array.header.type, array.header.shape, array.bytes.data());
        }
    }
    broken.finish();
    try {
        (void)load_record(dir.file("broken.npz"), test::small_record());
        FAIL() << "it was taken";
    } catch (const DataError& error) {
        EXPECT_EQ(error.what(), dir.file("broken.npz") + ": entry '" + GetParam().entry + "': " + GetParam().expected);
    }
}

template <class T>
auto vector_of(std::size_t size)
{
    return [size](NpzWriter& file, const std::string& name) { file.add_vector(name, std::vector<T>(size)); };
}

INSTANTIATE_TEST_SUITE_P(
    Entries, BrokenRecord,
    ::testing::Values(Broken{"another_format", "format",
                             [](NpzWriter& file, const std::string& name) { file.add_scalar(name, std::uint64_t{2}); },
                             "got 2, allowed 1"},
                      Broken{"epochs_of_no_steps", "steps_per_epoch",
                             [](NpzWriter& file, const std::string& name) { file.add_scalar(name, std::uint64_t{0}); },
                             "got 0, allowed 1 or more"},
                      Broken{"samples_in_no_order", "samples/step",
                             [](NpzWriter& file, const std::string& name) {
                                 file.add_vector(name, std::vector<std::uint64_t>{0, 4, 4, 9});
                             },
                             "got steps that do not ascend, allowed ascending ones"},
                      Broken{"fewer_losses_than_epochs", "epochs/loss", vector_of<double>(1),
                             "got float64 of 1, allowed a shape of 2"},
                      Broken{"steps_that_do_not_agree", "steps/correct", vector_of<std::uint32_t>(9),
                             "got uint32 of 9, allowed a shape of 10"},
                      Broken{"counts_of_other_samples", "layer0/input/counts", vector_of<std::uint64_t>(255),
                             "got uint64 of 255, allowed a shape of 4x255"},
                      Broken{"other_bins", "layer1/weight_q/edges", vector_of<double>(4),
                             "got other bins, allowed those of the record's configuration"},
                      Broken{"a_scalar_short", "layer1/exponent_g", vector_of<std::int64_t>(3),
                             "got int64 of 3, allowed a shape of 4"},
                      Broken{"negative_counts", "layer1/gradient/zero",
                             [](NpzWriter& file, const std::string& name) {
                                 file.add_vector(name, std::vector<std::int64_t>{0, -1, 0, 0});
                             },
                             "got -1 at index 1, allowed 0..18446744073709551615"}),
    [](const auto& one) { return one.param.name; });

TEST(RecordFile, MissingEntriesAndFilesAreRefused)
{
    const TemporaryDirectory dir;
    EXPECT_THROW((void)load_record(dir.file("none.npz"), test::small_record()), DataError);
    save_record(dir.file("r.npz"), trained_record());
    const std::string bytes = bytes_of_file(dir.file("r.npz"));
    std::ofstream(dir.file("short.npz"), std::ios::binary) << bytes.substr(0, bytes.size() / 2);
    EXPECT_THROW((void)load_record(dir.file("short.npz"), test::small_record()), DataError);
    RunRecord larger = test::small_record();
    larger.layers.push_back(larger.layers.back());
    try {
        (void)load_record(dir.file("r.npz"), larger);
        FAIL() << "it was taken";
    } catch (const DataError& error) {
        EXPECT_THAT(error.what(), HasSubstr("layer2/weight_stored/edges"));
    }
}

}  // namespace
}  // namespace wagesim
