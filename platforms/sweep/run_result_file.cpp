// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/run_result_file.hpp"

#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace wagesim::sweep {
namespace {

using Json = nlohmann::json;

/// Of a JSON array under "last" or an index, of an object under a key; null where there is none.
const Json* child(const Json& value, const std::string& name)
{
    if (value.is_object()) {
        const auto found = value.find(name);
        return found == value.end() ? nullptr : &*found;
    }
    if (!value.is_array() || value.empty()) return nullptr;
    if (name == "last") return &value.back();
    std::size_t index = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data(), end, index);
    return error == std::errc() && stop == end && index < value.size() ? &value[index] : nullptr;
}

/// Harmonic mean over the epochs: they have equal numbers of images, but for one that --steps cut short.
std::optional<double> images_per_second(const Json& result)
{
    double seconds_per_image = 0.0;
    std::size_t epochs = 0;
    for (const Json& epoch : result.at("epochs")) {
        const double speed = epoch.at("images_per_second").get<double>();
        if (speed <= 0.0) continue;
        seconds_per_image += 1.0 / speed;
        ++epochs;
    }
    if (epochs == 0) return std::nullopt;
    return static_cast<double>(epochs) / seconds_per_image;
}

}  // namespace

Record record_of_result(const std::string& text)
{
    const Json result = Json::parse(text, nullptr, false);
    if (!result.is_object()) throw DataError("a result is no JSON object");
    Record record;
    record.state = State::done;
    record.version = result.value("version", "");
    record.result = result.dump();
    record.wall_seconds = result.at("wall_seconds").get<double>();
    record.images_per_second = images_per_second(result);
    return record;
}

std::optional<Record> finished_run(const std::string& folder, const Identity& identity)
{
    std::ifstream stream(folder + "/result.json", std::ios::binary);
    if (!stream) return std::nullopt;
    const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    const Json result = Json::parse(text, nullptr, false);
    if (!result.is_object() || result.value("config_hash", "") != identity.config_hash) return std::nullopt;
    // Somebody may have gone on with the run by hand.
    if (identity.steps && result.at("steps").get<std::int64_t>() > *identity.steps) return std::nullopt;
    return record_of_result(text);
}

std::optional<double> Figures::number(const std::string& field) const
{
    const Json* at = &root_;
    std::size_t from = 0;
    while (at != nullptr && from <= field.size()) {
        const std::size_t dot = std::min(field.find('.', from), field.size());
        at = child(*at, field.substr(from, dot - from));
        from = dot + 1;
    }
    if (at == nullptr || !at->is_number()) return std::nullopt;
    return at->get<double>();
}

}  // namespace wagesim::sweep
