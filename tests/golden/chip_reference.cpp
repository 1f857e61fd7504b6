// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// From golden entries to reference tensors. See the header.
#include "tests/golden/chip_reference.hpp"

namespace wagesim::test {

void deliver_golden_step(const GoldenTraining& golden, std::uint64_t step, verify::ReferenceTensors& reference)
{
    reference.begin_step(step);
    for (std::size_t layer = 0; layer < golden.layers(); ++layer) {
        for (const TensorName name : golden.names(step, layer)) {
            const GoldenTensor tensor = *golden.tensor(step, layer, name);
            reference.on_tensor({step, static_cast<std::uint32_t>(layer), name},
                                {ElementType::int64, tensor.shape, tensor.values.data()});
        }
    }
    const double loss = golden.loss(step);
    reference.on_tensor({step, 0, TensorName::loss}, {ElementType::float64, {}, &loss});
    const std::vector<std::int64_t> prediction = golden.prediction(step);
    reference.on_tensor({step, 0, TensorName::prediction},
                        {ElementType::int64, {prediction.size()}, prediction.data()});
}

}  // namespace wagesim::test
