#include "simulated_client.hpp"

#include "command_line.hpp"
#include "reply_decoder.hpp"

#include <utility>

namespace hawser::simulation {

void simulated_client::send(const std::vector<std::string>& request, on_reply then) {
  awaited_.push_back(std::move(then));
  net_.send(link_, test::encode_command(request));
}

void simulated_client::received(std::string_view bytes) {
  in_ += bytes;
  while (!awaited_.empty()) {
    const auto reply = test::decode_reply(in_);
    if (!reply) return;
    in_.erase(0, reply->size);
    const auto then = std::move(awaited_.front());
    awaited_.pop_front();
    if (then) then(test::to_string(reply->value));
  }
}

}  // namespace hawser::simulation
