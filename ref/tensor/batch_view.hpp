// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A batch of images and labels, as bytes that somebody else owns: all that a host hands to a trainer or a chip.
#pragma once

#include <cstddef>
#include <cstdint>

namespace wagesim {

/// images is samples x C x H x W bytes, labels one class a sample.
struct BatchView {
    std::size_t samples = 0;
    const std::uint8_t* images = nullptr;
    const std::uint16_t* labels = nullptr;
};

}  // namespace wagesim
