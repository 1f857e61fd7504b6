// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Which elements of a tensor were seen: half-open ranges of flat positions, none of them twice.
#pragma once

#include <cstddef>
#include <map>

namespace wagesim::verify {

class Coverage {
public:
    /// Marks [begin, end). Returns false, and marks nothing, where the range is empty or was seen in part before.
    [[nodiscard]] bool add(std::size_t begin, std::size_t end);
    [[nodiscard]] bool empty() const noexcept { return ranges_.empty(); }
    [[nodiscard]] bool is_exactly(std::size_t size) const noexcept
    {
        return ranges_.size() == 1 && ranges_.begin()->first == 0 && ranges_.begin()->second == size;
    }
    void clear() noexcept { ranges_.clear(); }

private:
    std::map<std::size_t, std::size_t> ranges_;  ///< begin -> end, disjoint and not touching
};

inline bool Coverage::add(std::size_t begin, std::size_t end)
{
    if (begin >= end) return false;
    auto after = ranges_.lower_bound(begin);
    if (after != ranges_.end() && after->first < end) return false;
    const auto before = after == ranges_.begin() ? ranges_.end() : std::prev(after);
    if (before != ranges_.end() && before->second > begin) return false;
    if (after != ranges_.end() && after->first == end) {
        end = after->second;
        ranges_.erase(after);
    }
    if (before != ranges_.end() && before->second == begin) {
        before->second = end;
    } else {
        ranges_.emplace(begin, end);
    }
    return true;
}

}  // namespace wagesim::verify
