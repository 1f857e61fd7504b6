// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// A data set out of nothing but a seed: for demonstrations, tests and timing where no files are at hand. It is easy to
// learn and says nothing about accuracy on real images.
//
// Every class has a prototype, a 4 x 4 mosaic of random grey values in each channel; an image is the mean of its
// class's prototype and white noise. With w(s, i) = mix64(mix64(seed ^ mix64(0x73796E74 + s)) + i) (mix64 of
// docs/numerics.md section 8), all modulo 2^64 and in integers:
//   label of image n       n mod classes
//   prototype(c, ch, y, x) top byte of w(0, (c * C + ch) * 16 + floor(4y / H) * 4 + floor(4x / W))
//   noise of byte j        byte j mod 8 (0 the lowest) of w(s, floor(j / 8)), s = 1 for training, 2 for test images,
//                          j counting the bytes of the part from its first image on
//   byte                   (prototype + noise) >> 1
#pragma once

#include <cstddef>
#include <cstdint>

#include "ref/data/dataset.hpp"

namespace wagesim {

struct SyntheticOptions {
    std::size_t count = 0;
    std::size_t test_count = 0;
    std::size_t classes = 0;  ///< 1..65536
    std::uint64_t seed = 1;
};

/// Throws std::invalid_argument for no images or classes out of range.
[[nodiscard]] Dataset make_synthetic(const SyntheticOptions& options, const ImageSize& size);

}  // namespace wagesim
