// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// See the header.
#include "platforms/sweep/point_messages.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace wagesim::sweep {
namespace {

/// What recv brings, appended; false at the end of the stream.
bool receive_some(int socket, std::string& buffer, int flags)
{
    std::array<char, 65536> block{};
    while (true) {
        const ssize_t bytes = ::recv(socket, block.data(), block.size(), flags);
        if (bytes > 0) {
            buffer.append(block.data(), static_cast<std::size_t>(bytes));
            return true;
        }
        if (bytes < 0 && errno == EINTR) continue;
        return bytes < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }
}

}  // namespace

MessageStream::~MessageStream()
{
    if (socket_ >= 0) ::close(socket_);
}

MessageStream::MessageStream(MessageStream&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), buffer_(std::move(other.buffer_))
{
}

bool MessageStream::send(Message message, const std::string& text)
{
    std::string line = {static_cast<char>(message), ' '};
    line += text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    line += '\n';
    std::size_t sent = 0;
    while (sent < line.size()) {
        const ssize_t bytes = ::send(socket_, line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
        if (bytes < 0 && errno == EINTR) continue;
        if (bytes <= 0) return false;
        sent += static_cast<std::size_t>(bytes);
    }
    return true;
}

std::optional<MessageStream::Received> MessageStream::receive()
{
    while (true) {
        if (std::optional<Received> received = next()) return received;
        if (!receive_some(socket_, buffer_, 0)) return std::nullopt;
    }
}

bool MessageStream::fill()
{
    return receive_some(socket_, buffer_, MSG_DONTWAIT);
}

std::optional<MessageStream::Received> MessageStream::next()
{
    const std::size_t end = buffer_.find('\n');
    if (end == std::string::npos || end < 2) return std::nullopt;
    Received received{static_cast<Message>(buffer_[0]), buffer_.substr(2, end - 2)};
    buffer_.erase(0, end + 1);
    return received;
}

}  // namespace wagesim::sweep
