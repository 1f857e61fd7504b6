// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header, which defines every byte.
#include "ref/data/synthetic.hpp"

#include <stdexcept>

#include "ref/numerics/random_words.hpp"

namespace wagesim {
namespace {

constexpr std::uint64_t kTag = 0x73796E74;  // "synt": keeps these keys away from the cipher's of numerics.md
constexpr std::size_t kTiles = 4;           // a side

class Words {
public:
    Words(std::uint64_t seed, std::uint64_t stream) : key_(numerics::mix64(seed ^ numerics::mix64(kTag + stream))) {}
    [[nodiscard]] std::uint64_t operator()(std::uint64_t i) const noexcept { return numerics::mix64(key_ + i); }

private:
    std::uint64_t key_;
};

std::vector<std::uint8_t> make_prototypes(const SyntheticOptions& options, const ImageSize& size)
{
    const Words words(options.seed, 0);
    std::vector<std::uint8_t> out;
    out.reserve(options.classes * size.bytes());
    for (std::size_t plane = 0; plane < options.classes * size.channels; ++plane) {
        for (std::size_t y = 0; y < size.height; ++y) {
            for (std::size_t x = 0; x < size.width; ++x) {
                const std::size_t tile = y * kTiles / size.height * kTiles + x * kTiles / size.width;
                out.push_back(static_cast<std::uint8_t>(words(plane * kTiles * kTiles + tile) >> 56U));
            }
        }
    }
    return out;
}

LabelledImages make_part(std::size_t count, std::uint64_t stream, const SyntheticOptions& options,
                         const ImageSize& size, const std::vector<std::uint8_t>& prototypes)
{
    LabelledImages out;
    out.size = size;
    out.images.reserve(count * size.bytes());
    const Words words(options.seed, stream);
    std::uint64_t noise = 0;
    for (std::size_t n = 0; n < count; ++n) {
        const std::size_t label = n % options.classes;
        out.labels.push_back(static_cast<std::uint16_t>(label));
        for (std::size_t byte = 0; byte < size.bytes(); ++byte) {
            const std::size_t j = out.images.size();
            noise = j % 8 == 0 ? words(j / 8) : noise >> 8U;
            const std::uint64_t sum = prototypes[label * size.bytes() + byte] + (noise & 0xFFU);
            out.images.push_back(static_cast<std::uint8_t>(sum >> 1U));
        }
    }
    return out;
}

}  // namespace

Dataset make_synthetic(const SyntheticOptions& options, const ImageSize& size)
{
    if (options.count < 1) throw std::invalid_argument("synthetic.count: got 0, allowed 1 or more");
    constexpr std::size_t kMostClasses = std::size_t{UINT16_MAX} + 1;  // labels are uint16
    if (options.classes < 1 || options.classes > kMostClasses) {
        throw std::invalid_argument("synthetic.classes: got " + std::to_string(options.classes) + ", allowed 1.." +
                                    std::to_string(kMostClasses));
    }
    const std::vector<std::uint8_t> prototypes = make_prototypes(options, size);
    return {make_part(options.count, 1, options, size, prototypes),
            make_part(options.test_count, 2, options, size, prototypes)};
}

}  // namespace wagesim
