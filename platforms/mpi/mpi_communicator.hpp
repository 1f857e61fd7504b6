// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// The ranks of one mpirun as a Communicator. The only code that knows MPI.
#pragma once

#include <memory>

#include "ref/communicator/communicator.hpp"

namespace wagesim::mpi {

enum class Launch {
    none,
    one_rank,  ///< by mpirun, with nobody to talk to
    ranks,     ///< as one of several, or of a number that only MPI knows
};

/// Whether mpirun, or another launcher that speaks PMIx (srun --mpi=pmix), started this process. Reads the environment
/// and nothing else: who starts the program by itself, or a script of several commands as one rank, needs no MPI.
[[nodiscard]] Launch launch() noexcept;

/// MPI lives as long as this object, of which a process can have one. A failure inside MPI ends all ranks.
class MpiCommunicator final : public Communicator {
public:
    /// Ranks that wait give their core to whoever wants it, unless the environment says otherwise
    /// (OMPI_MCA_mpi_yield_when_idle).
    MpiCommunicator();
    /// Waits for all ranks.
    ~MpiCommunicator() override;

    [[nodiscard]] std::size_t rank() const noexcept override;
    [[nodiscard]] std::size_t size() const noexcept override;
    [[nodiscard]] std::int64_t largest(std::int64_t value) override;
    [[nodiscard]] Ticket start_sum(ElementType type, void* values, std::size_t n) override;
    void finish_sum(Ticket ticket) override;
    void broadcast(void* bytes, std::size_t n, std::size_t from) override;
    [[nodiscard]] Traffic traffic() const noexcept override;

    /// How many of the cores that this process may run on are its own, when each core is divided among the ranks of
    /// this machine that may run on it; at least 1. Collective.
    [[nodiscard]] int core_share();

    /// Ends all ranks, this one with `status`, without waiting for any.
    [[noreturn]] void abort(int status);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace wagesim::mpi
