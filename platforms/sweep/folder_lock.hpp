// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Who may write in a folder: a lock that falls away with the last process that holds it, however that ends.
#pragma once

#include <optional>
#include <string>

namespace wagesim::sweep {

class FolderLock {
public:
    enum class Kind { exclusive, shared };

    /// Nothing where another process holds the folder; shared locks keep only exclusive ones away, and the other way
    /// round. Throws DataError where it cannot be opened. File systems without locks go unprotected.
    [[nodiscard]] static std::optional<FolderLock> try_claim(const std::string& folder, Kind kind = Kind::exclusive);

    /// The same, tried again for half a second: `sweep status` holds a lock for a moment to see whether somebody has
    /// it.
    [[nodiscard]] static std::optional<FolderLock> claim_patiently(const std::string& folder,
                                                                   Kind kind = Kind::exclusive);

    /// A process that inherits it holds the lock, too.
    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

    ~FolderLock();
    FolderLock(FolderLock&& other) noexcept;
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;
    FolderLock& operator=(FolderLock&&) = delete;

private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    int descriptor_;
};

}  // namespace wagesim::sweep
