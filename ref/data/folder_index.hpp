// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What lies in a folder of class folders: names alone, some 40 bytes an image. Opens no image.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wagesim {

/// ROOT/CLASS/IMAGE. Classes, and the images of a class, are sorted by the bytes of their names; an image's position
/// counts through the classes in that order.
class FolderIndex {
public:
    /// Lists `root`. Names that begin with a dot are passed over; links are followed. Throws DataError where `root` is
    /// no folder, has no class folders or anything else beside them, and where a class folder is empty or holds
    /// anything but files named .jpg, .jpeg or .png (in whatever case).
    explicit FolderIndex(std::string root);

    [[nodiscard]] const std::string& root() const noexcept { return root_; }
    [[nodiscard]] const std::vector<std::string>& classes() const noexcept { return classes_; }
    [[nodiscard]] std::size_t count() const noexcept { return class_of_.size(); }
    /// Index into classes() of each image.
    [[nodiscard]] const std::vector<std::uint16_t>& class_of() const noexcept { return class_of_; }
    /// "CLASS/IMAGE".
    [[nodiscard]] std::string name(std::size_t position) const;
    [[nodiscard]] std::string path(std::size_t position) const { return root_ + "/" + name(position); }

private:
    void list_class(std::size_t number);

    std::string root_;
    std::vector<std::string> classes_;
    std::vector<std::uint16_t> class_of_;
    std::string names_;                      ///< of all images, one behind the other
    std::vector<std::uint64_t> name_begin_;  ///< one more than there are images
};

}  // namespace wagesim
