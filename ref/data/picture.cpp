// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "ref/data/picture.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace wagesim {
namespace {

/// What output pixel i of `to` takes of `from` input pixels: those from first to last, by weights of unit from / to.
struct Span {
    std::size_t first = 0;
    std::size_t last = 0;

    Span(std::size_t i, std::size_t from, std::size_t to)
        : first(i * from / to), last(((i + 1) * from - 1) / to), begin_(i * from), end_((i + 1) * from), to_(to)
    {
    }
    /// The length that pixel j and the span have in common; over a span they add up to `from`.
    [[nodiscard]] std::uint32_t weight(std::size_t j) const
    {
        return static_cast<std::uint32_t>(std::min(end_, (j + 1) * to_) - std::max(begin_, j * to_));
    }

private:
    std::size_t begin_;
    std::size_t end_;
    std::size_t to_;
};

/// Row y, resized horizontally: w x C sums of weight W each, below 2^24.
void resize_row(const Picture& picture, std::size_t y, const std::vector<Span>& columns,
                std::vector<std::uint32_t>& sums)
{
    const std::size_t channels = picture.channels;
    const std::uint8_t* row = picture.pixels.data() + y * picture.width * channels;
    std::fill(sums.begin(), sums.end(), 0U);
    std::uint32_t* sum = sums.data();
    for (const Span& column : columns) {
        for (std::size_t x = column.first; x <= column.last; ++x) {
            const std::uint32_t weight = column.weight(x);
            for (std::size_t c = 0; c < channels; ++c) sum[c] += weight * row[x * channels + c];
        }
        sum += channels;
    }
}

}  // namespace

Picture with_channels(Picture picture, std::size_t channels)
{
    if (picture.channels == channels) return picture;
    if (channels != 1 && channels != 3) {
        throw std::invalid_argument("picture: got " + std::to_string(channels) + " channels, allowed 1 or 3");
    }
    const std::size_t count = picture.height * picture.width;
    Picture out{picture.height, picture.width, channels, std::vector<std::uint8_t>(count * channels)};
    for (std::size_t i = 0; i < count; ++i) {
        if (channels == 3) {
            std::fill_n(out.pixels.begin() + static_cast<std::ptrdiff_t>(3 * i), 3, picture.pixels[i]);
        } else {
            const std::uint8_t* rgb = picture.pixels.data() + 3 * i;
            out.pixels[i] = static_cast<std::uint8_t>((77U * rgb[0] + 150U * rgb[1] + 29U * rgb[2] + 128U) >> 8U);
        }
    }
    return out;
}

void resize_to(const Picture& picture, std::size_t height, std::size_t width, std::uint8_t* to)
{
    std::vector<Span> columns;
    for (std::size_t x = 0; x < width; ++x) columns.emplace_back(x, picture.width, width);
    std::vector<std::uint32_t> row(width * picture.channels);
    std::vector<std::uint64_t> sums(row.size());
    const std::uint64_t area = std::uint64_t{picture.height} * picture.width;
    const std::uint64_t half = area / 2;
    const auto divisor = static_cast<double>(area);
    std::size_t resized = picture.height;  // the row that `row` holds; none yet
    for (std::size_t y = 0; y < height; ++y) {
        const Span span(y, picture.height, height);
        std::fill(sums.begin(), sums.end(), 0U);
        for (std::size_t from = span.first; from <= span.last; ++from) {
            // Neighbouring spans may share a row.
            if (from != resized) resize_row(picture, resized = from, columns, row);
            const std::uint64_t weight = span.weight(from);
            for (std::size_t i = 0; i < row.size(); ++i) sums[i] += weight * row[i];
        }
        for (std::size_t x = 0; x < width; ++x) {
            for (std::size_t c = 0; c < picture.channels; ++c) {
                // Exact: the dividend is below 2^35, and a quotient that is no integer is 2^-26 or more away from one,
                // where binary64 still has 45 binary places.
                const std::uint64_t sum = sums[x * picture.channels + c] + half;
                to[(c * height + y) * width + x] = static_cast<std::uint8_t>(static_cast<double>(sum) / divisor);
            }
        }
    }
}

}  // namespace wagesim
