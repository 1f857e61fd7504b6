// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// Reading of files that are named in files. See the header.
#include "platforms/config/include.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <system_error>
#include <utility>

namespace wagesim::config {
namespace {

constexpr std::streamsize kMostRead = (std::streamsize{1} << 20) + 1;  // one more than parse_document takes

bool is_same_file(const std::filesystem::path& x, const std::filesystem::path& y)
{
    if (x == y) return true;
    std::error_code error;
    return std::filesystem::equivalent(x, y, error) && !error;
}

}  // namespace

FileText read_text(const std::filesystem::path& file)
{
    std::error_code error;
    const std::filesystem::file_status status = std::filesystem::status(file, error);
    if (status.type() == std::filesystem::file_type::not_found) return {"", "no such file"};
    if (error) return {"", error.message()};
    if (std::filesystem::is_directory(status)) return {"", "a directory"};
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    if (!stream) return {"", std::strerror(errno)};
    FileText out;
    out.text.resize(static_cast<std::size_t>(kMostRead));
    stream.read(out.text.data(), kMostRead);
    if (stream.bad()) return {"", "a read error"};
    out.text.resize(static_cast<std::size_t>(stream.gcount()));
    return out;
}

std::shared_ptr<const Source> file_source(const std::filesystem::path& file, const std::string& root)
{
    const std::filesystem::path absolute = (std::filesystem::current_path() / file).lexically_normal();
    return std::make_shared<const Source>(Source{file.string(), absolute.parent_path(), absolute, "", root});
}

DocumentNode include_file(const DocumentNode& reference, const std::string& key,
                          const std::vector<std::filesystem::path>& users)
{
    const std::string written = shown_text(reference.text);
    const std::filesystem::path file = absolute_path(reference, key, reference.text);
    for (const std::filesystem::path& user : users) {
        if (is_same_file(file, user)) {
            throw reference.place.fault(key, written + " (circular: it is being read)", "another file");
        }
    }
    const FileText content = read_text(file);
    if (!content.reason.empty()) {
        throw reference.place.fault(key, written + " (" + content.reason + ")", "a readable file");
    }
    const Source& user = *reference.place.source;
    const std::filesystem::path folder = std::filesystem::path(user.label).parent_path();
    const std::string kind = key.substr(key.rfind('.') + 1);
    auto source = std::make_shared<const Source>(
        Source{(folder / reference.text).lexically_normal().string(), file.parent_path(), file, key, kind + " file"});
    DocumentNode root = parse_document(content.text, source, key);
    if (root.kind != DocumentNode::Kind::map) throw root.place.fault(key, root.shown(), "a map");
    return root;
}

void resolve_reference(DocumentNode& value, const std::string& key, const std::filesystem::path& run_file)
{
    if (value.kind == DocumentNode::Kind::map) return;
    if (value.kind != DocumentNode::Kind::scalar || value.text.empty()) {
        throw value.place.fault(key, value.shown(), "a path or a map");
    }
    value = include_file(value, key, {run_file});
}

}  // namespace wagesim::config
