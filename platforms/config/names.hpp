// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The word of each enumerator in the files, for reading and printing alike; and the words that the file format has but
// this version of the program does not.
#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "platforms/config/run_config.hpp"

namespace wagesim::config {

template <class E, std::size_t N>
using NameTable = std::array<std::pair<E, const char*>, N>;

/// One overload for each enumeration; the argument only selects it.
constexpr NameTable<DataFormat, 6> names_of(DataFormat)
{
    return {{{DataFormat::idx, "idx"},
             {DataFormat::cifar10, "cifar10"},
             {DataFormat::svhn, "svhn"},
             {DataFormat::npz, "npz"},
             {DataFormat::folder, "folder"},
             {DataFormat::synthetic, "synthetic"}}};
}
constexpr NameTable<InputRange, 2> names_of(InputRange)
{
    return {{{InputRange::unit, "unit"}, {InputRange::symmetric, "symmetric"}}};
}
constexpr NameTable<Augment, 3> names_of(Augment)
{
    return {{{Augment::none, "none"}, {Augment::crop, "crop"}, {Augment::crop_flip, "crop_flip"}}};
}
constexpr NameTable<WeightClip, 2> names_of(WeightClip)
{
    return {{{WeightClip::kg, "kg"}, {WeightClip::kw, "kw"}}};
}
constexpr NameTable<Loss, 2> names_of(Loss)
{
    return {{{Loss::sse, "sse"}, {Loss::softmax, "softmax"}}};
}
constexpr NameTable<numerics::WeightGrid, 2> names_of(numerics::WeightGrid)
{
    return {{{numerics::WeightGrid::kg, "kg"}, {numerics::WeightGrid::kw, "kw"}}};
}
constexpr NameTable<chip::Fidelity, 3> names_of(chip::Fidelity)
{
    return {{{chip::Fidelity::functional, "functional"},
             {chip::Fidelity::bit_serial, "bit_serial"},
             {chip::Fidelity::timing, "timing"}}};
}
constexpr NameTable<chip::Granularity, 2> names_of(chip::Granularity)
{
    return {{{chip::Granularity::burst, "burst"}, {chip::Granularity::vector, "vector"}}};
}
constexpr NameTable<chip::Quantizer, 3> names_of(chip::Quantizer)
{
    return {{{chip::Quantizer::tlm, "tlm"}, {chip::Quantizer::rtl, "rtl"}, {chip::Quantizer::lockstep, "lockstep"}}};
}
constexpr NameTable<chip::AdcMode, 2> names_of(chip::AdcMode)
{
    return {{{chip::AdcMode::saturate, "saturate"}, {chip::AdcMode::truncate, "truncate"}}};
}
constexpr NameTable<chip::Subtract, 2> names_of(chip::Subtract)
{
    return {{{chip::Subtract::analog, "analog"}, {chip::Subtract::digital, "digital"}}};
}
constexpr NameTable<chip::BackwardRead, 2> names_of(chip::BackwardRead)
{
    return {{{chip::BackwardRead::two_phase, "two_phase"}, {chip::BackwardRead::bipolar, "bipolar"}}};
}
constexpr NameTable<chip::InputCoding, 2> names_of(chip::InputCoding)
{
    return {{{chip::InputCoding::twos_complement, "twos_complement"},
             {chip::InputCoding::sign_magnitude, "sign_magnitude"}}};
}
constexpr NameTable<chip::Replication, 3> names_of(chip::Replication)
{
    return {{{chip::Replication::minimal, "minimal"},
             {chip::Replication::balanced, "balanced"},
             {chip::Replication::given, "given"}}};
}
constexpr NameTable<chip::Schedule, 2> names_of(chip::Schedule)
{
    return {{{chip::Schedule::layer, "layer"}, {chip::Schedule::pipelined, "pipelined"}}};
}
constexpr NameTable<chip::BackwardCells, 2> names_of(chip::BackwardCells)
{
    return {{{chip::BackwardCells::shared, "shared"}, {chip::BackwardCells::dedicated, "dedicated"}}};
}
constexpr NameTable<chip::ErrorMax, 2> names_of(chip::ErrorMax)
{
    return {{{chip::ErrorMax::spill, "spill"}, {chip::ErrorMax::recompute, "recompute"}}};
}
constexpr NameTable<chip::GradientAccumulate, 3> names_of(chip::GradientAccumulate)
{
    return {{{chip::GradientAccumulate::chip, "chip"},
             {chip::GradientAccumulate::batch, "batch"},
             {chip::GradientAccumulate::image, "image"}}};
}
constexpr NameTable<chip::InterconnectKind, 2> names_of(chip::InterconnectKind)
{
    return {{{chip::InterconnectKind::router, "router"}, {chip::InterconnectKind::mesh, "mesh"}}};
}

template <class E>
const char* name_of(E value)
{
    for (const auto& [candidate, name] : names_of(E{})) {
        if (candidate == value) return name;
    }
    return "";
}

}  // namespace wagesim::config
