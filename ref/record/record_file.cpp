// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Entry names and checks of record.npz. See the header.
#include "ref/record/record_file.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "ref/data/npz.hpp"

namespace wagesim {
namespace {

constexpr std::uint64_t kRecordFormat = 1;

std::string entry_name(std::size_t layer, TensorName name)
{
    return "layer" + std::to_string(layer) + "/" + std::string(text_of(name));
}

void add_epochs(NpzWriter& file, const std::vector<EpochRow>& rows)
{
    std::vector<std::uint64_t> epoch;
    std::vector<double> loss, train_error, test_error;
    for (const EpochRow& row : rows) {
        epoch.push_back(row.epoch);
        loss.push_back(row.loss);
        train_error.push_back(row.train_error);
        test_error.push_back(row.test_error.value_or(std::numeric_limits<double>::quiet_NaN()));
    }
    file.add_vector("epochs/epoch", epoch);
    file.add_vector("epochs/loss", loss);
    file.add_vector("epochs/train_error", train_error);
    file.add_vector("epochs/test_error", test_error);
}

void add_tensor(NpzWriter& file, const std::string& name, const RecordedTensor& tensor)
{
    std::vector<std::uint64_t> counts, outside, zero;
    for (const Histogram& histogram : tensor.samples) {
        counts.insert(counts.end(), histogram.bins.begin(), histogram.bins.end());
        outside.insert(outside.end(), {histogram.below, histogram.above});
        zero.push_back(histogram.zero);
    }
    const std::size_t samples = tensor.samples.size();
    file.add_vector(name + "/edges", tensor.axis.edges());
    file.add(name + "/counts", NpyType::uint64, {samples, tensor.axis.bins()}, counts.data());
    file.add(name + "/outside", NpyType::uint64, {samples, 2}, outside.data());
    if (tensor.axis.scale() == Axis::Scale::log2) file.add_vector(name + "/zero", zero);
}

/// An array whose extents must be these. Throws DataError.
NpyArray read_shaped(const NpzReader& file, const std::string& name, const std::vector<std::size_t>& shape)
{
    NpyArray array = file.read(name);
    if (array.header.shape != shape) {
        std::string allowed;
        for (const std::size_t extent : shape) allowed += (allowed.empty() ? "" : "x") + std::to_string(extent);
        throw DataError(array.origin + ": got " + array.header.describe() + ", allowed a shape of " + allowed);
    }
    return array;
}

std::vector<EpochRow> read_epochs(const NpzReader& file)
{
    const auto epoch = file.read("epochs/epoch").values<std::uint64_t>();
    const auto column = [&](const std::string& name) {
        return read_shaped(file, "epochs/" + name, {epoch.size()}).values<double>();
    };
    const std::vector<double> loss = column("loss");
    const std::vector<double> train_error = column("train_error");
    const std::vector<double> test_error = column("test_error");
    std::vector<EpochRow> rows;
    for (std::size_t i = 0; i < epoch.size(); ++i) {
        rows.push_back({epoch[i], loss[i], train_error[i], std::nullopt, 0.0});
        if (!std::isnan(test_error[i])) rows.back().test_error = test_error[i];
    }
    return rows;
}

void read_tensor(const NpzReader& file, const std::string& name, std::size_t samples, RecordedTensor& tensor)
{
    const std::size_t bins = tensor.axis.bins();
    const NpyArray edges = read_shaped(file, name + "/edges", {bins + 1});
    if (edges.values<double>() != tensor.axis.edges()) {
        throw DataError(edges.origin + ": got other bins, allowed those of the record's configuration");
    }
    const auto counts = read_shaped(file, name + "/counts", {samples, bins}).values<std::uint64_t>();
    const auto outside = read_shaped(file, name + "/outside", {samples, 2}).values<std::uint64_t>();
    std::vector<std::uint64_t> zero(samples);
    if (tensor.axis.scale() == Axis::Scale::log2) {
        zero = read_shaped(file, name + "/zero", {samples}).values<std::uint64_t>();
    }
    for (std::size_t i = 0; i < samples; ++i) {
        const auto row = counts.begin() + static_cast<std::ptrdiff_t>(i * bins);
        tensor.samples.push_back(
            {{row, row + static_cast<std::ptrdiff_t>(bins)}, zero[i], outside[2 * i], outside[2 * i + 1]});
    }
}

}  // namespace

void save_record(const std::string& path, const RunRecord& record)
{
    NpzWriter file(path);
    file.add_scalar("format", kRecordFormat);
    file.add_text("config", record.config);
    file.add_text("config_hash", record.config_hash);
    file.add_scalar("steps_per_epoch", record.steps_per_epoch);
    add_epochs(file, record.epochs);
    file.add_vector("steps/loss", record.step_loss);
    file.add_vector("steps/correct", record.step_correct);
    file.add_vector("samples/step", record.samples);
    for (std::size_t layer = 0; layer < record.layers.size(); ++layer) {
        for (const RecordedTensor& tensor : record.layers[layer].tensors) {
            add_tensor(file, entry_name(layer, tensor.name), tensor);
        }
        for (const RecordedScalar& scalar : record.layers[layer].scalars) {
            file.add_vector(entry_name(layer, scalar.name), scalar.samples);
        }
    }
    file.finish();
}

RunRecord load_record(const std::string& path, const RunRecord& empty)
{
    const NpzReader file(path);
    const auto format = file.read("format").scalar<std::uint64_t>();
    if (format != kRecordFormat) {
        throw DataError(path + ": entry 'format': got " + std::to_string(format) + ", allowed " +
                        std::to_string(kRecordFormat));
    }
    RunRecord record = empty;
    record.config = file.read("config").text();
    record.config_hash = file.read("config_hash").text();
    record.steps_per_epoch = file.read("steps_per_epoch").scalar<std::uint64_t>();
    if (record.steps_per_epoch == 0) throw DataError(path + ": entry 'steps_per_epoch': got 0, allowed 1 or more");
    record.epochs = read_epochs(file);
    record.step_loss = file.read("steps/loss").values<double>();
    record.step_correct = read_shaped(file, "steps/correct", {record.step_loss.size()}).values<std::uint32_t>();
    record.samples = file.read("samples/step").values<std::uint64_t>();
    if (std::adjacent_find(record.samples.begin(), record.samples.end(), std::greater_equal<>()) !=
        record.samples.end()) {
        throw DataError(path + ": entry 'samples/step': got steps that do not ascend, allowed ascending ones");
    }
    for (std::size_t layer = 0; layer < record.layers.size(); ++layer) {
        for (RecordedTensor& tensor : record.layers[layer].tensors) {
            read_tensor(file, entry_name(layer, tensor.name), record.samples.size(), tensor);
        }
        for (RecordedScalar& scalar : record.layers[layer].scalars) {
            scalar.samples =
                read_shaped(file, entry_name(layer, scalar.name), {record.samples.size()}).values<std::int64_t>();
        }
    }
    return record;
}

}  // namespace wagesim
