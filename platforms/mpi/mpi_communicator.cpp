// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// MPI calls and what they cost. Return codes are not looked at, since MPI's own handler ends the program on an error.
// See the header.
#include "platforms/mpi/mpi_communicator.hpp"

#include <mpi.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <map>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace wagesim::mpi {
namespace {

/// MPI counts in int; what is longer goes in pieces.
constexpr std::size_t kLargestPiece = std::size_t{1} << 30;

MPI_Datatype datatype_of(ElementType type)
{
    if (type == ElementType::int32) return MPI_INT32_T;
    if (type == ElementType::int64) return MPI_INT64_T;
    throw std::logic_error("MpiCommunicator: only int32 and int64 are summed");
}

/// Calls visitor(first byte, elements) for each piece.
template <class Visitor>
void for_pieces(void* values, std::size_t n, std::size_t element_bytes, Visitor&& visitor)
{
    auto* const bytes = static_cast<std::byte*>(values);
    for (std::size_t first = 0; first < n; first += kLargestPiece) {
        visitor(bytes + first * element_bytes, static_cast<int>(std::min(kLargestPiece, n - first)));
    }
}

}  // namespace

struct MpiCommunicator::State {
    MPI_Comm comm = MPI_COMM_NULL;
    int rank = 0;
    int size = 1;
    std::map<Ticket, std::vector<MPI_Request>> sums;  ///< under way
    Ticket next = 0;
    Traffic traffic;
};

namespace {

/// Adds the time until its end, and an operation's bytes, to the traffic.
class Counted {
public:
    Counted(Traffic& traffic, std::size_t bytes, std::uint64_t operations = 1) : traffic_(traffic)
    {
        traffic_.operations += operations;
        traffic_.bytes += bytes;
    }
    ~Counted() { traffic_.seconds += std::chrono::duration<double>(Clock::now() - began_).count(); }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    using Clock = std::chrono::steady_clock;
    Traffic& traffic_;
    Clock::time_point began_ = Clock::now();
};

}  // namespace

Launch launch() noexcept
{
    const char* const size = std::getenv("OMPI_COMM_WORLD_SIZE");
    if (size == nullptr) return std::getenv("PMIX_RANK") == nullptr ? Launch::none : Launch::ranks;
    return std::string_view(size) == "1" ? Launch::one_rank : Launch::ranks;
}

MpiCommunicator::MpiCommunicator() : state_(std::make_unique<State>())
{
    ::setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);
    int provided = 0;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_dup(MPI_COMM_WORLD, &state_->comm);
    MPI_Comm_rank(state_->comm, &state_->rank);
    MPI_Comm_size(state_->comm, &state_->size);
    if (provided < MPI_THREAD_FUNNELED) throw std::runtime_error("this MPI allows no threads beside it");
}

MpiCommunicator::~MpiCommunicator()
{
    MPI_Comm_free(&state_->comm);
    MPI_Finalize();
}

std::size_t MpiCommunicator::rank() const noexcept
{
    return static_cast<std::size_t>(state_->rank);
}

std::size_t MpiCommunicator::size() const noexcept
{
    return static_cast<std::size_t>(state_->size);
}

std::int64_t MpiCommunicator::largest(std::int64_t value)
{
    const Counted counted(state_->traffic, sizeof value);
    MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_INT64_T, MPI_MAX, state_->comm);
    return value;
}

Communicator::Ticket MpiCommunicator::start_sum(ElementType type, void* values, std::size_t n)
{
    const Counted counted(state_->traffic, n * bytes_of(type));
    const MPI_Datatype datatype = datatype_of(type);
    std::vector<MPI_Request>& requests = state_->sums[state_->next];
    for_pieces(values, n, bytes_of(type), [&](std::byte* first, int count) {
        requests.push_back(MPI_REQUEST_NULL);
        MPI_Iallreduce(MPI_IN_PLACE, first, count, datatype, MPI_SUM, state_->comm, &requests.back());
    });
    return state_->next++;
}

void MpiCommunicator::finish_sum(Ticket ticket)
{
    const auto found = state_->sums.find(ticket);
    if (found == state_->sums.end()) throw std::logic_error("MpiCommunicator: no such sum is under way");
    const Counted counted(state_->traffic, 0, 0);
    MPI_Waitall(static_cast<int>(found->second.size()), found->second.data(), MPI_STATUSES_IGNORE);
    state_->sums.erase(found);
}

void MpiCommunicator::broadcast(void* bytes, std::size_t n, std::size_t from)
{
    const Counted counted(state_->traffic, n);
    for_pieces(bytes, n, 1, [&](std::byte* first, int count) {
        MPI_Bcast(first, count, MPI_BYTE, static_cast<int>(from), state_->comm);
    });
}

Traffic MpiCommunicator::traffic() const noexcept
{
    return state_->traffic;
}

int MpiCommunicator::core_share()
{
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    sched_getaffinity(0, sizeof allowed, &allowed);
    std::array<int, CPU_SETSIZE> ranks_of_core{};
    for (std::size_t core = 0; core < ranks_of_core.size(); ++core) ranks_of_core[core] = CPU_ISSET(core, &allowed);

    MPI_Comm machine = MPI_COMM_NULL;
    MPI_Comm_split_type(state_->comm, MPI_COMM_TYPE_SHARED, state_->rank, MPI_INFO_NULL, &machine);
    MPI_Allreduce(MPI_IN_PLACE, ranks_of_core.data(), CPU_SETSIZE, MPI_INT, MPI_SUM, machine);
    MPI_Comm_free(&machine);

    double share = 1e-6;  // so that n nths are one
    for (std::size_t core = 0; core < ranks_of_core.size(); ++core) {
        if (CPU_ISSET(core, &allowed)) share += 1.0 / ranks_of_core[core];
    }
    return std::max(1, static_cast<int>(share));
}

void MpiCommunicator::abort(int status)
{
    MPI_Abort(state_->comm, status);
    std::abort();
}

}  // namespace wagesim::mpi
