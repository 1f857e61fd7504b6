// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/float_file.hpp"

#include <vector>

namespace wagesim {
namespace {

FloatTensor read_tensor(const NpzReader& file, const std::string& name, const Shape& shape)
{
    const NpyHeader header = file.header(name);
    if (header.type != NpyType::float32 || !header.has_shape(shape)) {
        throw DataError(file.path() + ": entry '" + name + "': got " + header.describe() + ", allowed float32 of " +
                        shape.text());
    }
    return {shape, file.read(name).values<float>()};
}

}  // namespace

void add_float_tensors(NpzWriter& file, const FloatTensors& tensors)
{
    for (const auto& [name, tensor] : tensors) {
        std::vector<std::size_t> shape;
        for (std::size_t axis = 0; axis < tensor.shape.rank(); ++axis) shape.push_back(tensor.shape[axis]);
        file.add(name, NpyType::float32, shape, tensor.values.data());
    }
}

FloatTensors read_float_tensors(const NpzReader& file, const FloatExtents& required, const FloatExtents& optional)
{
    FloatTensors out;
    for (const auto& [name, shape] : required) out[name] = read_tensor(file, name, shape);
    for (const auto& [name, shape] : optional) {
        if (file.contains(name)) out[name] = read_tensor(file, name, shape);
    }
    for (const std::string& name : file.names()) {
        if (name.rfind("layer", 0) == 0 && out.count(name) == 0) {
            throw DataError(file.path() + ": got entry '" + name + "', allowed what this run's network has");
        }
    }
    return out;
}

}  // namespace wagesim
