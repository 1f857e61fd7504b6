// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What the chip decides about how its units work; no unit decides it for itself.
#pragma once

namespace wagesim::chip {

/// Whether a unit computes, or only takes the time for it (fidelity `timing`).
enum class BurstData { carried, none };

/// What a unit does while its results are on their way to memory. awaited: it is busy until they are there. posted: it
/// has buffers for them and takes the next command meanwhile (`schedule: pipelined`).
enum class ResultDelivery { awaited, posted };

/// burst: one event for all vectors of a command. vector: one for each, for as many cycles in all.
enum class Granularity { burst, vector };

struct UnitMode {
    BurstData data = BurstData::carried;
    ResultDelivery delivery = ResultDelivery::awaited;
    Granularity granularity = Granularity::burst;
};

}  // namespace wagesim::chip
