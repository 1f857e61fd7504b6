// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// YAML text to nodes: the one place that yaml-cpp is used. Its own node tree is not: it keeps the second of two equal
// keys silently, and aliases make it as large as a text likes.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <utility>

#include "platforms/config/document.hpp"

namespace wagesim::config {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kMostNodes = 200'000;  // aliases expanded
constexpr std::size_t kDeepest = 32;

// The parser takes the end of the text for the end of a quoted string; the end of the document it does not.
constexpr const char* kEnd = "\n...\n";

/// The last position in `text`: faults at its end are not blamed on kEnd.
Place end_of(const std::string& text, const std::shared_ptr<const Source>& source)
{
    const std::size_t last_line = text.find_last_of('\n') + 1;  // npos + 1 is 0
    return {source, 1 + static_cast<int>(std::count(text.begin(), text.end(), '\n')),
            1 + static_cast<int>(text.size() - last_line)};
}

/// Builds the tree from the parser's events.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(const std::string& text, const std::shared_ptr<const Source>& source, std::string key)
        : source_(source), key_(std::move(key)), end_(end_of(text, source)), document_place_{source, 1, 1}
    {
    }

    [[nodiscard]] bool is_past_end(const YAML::Mark& mark) const noexcept { return mark.line + 1 > end_.line; }
    [[nodiscard]] Place place(const YAML::Mark& mark) const
    {
        if (mark.is_null()) return {source_, 1, 1};
        return is_past_end(mark) ? end_ : Place{source_, mark.line + 1, mark.column + 1};
    }

    /// The document. Throws what had to wait until the text proved to be YAML at all.
    [[nodiscard]] DocumentNode take_root()
    {
        if (bad_key_) throw *bad_key_;
        DocumentNode nothing;
        nothing.place = document_place_;
        return root_ ? std::move(*root_) : nothing;
    }

    void OnDocumentStart(const YAML::Mark& mark) override
    {
        ++documents_;
        document_place_ = place(mark);
        if (documents_ > 1) throw fault(document_place_, "a second document", "one document");
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        DocumentNode node;
        node.place = place(mark);
        // An empty value has no text of its own; what the reader sees is the key that lacks one.
        if (!frames_.empty() && frames_.back().key) node.place = frames_.back().key_place;
        add(std::move(node), anchor);
    }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override
    {
        DocumentNode node;
        node.kind = DocumentNode::Kind::scalar;
        node.place = place(mark);
        node.quoted = tag == "!";
        node.text = value;
        refuse_tag(tag, node.place);
        add(std::move(node), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        const auto found = anchored_.find(anchor);
        if (found == anchored_.end()) throw fault(place(mark), "an alias inside its own anchor", "a finite value");
        DocumentNode copy = found->second;
        count(size(copy), place(mark));
        insert(std::move(copy), 0);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override
    {
        open(DocumentNode::Kind::list, mark, tag, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override
    {
        open(DocumentNode::Kind::map, mark, tag, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        DocumentNode node;
        YAML::anchor_t anchor = 0;
        std::optional<std::string> key;  ///< of a map: read, and waiting for its value
        Place key_place;
        std::set<std::string> keys;  ///< of a map: so far
    };

    /// The key that is being read, as the fault should name it.
    [[nodiscard]] std::string current_key() const
    {
        std::string key = key_;
        for (const Frame& frame : frames_) {
            const std::string part = frame.node.kind == DocumentNode::Kind::list
                                         ? std::to_string(frame.node.items.size())
                                         : frame.key.value_or("");
            if (part.empty()) continue;
            if (!key.empty()) key += '.';
            key += part;
        }
        return key;
    }

    [[nodiscard]] ConfigError fault(const Place& where, const std::string& got, const std::string& allowed) const
    {
        return where.fault(current_key(), got, allowed);
    }

    void refuse_tag(const std::string& tag, const Place& where) const
    {
        if (tag.empty() || tag == "?" || tag == "!") return;
        throw fault(where, "the tag " + shown_text(tag), "values without tags");
    }

    void count(std::size_t nodes, const Place& where)
    {
        nodes_ += nodes;
        if (nodes_ > kMostNodes) {
            throw fault(where, "more values than a configuration has", fmt::format("at most {}", kMostNodes));
        }
    }

    [[nodiscard]] static std::size_t size(const DocumentNode& node)
    {
        std::size_t nodes = 1;
        for (const DocumentNode& item : node.items) nodes += size(item);
        for (const DocumentNode::Entry& entry : node.entries) nodes += size(entry.value);
        return nodes;
    }

    void add(DocumentNode node, YAML::anchor_t anchor)
    {
        count(1, node.place);
        insert(std::move(node), anchor);
    }

    void open(DocumentNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor)
    {
        Frame frame;
        frame.node.kind = kind;
        frame.node.place = place(mark);
        frame.anchor = anchor;
        refuse_tag(tag, frame.node.place);
        if (frames_.size() >= kDeepest) {
            throw fault(frame.node.place, "a value nested too deeply", fmt::format("at most {} levels", kDeepest));
        }
        note_key(frame.node);
        count(1, frame.node.place);
        frames_.push_back(std::move(frame));
    }

    void close()
    {
        Frame frame = std::move(frames_.back());
        frames_.pop_back();
        insert(std::move(frame.node), frame.anchor);
    }

    [[nodiscard]] bool awaits_key() const
    {
        return !frames_.empty() && frames_.back().node.kind == DocumentNode::Kind::map && !frames_.back().key;
    }

    /// A key that is no word is a fault, but an unclosed bracket looks like one, and then the parser says it better.
    void note_key(const DocumentNode& node)
    {
        if (bad_key_ || !awaits_key() || node.kind == DocumentNode::Kind::scalar) return;
        bad_key_ = fault(node.place, node.shown(), "a key that is a word");
    }

    void insert(DocumentNode node, YAML::anchor_t anchor)
    {
        if (anchor != 0) anchored_[anchor] = node;
        if (frames_.empty()) {
            root_ = std::move(node);
            return;
        }
        Frame& frame = frames_.back();
        if (frame.node.kind == DocumentNode::Kind::list) {
            frame.node.items.push_back(std::move(node));
        } else if (awaits_key()) {
            note_key(node);
            frame.key = node.text;
            frame.key_place = node.place;
            if (!frame.keys.insert(node.text).second && !bad_key_)
                throw fault(frame.key_place, "the key a second time", "each key once");
        } else {
            frame.node.entries.push_back({*frame.key, frame.key_place, std::move(node)});
            frame.key.reset();
        }
    }

    std::shared_ptr<const Source> source_;
    std::string key_;
    Place end_;
    std::vector<Frame> frames_;
    std::map<YAML::anchor_t, DocumentNode> anchored_;
    std::optional<DocumentNode> root_;
    std::optional<ConfigError> bad_key_;
    Place document_place_;
    std::size_t nodes_ = 0;
    int documents_ = 0;
};

/// Length of the UTF-8 character at `at`, or 0 where there is none (RFC 3629: no surrogates, no overlong forms).
std::size_t utf8_length(const std::string& text, std::size_t at)
{
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    const auto follows = [&](std::size_t i, unsigned lo, unsigned hi) { return byte(i) >= lo && byte(i) <= hi; };
    const unsigned lead = byte(at);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return follows(at + 1, 0x80, 0xBF) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const bool second = follows(at + 1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF);
        return second && follows(at + 2, 0x80, 0xBF) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const bool second = follows(at + 1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF);
        return second && follows(at + 2, 0x80, 0xBF) && follows(at + 3, 0x80, 0xBF) ? 4 : 0;
    }
    return 0;
}

/// What YAML text cannot hold, and tabs that indent, which parsers disagree on.
void check_characters(const std::string& text, const std::shared_ptr<const Source>& source, const std::string& key)
{
    Place place{source, 1, 1};
    bool indentation = true;
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t length = utf8_length(text, i);
        if (length == 0) throw place.fault(key, fmt::format("the byte 0x{:02x}", byte), "UTF-8 text");
        const bool control = (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
        if (control) throw place.fault(key, fmt::format("the control character 0x{:02x}", byte), "text");
        if (indentation && byte == '\t') throw place.fault(key, "a tab in the indentation", "spaces");
        indentation = byte == '\n' || (indentation && byte == ' ');
        place.column += static_cast<int>(length);
        if (byte == '\n') {
            ++place.line;
            place.column = 1;
        }
        i += length;
    }
}

}  // namespace

DocumentNode parse_document(const std::string& text, const std::shared_ptr<const Source>& source,
                            const std::string& key)
{
    const Place start{source, 1, 1};
    if (text.size() > kMostBytes) throw start.fault(key, "more than 1 MiB", "a configuration of at most 1 MiB");
    check_characters(text, source, key);
    TreeBuilder builder(text, source, key);
    try {
        std::istringstream stream(text + kEnd);
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        const bool open_string = error.msg == YAML::ErrorMsg::DOC_IN_SCALAR && builder.is_past_end(error.mark);
        const std::string why = open_string ? "a quoted string that does not end" : shown_text(error.msg);
        throw builder.place(error.mark).fault(key, "text that is not YAML (" + why + ")", "YAML");
    }
    return builder.take_root();
}

}  // namespace wagesim::config
