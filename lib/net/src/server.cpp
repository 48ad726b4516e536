#include "listener.hpp"
#include "server_core.hpp"
#include "session.hpp"
#include "spawn.hpp"
#include <net/server.hpp>

#include <csignal>
#include <thread>

namespace hawser::net {

namespace {

using namespace std::chrono_literals;
constexpr auto expiry_period = 10ms;
constexpr auto trim_period = 2s;

std::vector<std::unique_ptr<io_thread>> make_threads(std::int64_t count) {
  std::vector<std::unique_ptr<io_thread>> made;
  for (std::int64_t i = 0; i < count; ++i) made.push_back(std::make_unique<io_thread>());
  return made;
}

}  // namespace

class server::implementation final : public engine::host {
 public:
  implementation(engine::configuration& config,
                 std::span<const engine::command_table::rows> families, const base::clock& clock,
                 process_hooks hooks, std::uint64_t seed)
      : hooks_(std::move(hooks)),
        threads_(make_threads(config.current().io_threads)),
        node_(config, families, clock, *this, seed),
        core_(node_, threads_),
        listener_(core_),
        signals_(threads_[0]->executor_of()) {}

  std::string listen();
  void run();
  engine::node& node() { return node_; }
  std::uint16_t port() const { return listener_.port(); }

  // engine::host
  void shut_down() override;
  void log(engine::log_level level, std::string_view text) override { hooks_.log(level, text); }
  std::size_t allocated_memory() const override { return hooks_.allocated_memory(); }
  engine::process_facts facts() const override { return hooks_.facts(); }
  void sleep(base::microseconds_t time) override {
    std::this_thread::sleep_for(std::chrono::microseconds(time));
  }
  void release_free_memory() override { hooks_.release_free_memory(); }

 private:
  task<void> tick_loop();
  task<void> expiry_loop();
  task<void> trim_loop(io_thread& of);
  task<void> signal_loop();
  void start(std::string_view name, io_thread& on, task<void> work);
  void expire();
  void stop();

  process_hooks hooks_;
  std::vector<std::unique_ptr<io_thread>> threads_;
  engine::node node_;
  server_core core_;
  listener listener_;
  asio::basic_signal_set<executor> signals_;
  bool stopping_ = false;
};

std::string server::implementation::listen() {
  const auto& options = node_.options;
  const auto backlog = static_cast<int>(options.tcp_backlog);
  if (options.port != 0) {
    auto problem =
        listener_.listen_tcp(options.binds, static_cast<std::uint16_t>(options.port), backlog);
    if (!problem.empty()) return problem;
  }
  if (options.unixsocket.empty()) return {};
  return listener_.listen_unix(options.unixsocket, static_cast<unsigned>(options.unixsocketperm),
                               backlog);
}

void server::implementation::start(std::string_view name, io_thread& on, task<void> work) {
  spawn(
      on.executor_of(), name, std::move(work),
      [this](const std::string& text) { core_.log_failure(text); }, [] {});
}

void server::implementation::run() {
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  start("signals", *threads_[0], signal_loop());
  start("ticks", *threads_[0], tick_loop());
  start("expiry", *threads_[0], expiry_loop());
  for (auto& each : threads_) start("trimming", *each, trim_loop(*each));
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < threads_.size(); ++i)
    others.emplace_back([loop = threads_[i].get()] { loop->context().run(); });
  threads_[0]->context().run();
  for (auto& each : others) each.join();
}

task<void> server::implementation::tick_loop() {
  timer wait(threads_[0]->executor_of());
  while (!stopping_) {
    wait.expires_after(1000ms / node_.options.hz);
    co_await wait.async_wait(direct);
    core_.strand.enter([this] { node_.tick(); });
  }
}

task<void> server::implementation::expiry_loop() {
  timer wait(threads_[0]->executor_of());
  while (!stopping_) {
    wait.expires_after(expiry_period);
    co_await wait.async_wait(direct);
    core_.strand.enter([this] { expire(); });
  }
}

/// A slice of expiry; as long as there is more to do the next one follows when others have had
/// their turn.
void server::implementation::expire() {
  node_.update_time();
  if (node_.expire_slice())
    asio::post(threads_[0]->context(), [this] { core_.strand.enter([this] { expire(); }); });
}

task<void> server::implementation::trim_loop(io_thread& of) {
  timer wait(of.executor_of());
  while (!stopping_) {
    wait.expires_after(trim_period);
    co_await wait.async_wait(direct);
    of.trim_idle();
  }
}

task<void> server::implementation::signal_loop() {
  const auto [error, number] = co_await signals_.async_wait(direct);
  if (error) co_return;
  core_.strand.enter([this, number = number] {
    node_.log(engine::log_level::warning, number == SIGINT
                                              ? "Received SIGINT scheduling shutdown..."
                                              : "Received SIGTERM scheduling shutdown...");
    shut_down();
  });
}

void server::implementation::shut_down() {
  asio::post(threads_[0]->context(), [this] { stop(); });
}

/// On the first thread: nothing new comes in, what is there is ended, then the loops stop.
void server::implementation::stop() {
  if (std::exchange(stopping_, true)) return;
  core_.strand.enter([this] {
    node_.log(engine::log_level::warning, "User requested shutdown...");
    node_.log(engine::log_level::warning, "Hawser is now ready to exit, bye bye...");
  });
  listener_.close();
  for (auto& each : threads_)
    asio::post(each->context(), [loop = each.get()] {
      loop->shut_all();
      // Behind whatever the closed sockets have posted.
      asio::post(loop->context(), [loop] { loop->context().stop(); });
    });
}

server::server(engine::configuration& config, std::span<const engine::command_table::rows> families,
               const base::clock& clock, process_hooks hooks, std::uint64_t seed)
    : self_(std::make_unique<implementation>(config, families, clock, std::move(hooks), seed)) {}
server::~server() = default;

std::string server::listen() { return self_->listen(); }
std::uint16_t server::port() const { return self_->port(); }
void server::run() { self_->run(); }
engine::node& server::node() { return self_->node(); }

}  // namespace hawser::net
