// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/rtl/coverage/coverage_points.hpp"

#include <fstream>
#include <map>
#include <stdexcept>

namespace wagesim::test {
namespace {

/// `C '<\001key\002value>...' count`
CoveragePoint parsed(const std::string& line)
{
    const std::size_t end = line.rfind("' ");
    if (line.rfind("C '", 0) != 0 || end == std::string::npos)
        throw std::runtime_error("not a line of a coverage file: " + line);
    std::map<std::string, std::string> values;
    for (std::size_t at = 3; at < end;) {
        const std::size_t value = line.find('\2', at);
        const std::size_t next = std::min(line.find('\1', value), end);
        values[line.substr(at + 1, value - at - 1)] = line.substr(value + 1, next - value - 1);
        at = next;
    }
    CoveragePoint point;
    const std::string& page = values["page"];  // v_toggle/module__parameters
    const std::size_t slash = page.find('/');
    point.kind = page.substr(2, slash - 2);
    point.module = page.substr(slash + 1);
    point.module.resize(std::min(point.module.find("__"), point.module.size()));
    point.instance = values["h"];
    point.object = values["o"];
    point.line = std::stoi(values["l"]);
    point.count = std::stoull(line.substr(end + 2));
    return point;
}

}  // namespace

std::string CoveragePoint::name() const
{
    return kind + ' ' + module + ' ' + object + " in " + instance + " at line " + std::to_string(line);
}

std::vector<CoveragePoint> read_coverage(const std::filesystem::path& file)
{
    std::ifstream stream(file);
    std::vector<CoveragePoint> points;
    std::string line;
    std::getline(stream, line);
    if (line.rfind("# SystemC::Coverage", 0) != 0) throw std::runtime_error(file.string() + " has no coverage");
    while (std::getline(stream, line)) points.push_back(parsed(line));
    return points;
}

std::vector<Exclusion> read_exclusions(const std::filesystem::path& file)
{
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error(file.string() + " cannot be read");
    std::vector<Exclusion> exclusions;
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        if (line.empty() || line.front() == '#') continue;
        const std::size_t colon = line.find(": ");
        if (colon == std::string::npos)
            throw std::runtime_error(file.string() + ':' + std::to_string(number) + ": got no reason");
        exclusions.push_back({line.substr(0, colon), line.substr(colon + 2), number});
    }
    return exclusions;
}

}  // namespace wagesim::test
