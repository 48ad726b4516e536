#include "exchanges.hpp"
#include "listener.hpp"
#include "replica_link.hpp"
#include "server_core.hpp"
#include "session.hpp"
#include "spawn.hpp"
#include "strand_turn.hpp"
#include <engine/data_load.hpp>
#include <net/server.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>
#include <replication/acknowledgement.hpp>
#include <thread>

namespace hawser::net {

namespace {

using namespace std::chrono_literals;
constexpr auto expiry_period = 10ms;
constexpr auto trim_period = 2s;
constexpr auto longest_alarm = 24h;
constexpr auto drain_period = 1ms;

std::vector<std::unique_ptr<io_thread>> make_threads(std::int64_t count) {
  std::vector<std::unique_ptr<io_thread>> made;
  for (std::int64_t i = 0; i < count; ++i) made.push_back(std::make_unique<io_thread>());
  return made;
}

}  // namespace

class server::implementation final : public engine::host {
 public:
  implementation(engine::configuration& config, const engine::command_set& commands,
                 const base::clock& clock, process_hooks hooks, std::uint64_t seed)
      : hooks_(std::move(hooks)),
        threads_(make_threads(config.current().io_threads)),
        node_(config, commands, clock, *this, seed),
        core_(node_, threads_),
        listener_(core_),
        link_(core_, *threads_[0], hooks_),
        exchanges_(core_, *threads_[0]),
        alarm_(threads_[0]->executor_of()),
        hz_(config.current().hz) {
    if (!core_.strand.shared())
      threads_[0]->before_flush = [this](std::size_t replies) { core_.hand_over(replies); };
  }

  bool listen();
  bool listen_again(const engine::settings& now);
  bool secure_again(const engine::settings& now);
  bool begin();
  bool run();
  std::size_t poll(std::size_t most);
  bool over() const { return threads_[0]->context().stopped(); }
  void admit(int descriptor) { listener_.adopt(descriptor); }
  engine::node& node() { return node_; }
  void enter(std::function<void(engine::node&)> work);

  // engine::host
  void shut_down() override;
  void log(engine::log_level level, std::string_view text) override { hooks_.log(level, text); }
  std::size_t allocated_memory() const override { return hooks_.allocated_memory(); }
  std::size_t allocated_lately() const override { return hooks_.allocated_lately(); }
  engine::process_facts facts() const override { return hooks_.facts(); }
  void sleep(base::microseconds_t time) override {
    std::this_thread::sleep_for(std::chrono::microseconds(time));
  }
  persistence::file_system& files() override { return *hooks_.files; }
  void release_free_memory() override { hooks_.release_free_memory(); }
  int allocator_number(const std::string& name, std::int64_t& now,
                       const std::int64_t* then) override {
    return hooks_.allocator_number(name, now, then);
  }
  int allocator_text(const std::string& name, std::string& now, const std::string* then) override {
    return hooks_.allocator_text(name, now, then);
  }
  void restart(base::milliseconds_t after) override {
    sleep(after * 1000);
    hooks_.begin_anew();
  }
  void wake_at(std::int64_t monotonic_ns) override;
  void run_in_background(std::function<void()> work) override;
  void follow_primary() override;
  void while_busy() override { core_.strand.admit_turns(); }
  void busy_over() override { core_.strand.end_busy(); }
  void wake_snapshot() override;
  void broadcast_soon() override;
  bool run_beside(std::function<void()> work) override;
  void append_only_progress() override;
  bool start(std::shared_ptr<engine::exchange> what, std::uint64_t client) override {
    exchanges_.start(std::move(what), client);
    return true;
  }
  void give_up() override { std::_Exit(EXIT_FAILURE); }

 private:
  void go_on_loading();
  task<void> load();
  task<void> tick_loop();
  task<void> expiry_loop();
  task<void> trim_loop(io_thread& of);
  void start(std::string_view name, io_thread& on, task<void> work);
  std::string listen_tcp(const engine::settings& now);
  bool configure_tls(const engine::settings& now);
  template <class Work>
  bool on_first_thread(Work work);
  void expire();
  void feed_replicas();
  void go_on_with_snapshot();
  void stop();
  task<void> end_sessions();
  void stop_first_loop();

  process_hooks hooks_;
  std::vector<std::jthread> beside_;  // ends when the node does
  std::vector<std::unique_ptr<io_thread>> threads_;
  engine::node node_;
  server_core core_;
  listener listener_;
  replica_link link_;
  exchanges exchanges_;
  timer alarm_;  // for the nearest deadline of a blocked client; the first thread's
  std::atomic<std::int64_t> hz_;
  std::atomic<bool> stopping_ = false;
  std::unique_ptr<engine::data_load> data_;  // that the server begins with
  engine::data_load::state loaded_{};
  std::atomic<bool> snapshot_awake_ = false;     // a slice is going to be
  std::size_t other_loops_ = 0;                  // of threads but the first one, which counts them
  std::optional<asio::thread_pool> background_;  // on the strand, when there is something to do
};

bool server::implementation::run_beside(std::function<void()> work) {
  if (!hooks_.has_threads) return false;
  beside_.emplace_back(std::move(work));
  return true;
}

/// On any thread.
void server::implementation::append_only_progress() {
  for (auto& each : threads_) asio::post(each->context(), [loop = each.get()] { loop->release(); });
  asio::post(threads_[0]->context(), [this] {
    core_.strand.enter([this] {
      node_.update_time();
      node_.aof->look();
      core_.dispatcher.serve_acknowledged();
      if (replication::disk_has_caught_up(node_)) link_.acknowledge();
    });
  });
}

void server::implementation::run_in_background(std::function<void()> work) {
  if (!hooks_.has_threads) return asio::post(threads_[0]->context(), std::move(work));
  if (!background_) background_.emplace(1);
  asio::post(*background_, std::move(work));
}

void server::implementation::follow_primary() {
  hooks_.on_role_change(node_.options);
  link_.follow();
}

bool server::implementation::listen() {
  const auto& options = node_.options;
  if (!configure_tls(options)) {
    node_.log(engine::log_level::warning, "Failed to configure TLS. Check logs for more info.");
    return false;
  }
  if (const auto failed = listen_tcp(options); !failed.empty()) {
    node_.log(engine::log_level::warning,
              fmt::format("Failed listening on port {}, aborting.", failed));
    return false;
  }
  if (!options.unixsocket.empty()) {
    const auto problem =
        listener_.listen_unix(options.unixsocket, static_cast<unsigned>(options.unixsocketperm),
                              static_cast<int>(options.tcp_backlog));
    if (!problem.empty()) node_.log(engine::log_level::warning, problem);
    if (!problem.empty()) return false;
  }
  if (listener_.has_tcp() || listener_.has_unix()) return true;
  node_.log(engine::log_level::warning, "Configured to not listen anywhere, exiting.");
  return false;
}

/// On the first thread. Returns the port that cannot be listened on and its kind, if there is one.
std::string server::implementation::listen_tcp(const engine::settings& now) {
  std::vector<std::string> complaints;
  const auto listen_on = [&](listener::kind what, std::int64_t port) {
    return listener_.listen_tcp(what, now.binds, static_cast<std::uint16_t>(port),
                                static_cast<int>(now.tcp_backlog), complaints);
  };
  std::string failed;
  if (!listen_on(listener::kind::tcp, now.port))
    failed = fmt::format("{} (TCP)", now.port);
  else if (!listen_on(listener::kind::tls, now.tls_port))
    failed = fmt::format("{} (TLS)", now.tls_port);
  // Not through the node: this may be called while another thread holds the strand for us.
  for (const auto& each : complaints) hooks_.log(engine::log_level::warning, each);
  return failed;
}

bool server::implementation::listen_again(const engine::settings& now) {
  return on_first_thread([this, &now] { return listen_tcp(now).empty(); });
}

bool server::implementation::secure_again(const engine::settings& now) {
  return on_first_thread([this, &now] { return configure_tls(now); });
}

/// On the first thread.
bool server::implementation::configure_tls(const engine::settings& now) {
  const bool wanted = now.tls_port != 0 || now.tls_replication || now.tls_cluster;
  if (!wanted) return true;
  std::string reason;
  auto made = tls_context::make(now, reason);
  if (!made) {
    hooks_.log(engine::log_level::warning, reason);
    return false;
  }
  core_.tls = std::move(made);
  return true;
}

/// Has the holder of the strand wait for the first thread. That one never waits for the strand, so
/// there is no circle, and its loop is the last to end.
template <class Work>
bool server::implementation::on_first_thread(Work work) {
  if (!core_.strand.shared() || threads_[0]->is_current()) return work();
  enum class outcome : std::uint8_t { open, failed, done };
  std::atomic<outcome> result{outcome::open};
  asio::post(threads_[0]->context(), [&] {
    result = work() ? outcome::done : outcome::failed;
    result.notify_one();
  });
  result.wait(outcome::open);
  return result == outcome::done;
}

void server::implementation::start(std::string_view name, io_thread& on, task<void> work) {
  spawn(
      on.executor_of(), name, std::move(work),
      [this](const std::string& text) { core_.log_failure(text); }, [] {});
}

/// At the end of a pass that has journalled something.
void server::implementation::feed_replicas() {
  replication::ask_replicas(node_);
  node_.journal.log.listen_again();
  for (auto* each : std::vector<engine::client*>(node_.replication.replicas))
    each->link->changes_ready();
}

bool server::implementation::begin() {
  node_.journal.log.listen([this] {
    asio::post(threads_[0]->context(), [this] { core_.strand.enter([this] { feed_replicas(); }); });
  });
  start("ticks", *threads_[0], tick_loop());
  start("expiry", *threads_[0], expiry_loop());
  data_ = hooks_.first_data(node_);  // before anybody is served
  go_on_loading();
  if (loaded_ == engine::data_load::state::failed) return false;
  core_.spawn_link(threads_[0]->executor_of(), "loading", load());
  for (auto& each : threads_) start("trimming", *each, trim_loop(*each));
  return true;
}

std::size_t server::implementation::poll(std::size_t most) {
  std::size_t done = 0;
  while (done < most && threads_[0]->context().poll_one() > 0) ++done;
  return done;
}

bool server::implementation::run() {
  if (!begin()) return false;
  std::vector<std::thread> others;
  other_loops_ = threads_.size() - 1;
  for (std::size_t i = 1; i < threads_.size(); ++i)
    others.emplace_back([this, i] {
      threads_[i]->context().run();
      asio::post(threads_[0]->context(), [this] {
        --other_loops_;
        stop_first_loop();
      });
    });
  threads_[0]->context().run();
  for (auto& each : others) each.join();
  return loaded_ != engine::data_load::state::failed;
}

/// A slice, at the start on nobody's turn: what is small is there before anybody asks.
void server::implementation::go_on_loading() {
  using state = engine::data_load::state;
  node_.update_time();
  loaded_ = data_->step();
  if (loaded_ != state::more) data_.reset();
  if (loaded_ == state::done) hooks_.on_ready(node_.options);
}

/// In slices, between which clients are told that the data set is being loaded. Only then a primary
/// is followed: it might bring another one.
task<void> server::implementation::load() {
  using state = engine::data_load::state;
  while (loaded_ == state::more && !stopping_)
    co_await strand_turn(core_, *threads_[0], [this] { go_on_loading(); });
  if (loaded_ != state::done) stop();
  if (!stopping_) link_.start();
}

task<void> server::implementation::tick_loop() {
  timer wait(threads_[0]->executor_of());
  while (!stopping_) {
    wait.expires_after(1000ms / hz_.load());
    co_await wait.async_wait(direct);
    if (core_.strand.busy()) continue;
    core_.strand.enter([this] {
      if (node_.periodic_work) {
        node_.tick();
        hooks_.on_tick(node_);
      }
      core_.hand_over();
      hz_ = node_.options.hz;
    });
  }
}

task<void> server::implementation::expiry_loop() {
  timer wait(threads_[0]->executor_of());
  while (!stopping_) {
    wait.expires_after(expiry_period);
    co_await wait.async_wait(direct);
    if (core_.strand.busy()) continue;
    core_.strand.enter([this] {
      if (node_.periodic_work) expire();
    });
  }
}

/// A slice of expiry; as long as there is more to do the next one follows when others have had
/// their turn.
void server::implementation::expire() {
  node_.update_time();
  const bool more = node_.background_slice();
  core_.dispatcher.serve_waiting();
  core_.hand_over();
  if (more)
    asio::post(threads_[0]->context(), [this] { core_.strand.enter([this] { expire(); }); });
}

/// From any thread.
void server::implementation::wake_snapshot() {
  if (snapshot_awake_.exchange(true)) return;
  asio::post(threads_[0]->context(),
             [this] { core_.strand.enter([this] { go_on_with_snapshot(); }); });
}

/// On the strand.
void server::implementation::broadcast_soon() {
  asio::post(threads_[0]->context(),
             [this] { core_.strand.enter([this] { node_.tracking.broadcast(); }); });
}

/// A slice of the snapshot; as long as there is more to do at once the next one follows when others
/// have had their turn.
void server::implementation::go_on_with_snapshot() {
  snapshot_awake_ = false;
  node_.update_time();
  if (hooks_.snapshot_slice(node_)) wake_snapshot();
}

/// On the strand. Whoever blocks with a later deadline does not come here.
void server::implementation::wake_at(std::int64_t monotonic_ns) {
  // What is too far off is looked at again in between.
  const auto delay = std::min<std::chrono::nanoseconds>(
      std::chrono::nanoseconds(monotonic_ns - node_.clock.monotonic_ns()), longest_alarm);
  auto set = [this, at = timer::clock_type::now() + delay] {
    alarm_.expires_at(at);
    alarm_.async_wait([this](error_code replaced) {
      if (!replaced) core_.strand.enter([this] { core_.dispatcher.end_overdue_waits(); });
    });
  };
  if (!core_.strand.shared() || threads_[0]->is_current()) return set();
  asio::post(threads_[0]->context(), std::move(set));
}

task<void> server::implementation::trim_loop(io_thread& of) {
  timer wait(of.executor_of());
  while (!stopping_) {
    wait.expires_after(trim_period);
    co_await wait.async_wait(direct);
    of.trim_idle();
  }
}

void server::implementation::shut_down() {
  asio::post(threads_[0]->context(), [this] { stop(); });
}

void server::implementation::enter(std::function<void(engine::node&)> work) {
  asio::post(threads_[0]->context(), [this, work = std::move(work)] {
    core_.strand.enter([this, work] {
      node_.update_time();
      work(node_);
    });
  });
}

/// On the first thread: nothing new comes in, what is there is ended, then the loops stop.
void server::implementation::stop() {
  if (stopping_.exchange(true)) return;
  if (listener_.has_unix()) hooks_.log(engine::log_level::notice, "Removing the unix socket file.");
  listener_.close();
  link_.stop();
  exchanges_.stop();
  start("stopping", *threads_[0], end_sessions());
}

/// Sessions need all threads to come to their end, so the loops go on until the last one is gone,
/// those under way to be admitted included. The first thread's loop stops last.
task<void> server::implementation::end_sessions() {
  timer wait(threads_[0]->executor_of());
  do {
    for (auto& each : threads_)
      asio::post(each->context(), [loop = each.get()] { loop->shut_all(); });
    wait.expires_after(drain_period);
    co_await wait.async_wait(direct);
  } while (core_.connections > 0 || core_.links > 0);
  for (std::size_t i = 1; i < threads_.size(); ++i) threads_[i]->context().stop();
  stop_first_loop();
}

void server::implementation::stop_first_loop() {
  if (other_loops_ == 0) threads_[0]->context().stop();
}

server::server(engine::configuration& config, const engine::command_set& commands,
               const base::clock& clock, process_hooks hooks, std::uint64_t seed)
    : self_(std::make_unique<implementation>(config, commands, clock, std::move(hooks), seed)) {}
server::~server() = default;

bool server::listen() { return self_->listen(); }
bool server::listen_again(const engine::settings& now) { return self_->listen_again(now); }
bool server::secure_again(const engine::settings& now) { return self_->secure_again(now); }
bool server::run() { return self_->run(); }
bool server::begin() { return self_->begin(); }
std::size_t server::poll(std::size_t most) { return self_->poll(most); }
bool server::over() const { return self_->over(); }
void server::admit(int descriptor) { self_->admit(descriptor); }
void server::shut_down() { self_->shut_down(); }
void server::enter(std::function<void(engine::node&)> work) { self_->enter(std::move(work)); }
engine::node& server::node() { return self_->node(); }

}  // namespace hawser::net
