// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A problem of pagmo whose variables are the positions of values on their axes. See the header.
#include "platforms/sweep/optimiser.hpp"

#include <algorithm>
#include <cmath>
#include <pagmo/algorithm.hpp>
#include <pagmo/algorithms/maco.hpp>
#include <pagmo/algorithms/nsga2.hpp>
#include <pagmo/algorithms/nspso.hpp>
#include <pagmo/batch_evaluators/member_bfe.hpp>
#include <pagmo/bfe.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <pagmo/types.hpp>
#include <utility>

namespace wagesim::sweep {
namespace {

/// What no design costs by itself: whoever costs it loses every comparison.
constexpr double kForbidden = 1e300;
/// pagmo's own choice for MACO's archive, which may not pass the population.
constexpr std::uint32_t kMostArchived = 63;

/// pagmo copies its problems: this one refers to what belongs to the caller of optimise.
class DesignProblem {
public:
    DesignProblem() = default;  // pagmo wants one
    /// `whole`: variables are integers; or else numbers that are rounded down.
    DesignProblem(const DesignGrid& grid, std::size_t objectives, const Evaluate& evaluate, bool whole)
        : grid_(&grid), objectives_(objectives), evaluate_(&evaluate), whole_(whole)
    {
    }

    [[nodiscard]] pagmo::vector_double fitness(const pagmo::vector_double& variables) const
    {
        return batch_fitness(variables);
    }

    /// Variables of several designs, one after the other; so are their costs.
    [[nodiscard]] pagmo::vector_double batch_fitness(const pagmo::vector_double& variables) const
    {
        const std::size_t axes = grid_->extents().size();
        std::vector<std::uint64_t> designs;
        for (std::size_t first = 0; first < variables.size(); first += axes) {
            std::vector<std::uint64_t> positions;
            for (std::size_t i = 0; i < axes; ++i) {
                const double most = static_cast<double>(grid_->extents()[i] - 1);
                positions.push_back(
                    static_cast<std::uint64_t>(std::clamp(std::floor(variables[first + i]), 0.0, most)));
            }
            designs.push_back(grid_->design(positions));
        }
        pagmo::vector_double costs;
        for (const Cost& cost : (*evaluate_)(designs)) {
            if (cost) {
                costs.insert(costs.end(), cost->begin(), cost->end());
            } else {
                costs.insert(costs.end(), objectives_, kForbidden);
            }
        }
        return costs;
    }

    [[nodiscard]] std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const
    {
        pagmo::vector_double most;
        for (const std::uint64_t extent : grid_->extents()) {
            // Rounded down, the last value has as much room as the others.
            most.push_back(whole_ ? static_cast<double>(extent - 1) : std::nextafter(static_cast<double>(extent), 0.0));
        }
        return {pagmo::vector_double(most.size(), 0.0), most};
    }
    [[nodiscard]] pagmo::vector_double::size_type get_nobj() const { return objectives_; }
    [[nodiscard]] pagmo::vector_double::size_type get_nix() const { return whole_ ? grid_->extents().size() : 0; }
    [[nodiscard]] pagmo::thread_safety get_thread_safety() const { return pagmo::thread_safety::none; }

private:
    const DesignGrid* grid_ = nullptr;
    std::size_t objectives_ = 2;
    const Evaluate* evaluate_ = nullptr;
    bool whole_ = true;
};

template <class Algorithm>
pagmo::algorithm with_batches(Algorithm algorithm)
{
    algorithm.set_bfe(pagmo::bfe{pagmo::member_bfe{}});
    return pagmo::algorithm{std::move(algorithm)};
}

pagmo::algorithm make_algorithm(const config::Sampling& sampling)
{
    const auto seed = static_cast<unsigned>(sampling.seed);
    switch (sampling.algorithm) {
        case config::Algorithm::nspso: {
            pagmo::nspso algorithm{sampling.generations};
            algorithm.set_seed(seed);
            return with_batches(std::move(algorithm));
        }
        case config::Algorithm::maco: {
            pagmo::maco algorithm{sampling.generations, std::min(kMostArchived, sampling.population)};
            algorithm.set_seed(seed);
            return with_batches(std::move(algorithm));
        }
        case config::Algorithm::nsga2: break;
    }
    pagmo::nsga2 algorithm{sampling.generations};
    algorithm.set_seed(seed);
    return with_batches(std::move(algorithm));
}

}  // namespace

void optimise(const DesignGrid& grid, const config::Sampling& sampling, std::size_t objectives,
              const Evaluate& evaluate)
{
    const bool whole = sampling.algorithm != config::Algorithm::nspso;  // which knows no integers
    const pagmo::problem problem{DesignProblem(grid, objectives, evaluate, whole)};
    const pagmo::population first{problem, pagmo::bfe{pagmo::member_bfe{}}, sampling.population,
                                  static_cast<unsigned>(sampling.seed)};
    static_cast<void>(make_algorithm(sampling).evolve(first));
}

}  // namespace wagesim::sweep
