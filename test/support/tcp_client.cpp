#include "tcp_client.hpp"

#include "command_line.hpp"
#include "reply_decoder.hpp"

#include <utility>

namespace hawser::test {

void tcp_client::send(std::string_view line) { send_argv(split_command(line)); }

void tcp_client::send_argv(const std::vector<std::string>& argv) { send_raw(encode_command(argv)); }

void tcp_client::send_raw(std::string_view bytes) { socket_.send(bytes, deadline_); }

std::string tcp_client::reply() { return to_string(receive().value); }

received_reply tcp_client::receive() {
  for (;;) {
    auto& input = socket_.input();
    if (auto decoded = decode_reply(std::string_view(input).substr(consumed_))) {
      received_reply result{std::move(decoded->value), input.substr(consumed_, decoded->size)};
      consumed_ += decoded->size;
      // Cutting each reply off the front would make a deep pipeline quadratic.
      if (consumed_ == input.size()) {
        input.clear();
        consumed_ = 0;
      }
      return result;
    }
    if (!socket_.receive(deadline_)) throw connection_closed("the server closed the connection");
  }
}

std::string tcp_client::operator()(std::string_view line) {
  send(line);
  return reply();
}

std::string tcp_client::read_until_closed() {
  while (socket_.receive(deadline_)) {
  }
  auto rest = std::exchange(socket_.input(), {}).substr(consumed_);
  consumed_ = 0;
  return rest;
}

bool tcp_client::closed() { return read_until_closed().empty(); }

}  // namespace hawser::test
