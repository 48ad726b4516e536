#include "engine_fixture.hpp"

#include "command_line.hpp"
#include "reply_decoder.hpp"
#include <commands/families.hpp>

#include <stdexcept>

namespace hawser::test {

engine_client::engine_client(engine::node& server, engine::dispatcher& commands)
    : server_(server), commands_(commands), who_(server.next_client_id(), *this) {
  who_.authenticated = server.options.requirepass.empty();
  who_.created = who_.last_interaction = server.now();
  who_.address = "127.0.0.1:" + std::to_string(10'000 + who_.id);
  who_.local_address = "127.0.0.1:6379";
  server_.add(who_);
}

engine_client::~engine_client() { server_.remove(who_); }

void engine_client::send(std::string_view line) { send_argv(split_command(line)); }

void engine_client::send_argv(std::span<const std::string> argv) {
  if (closed_) throw std::runtime_error("the connection has been closed");
  server_.update_time();
  who_.last_interaction = server_.now();
  commands_.start_timing();
  const std::vector<std::string_view> words(argv.begin(), argv.end());
  if (commands_.execute(who_, words) == engine::dispatcher::outcome::postponed)
    postponed_.assign(argv.begin(), argv.end());
}

void engine_client::resume() { send_argv(std::exchange(postponed_, {})); }

std::pair<reply_value, std::string> engine_client::take() {
  const auto bytes = who_.out.str();
  auto decoded = decode_reply(bytes);
  if (!decoded) throw std::runtime_error("there is no reply");
  who_.out.consume(decoded->size);
  return {std::move(decoded->value), bytes.substr(0, decoded->size)};
}

std::string engine_client::reply() { return to_string(take().first); }
std::string engine_client::raw_reply() { return take().second; }

std::string engine_client::operator()(std::string_view line) {
  send(line);
  return reply();
}

engine_fixture::engine_fixture(directives changed)
    : config_({}, "", environment_, *this),
      node(config_, commands::families(), clock, *this, 1),
      commands_(node) {
  for (const auto& [directive, value] : changed) set(directive, value);
  own_client_ = std::make_unique<engine_client>(node, commands_);
}

engine_fixture::~engine_fixture() = default;

engine::process_facts engine_fixture::facts() const {
  engine::process_facts made;
  made.process_id = 42;
  made.operating_system = "TestOS 1.0";
  made.resident_memory = 3'000'000;
  made.allocator_held = 2'000'000;
  made.all_threads = {1.5, 2.25};
  return made;
}

void engine_fixture::set(std::string_view directive, std::string_view value) {
  const std::pair<std::string_view, std::string_view> change{directive, value};
  if (const auto refused = config_.set({&change, 1}, {})) throw std::runtime_error(*refused);
}

}  // namespace hawser::test
