// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header. Colours are those of docs/chip.svg's kind: dark lines, pale buses, readable on any background.
#include "tests/waves/wave_drawing.hpp"

#include <sstream>

namespace wagesim::test {
namespace {

constexpr int kNames = 110;  ///< pixels before the first cycle
constexpr int kCycle = 82;
constexpr int kRow = 30;
constexpr int kHigh = 18;  ///< of a signal in its row
constexpr int kSlope = 3;
constexpr int kTop = 44;

class Drawing {
public:
    explicit Drawing(std::size_t cycles) : cycles_(static_cast<int>(cycles)) {}

    void group(const std::string& title)
    {
        y_ += 6;
        text(kNames - 12, y_ + 16, "end", "title", title);
        y_ += 22;
    }

    void row(const WaveRow& row)
    {
        text(kNames - 12, y_ + kHigh - 4, "end", "name", row.name);
        switch (row.kind) {
            case WaveRow::Kind::clock: clock(); break;
            case WaveRow::Kind::bit: bit(row.values); break;
            case WaveRow::Kind::bus: bus(row.values); break;
        }
        y_ += kRow;
    }

    [[nodiscard]] std::string finish(const std::vector<WaveMark>& marks) const
    {
        const int width = x(cycles_) + 16;
        const int height = y_ + 12;
        std::ostringstream svg;
        svg << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width << ' ' << height << "\" width=\""
            << width << "\" height=\"" << height << "\">\n"
            << "<!-- SPDX-FileCopyrightText: The wagesim authors, SPDX-License-Identifier: Apache-2.0 -->\n"
            << "<style>text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#24292f}.title{font-weight:bold}"
               ".value{font-size:11px}.cycle{fill:#8c959f;font-size:10px}.mark{fill:#9a3412;font-size:11px}"
               "path{fill:none;stroke:#24292f;stroke-width:1.4}.bus{fill:#ddeaf8}.none{fill:#f0f1f3;stroke:#8c959f}"
               ".grid{stroke:#d0d7de;stroke-width:1;stroke-dasharray:2 3}.shade{fill:#fdf0e3;stroke:none}</style>\n"
            << "<rect width=\"" << width << "\" height=\"" << height << "\" fill=\"#ffffff\"/>\n";
        for (const WaveMark& mark : marks) {
            const int left = x(static_cast<int>(mark.first));
            const int right = x(static_cast<int>(mark.end));
            svg << "<path class=\"shade\" d=\"M" << left << ' ' << 26 << "H" << right << "V" << height - 8 << "H"
                << left << "Z\"/>\n<text class=\"mark\" text-anchor=\"middle\" x=\"" << (left + right) / 2
                << "\" y=\"20\">" << mark.text << "</text>\n";
        }
        for (int cycle = 0; cycle <= cycles_; ++cycle) {
            svg << "<path class=\"grid\" d=\"M" << x(cycle) << ' ' << kTop - 6 << "V" << height - 8 << "\"/>\n";
            if (cycle == cycles_) continue;
            svg << "<text class=\"cycle\" text-anchor=\"middle\" x=\"" << x(cycle) + kCycle / 2 << "\" y=\"38\">"
                << cycle << "</text>\n";
        }
        svg << body_.str() << "</svg>\n";
        return svg.str();
    }

private:
    [[nodiscard]] static int x(int cycle) { return kNames + cycle * kCycle; }

    void text(int left, int baseline, const char* anchor, const char* style, const std::string& content)
    {
        body_ << "<text class=\"" << style << "\" text-anchor=\"" << anchor << "\" x=\"" << left << "\" y=\""
              << baseline << "\">" << content << "</text>\n";
    }

    void clock()
    {
        body_ << "<path d=\"M" << x(0) << ' ' << y_ + kHigh;
        for (int cycle = 0; cycle < cycles_; ++cycle) {
            body_ << "V" << y_ << "H" << x(cycle) + kCycle / 2 << "V" << y_ + kHigh << "H" << x(cycle + 1);
        }
        body_ << "\"/>\n";
    }

    void bit(const std::vector<std::string>& values)
    {
        const auto level = [&](int cycle) { return values[static_cast<std::size_t>(cycle)] == "1" ? y_ : y_ + kHigh; };
        body_ << "<path d=\"M" << x(0) << ' ' << level(0);
        for (int cycle = 0; cycle < cycles_; ++cycle) {
            if (cycle > 0 && level(cycle) != level(cycle - 1)) body_ << "L" << x(cycle) + kSlope << ' ' << level(cycle);
            body_ << "H" << x(cycle + 1);
        }
        body_ << "\"/>\n";
    }

    void bus(const std::vector<std::string>& values)
    {
        for (std::size_t first = 0; first < values.size();) {
            std::size_t end = first + 1;
            while (end < values.size() && values[end] == values[first]) ++end;
            const int left = x(static_cast<int>(first));
            const int right = x(static_cast<int>(end));
            const int middle = y_ + kHigh / 2;
            body_ << "<path class=\"" << (values[first].empty() ? "none" : "bus") << "\" d=\"M" << left << ' ' << middle
                  << "L" << left + kSlope << ' ' << y_ << "H" << right - kSlope << "L" << right << ' ' << middle << "L"
                  << right - kSlope << ' ' << y_ + kHigh << "H" << left + kSlope << "Z\"/>\n";
            if (!values[first].empty()) text((left + right) / 2, middle + 4, "middle", "value", values[first]);
            first = end;
        }
    }

    std::ostringstream body_;
    int cycles_;
    int y_ = kTop;
};

}  // namespace

std::string draw_waves(const std::vector<WaveGroup>& groups, std::size_t cycles, const std::vector<WaveMark>& marks)
{
    Drawing drawing(cycles);
    for (const WaveGroup& group : groups) {
        if (!group.title.empty()) drawing.group(group.title);
        for (const WaveRow& row : group.rows) drawing.row(row);
    }
    return drawing.finish(marks);
}

}  // namespace wagesim::test
