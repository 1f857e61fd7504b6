// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/share_publisher.hpp"

#include <algorithm>
#include <utility>

namespace wagesim::sweep {

SharePublisher::SharePublisher(Database& database, std::string file) : database_(database), file_(std::move(file)) {}

void SharePublisher::look()
{
    if (Clock::now() >= next_) publish();
}

void SharePublisher::publish()
{
    if (database_.changes() == published_) return;
    const Clock::time_point began = Clock::now();
    published_ = database_.changes();
    database_.publish(file_);
    const Clock::duration took = Clock::now() - began;
    next_ = began + std::max<Clock::duration>(kLeastPause, kPauses * took);
}

}  // namespace wagesim::sweep
