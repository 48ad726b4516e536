#include "exchanges.hpp"

#include "connection.hpp"
#include "strand_turn.hpp"

#include <array>
#include <string_view>

namespace hawser::net {

using state = engine::exchange::state;

namespace {

constexpr std::size_t longest_line = std::size_t{64} * 1024;
constexpr std::size_t piece_size = std::size_t{64} * 1024;  // that is sent in the time there is

}  // namespace

/// With a clock that cuts it off when nothing has happened for too long.
struct exchanges::connection : std::enable_shared_from_this<connection> {
  connection(const executor& on, std::chrono::milliseconds patience)
      : patience(patience), socket(on), resolver(on), clock(on) {}

  void cut() {
    resolver.cancel();
    socket.close();
  }
  /// Something has happened.
  void wind() {
    clock.expires_after(patience);
    clock.async_wait([self = shared_from_this()](error_code rewound) {
      if (!rewound) self->cut();
    });
  }

  const std::chrono::milliseconds patience;
  net::connection socket;
  asio::ip::basic_resolver<asio::ip::tcp, executor> resolver;
  timer clock;
};

void exchanges::start(std::shared_ptr<engine::exchange> what, std::uint64_t client) {
  core_.spawn_link(home_.executor_of(), "exchange", run(std::move(what), client));
}

void exchanges::stop() {
  stopping_ = true;
  for (const auto& each : open_) each->cut();
}

task<void> exchanges::run(std::shared_ptr<engine::exchange> what, std::uint64_t client) {
  const auto with =
      std::make_shared<connection>(home_.executor_of(), std::chrono::milliseconds(what->timeout));
  open_.push_back(with);
  std::vector<std::string> replies;
  const auto end = co_await talk(with, *what, replies);
  with->clock.cancel();
  with->cut();
  std::erase(open_, with);
  co_await strand_turn(core_, home_, [&] {
    what->replies = std::move(replies);
    what->at = end;
    finish(client);
  });
}

task<state> exchanges::talk(connection_ptr with, const engine::exchange& what,
                            std::vector<std::string>& replies) {
  if (stopping_) co_return state::not_sent;
  with->wind();
  const auto [unknown, found] =
      co_await with->resolver.async_resolve(what.host, std::to_string(what.port), direct);
  if (unknown) co_return state::no_address;
  error_code error = asio::error::not_found;
  for (const auto& each : found) {
    with->socket.close();
    const auto [failed] = co_await with->socket.socket().async_connect(each.endpoint(), direct);
    error = failed;
    if (!error) break;
  }
  if (!error) with->socket.socket().non_blocking(true, error);
  if (!error && what.tls) {
    with->socket.secure(core_.tls->opened());
    with->wind();
    const auto failure = co_await with->socket.handshake();
    if (!failure.empty()) co_return state::not_sent;
  }
  for (auto left = std::string_view(what.requests); !error && !left.empty();) {
    with->wind();
    const auto piece = left.substr(0, piece_size);
    error = co_await with->socket.write(piece);
    left.remove_prefix(piece.size());
  }
  if (error) co_return state::not_sent;
  std::string in;
  std::array<char, 4096> room;
  while (replies.size() < what.expected) {
    with->wind();
    const auto [failed, size] = co_await with->socket.async_read_some(asio::buffer(room), direct);
    if (failed || in.size() > longest_line) co_return state::not_replied;
    in.append(room.data(), size);
    for (auto end = in.find("\r\n"); end != std::string::npos; end = in.find("\r\n")) {
      replies.push_back(in.substr(0, end));
      in.erase(0, end + 2);
    }
  }
  co_return state::done;
}

/// On the strand: the client is tried again, if it still waits.
void exchanges::finish(std::uint64_t client) {
  auto& node = core_.node;
  node.update_time();
  const auto found = node.clients.find(client);
  if (found == node.clients.end() || !found->second->blocked) return;
  node.waits.touch_keys_of(*found->second);
  core_.dispatcher.serve_waiting();
  core_.hand_over();
}

}  // namespace hawser::net
