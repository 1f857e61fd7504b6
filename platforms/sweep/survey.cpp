// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/survey.hpp"

namespace wagesim::sweep {

std::vector<Identity> survey(const GridSource& grid, PointResolver& resolver)
{
    std::vector<Identity> identities;
    if (grid.count() > kMostSurveyed) {
        for (const std::uint64_t index : grid.one_by_one()) {
            static_cast<void>(resolver.identity(resolver.run(grid.point(index))));
        }
        return identities;
    }
    for (std::uint64_t i = 0; i < grid.count(); ++i) {
        identities.push_back(resolver.identity(resolver.run(grid.point(i))));
    }
    return identities;
}

}  // namespace wagesim::sweep
