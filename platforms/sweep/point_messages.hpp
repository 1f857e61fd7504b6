// SPDX-FileCopyrightText: The wagesim authors
// SPDX-License-Identifier: Apache-2.0
//
// What an engine and a point server say to each other over a stream socket: a letter, a blank, a text, a newline.
//   server  H digest        it has read the sweep whose digest this is
//   engine  P design seed   which point is that?
//   server  I config_hash   this one; or
//           F line          none, for this reason
//   engine  C               compute it; or
//           S               do not: known
//   server  R result        its result.json on one line; or
//           E line          it failed for this reason; or
//           K signal        what computed it was killed from outside
#pragma once

#include <optional>
#include <string>

namespace wagesim::sweep {

enum class Message : char {
    hello = 'H',
    point = 'P',
    identity = 'I',
    fault = 'F',
    compute = 'C',
    skip = 'S',
    result = 'R',
    error = 'E',
    killed = 'K'
};

/// One end of the stream.
class MessageStream {
public:
    /// Owns the descriptor of the socket.
    explicit MessageStream(int socket) noexcept : socket_(socket) {}
    ~MessageStream();
    MessageStream(MessageStream&& other) noexcept;
    MessageStream& operator=(MessageStream&&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return socket_; }

    /// Newlines in `text` are sent as blanks. False where the other end is gone.
    bool send(Message message, const std::string& text = "");

    struct Received {
        Message message;
        std::string text;
    };
    /// Waits for the next message; nothing where the other end is gone.
    [[nodiscard]] std::optional<Received> receive();

    /// Takes what has come, without waiting. False where the other end is gone.
    bool fill();
    /// The next message among what fill() took, or nothing.
    [[nodiscard]] std::optional<Received> next();

private:
    int socket_;
    std::string buffer_;
};

}  // namespace wagesim::sweep
