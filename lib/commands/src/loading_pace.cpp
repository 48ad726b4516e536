#include "loading_pace.hpp"

#include <limits>
#include <utility>

namespace hawser::commands {

namespace {

constexpr std::int64_t slice_ns = 4'000'000;

}  // namespace

class loading_pace::source final : public persistence::byte_source {
 public:
  source(loading_pace& of, std::unique_ptr<persistence::byte_source> from)
      : of_(of), from_(std::move(from)) {}

  std::size_t read(std::span<char> room, std::error_code& failure) override {
    breathe();
    return from_->read(room, failure);
  }
  void breathe() override {
    if (of_.late()) of_.look_up();
  }

 private:
  loading_pace& of_;
  std::unique_ptr<persistence::byte_source> from_;
};

loading_pace::loading_pace(engine::node& server, place where, std::uint64_t total)
    : server_(server), where_(where) {
  server.loading = true;
  server.replay(true);
  server.load = {server.now(), total, 0, 0};
  server.save.keys_loaded = server.save.keys_expired = 0;
}

loading_pace::~loading_pace() {
  server_.replay(false);
  server_.loading = false;
}

void loading_pace::begin_slice() {
  if (where_ == place::foreground) {
    end_ = std::numeric_limits<std::int64_t>::max();
    last_byte_ = std::numeric_limits<std::uint64_t>::max();
    return;
  }
  end_ = server_.clock.monotonic_ns() + slice_ns;
  last_byte_ = server_.load.loaded +
               static_cast<std::uint64_t>(server_.options.loading_process_events_interval_bytes);
}

void loading_pace::end_slice() {
  if (std::exchange(turns_were_let_in_, false)) server_.process.busy_over();
}

std::unique_ptr<persistence::byte_source> loading_pace::pace(
    std::unique_ptr<persistence::byte_source> from) {
  return std::make_unique<source>(*this, std::move(from));
}

void loading_pace::look_up() {
  turns_were_let_in_ = true;
  server_.process.while_busy();
}

/// A negative delay of n: one microsecond for every n-th key or so.
void loading_pace::rest() {
  const auto delay = server_.options.key_load_delay;
  if (delay > 0)
    server_.process.sleep(delay);
  else if (server_.random.below(static_cast<std::uint64_t>(-delay)) == 0)
    server_.process.sleep(1);
  items_ = items_between_looks - 1;  // whether it was too long a rest is looked at after each
}

double seconds_since(const engine::node& server, std::int64_t begun_ns) {
  constexpr double second = 1e9;
  return static_cast<double>(server.clock.monotonic_ns() - begun_ns) / second;
}

}  // namespace hawser::commands
