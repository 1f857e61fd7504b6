// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Spreading in integers: each window has the difference of two rounded-down running sums, so that nothing is lost.
#include "tlm/energy/power_profile.hpp"

namespace wagesim::chip {

void PowerProfile::begin(std::uint64_t first)
{
    first_ = first;
    window_ = kLeastWindow;
    windows_.clear();
}

void PowerProfile::widen()
{
    for (std::size_t i = 0; i < windows_.size(); i += 2) {
        windows_[i / 2] = windows_[i] + (i + 1 < windows_.size() ? windows_[i + 1] : 0);
    }
    windows_.resize((windows_.size() + 1) / 2);
    window_ *= 2;
}

Attojoules& PowerProfile::at(std::uint64_t cycle)
{
    while (cycle / window_ >= kMostWindows) widen();
    const auto index = static_cast<std::size_t>(cycle / window_);
    if (index >= windows_.size()) windows_.resize(index + 1);
    return windows_[index];
}

void PowerProfile::add(Attojoules energy, std::uint64_t begin, std::uint64_t end)
{
    if (energy == 0) return;
    begin -= first_;
    end -= first_;
    if (end <= begin + 1) {
        at(begin) += energy;
        return;
    }
    (void)at(end - 1);  // from here on windows keep their length
    std::size_t index = begin / window_;
    const std::size_t last = (end - 1) / window_;
    if (index == last) {
        windows_[index] += energy;
        return;
    }
    // Running sums energy * t / cycles as quotient and remainder: a division is too slow for every window.
    const auto cycles = static_cast<Attojoules>(end - begin);
    const Attojoules first = energy * static_cast<Attojoules>((index + 1) * window_ - begin);
    const Attojoules step = energy * static_cast<Attojoules>(window_);
    const Attojoules quotient = step / cycles;
    const Attojoules remainder = step % cycles;
    Attojoules given = first / cycles;
    Attojoules left = first % cycles;
    windows_[index] += given;
    for (++index; index < last; ++index) {
        left += remainder;
        const bool carry = left >= cycles;
        if (carry) left -= cycles;
        const Attojoules here = quotient + (carry ? 1 : 0);
        windows_[index] += here;
        given += here;
    }
    windows_[last] += energy - given;
}

}  // namespace wagesim::chip
