#pragma once

#include "memory_file_system.hpp"
#include "reply_value.hpp"
#include <base/clock.hpp>
#include <engine/client.hpp>
#include <engine/config/configuration.hpp>
#include <engine/config/environment.hpp>
#include <engine/dispatcher.hpp>
#include <engine/node.hpp>

#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hawser::test {

/// Time that stands still until a test moves it.
class manual_clock final : public base::clock {
 public:
  base::microseconds_t wall() const override { return wall_; }
  std::int64_t monotonic_ns() const override { return wall_ * 1000; }
  base::milliseconds_t ms() const { return wall_ / 1000; }
  void advance_ms(base::milliseconds_t by) { wall_ += by * 1000; }

 private:
  base::microseconds_t wall_ = 1'700'000'000'000'000;
};

class engine_client;

/// Clients that have been resumed and go on when the command that did it is over.
class engine_loop {
 public:
  void add(engine_client& resumed) { resumed_.push_back(&resumed); }
  void remove(engine_client& gone) { std::erase(resumed_, &gone); }
  void run();

  std::function<void()> afterwards;  // called when all of them have gone on

 private:
  std::deque<engine_client*> resumed_;
};

/// A client without a socket: what it sends is executed at once, or as soon as it waits no longer;
/// what it is sent waits for reply().
class engine_client final : public engine::client_link {
 public:
  engine_client(engine::node& server, engine::dispatcher& commands, engine_loop& loop);
  ~engine_client() override;

  /// Sends a command that is split like a shell does.
  void send(std::string_view line);
  void send_argv(std::span<const std::string> argv);

  /// The next reply or pushed message in the notation of to_string(reply_value), and its bytes.
  /// Throws std::runtime_error when there is none.
  std::string reply();
  std::string raw_reply();
  bool has_reply();

  /// Sends one command and returns its reply.
  std::string operator()(std::string_view line);

  /// True once the engine has ended the connection.
  bool closed() const { return closed_; }
  /// True while a command waits for a pause to end.
  bool postponed() const { return who_.postponed; }
  /// True while a command waits for its keys.
  bool blocked() const { return who_.blocked != nullptr; }

  engine::client& state() { return who_; }

  void output_ready() override {}
  void close(bool) override { closed_ = true; }
  void resume() override { loop_.add(*this); }
  std::size_t unsent() const override { return 0; }
  std::pair<std::size_t, std::size_t> input_held() const override { return {0, 0}; }

  /// Executes what has been sent until the client has to wait.
  void go_on();

 private:
  std::pair<reply_value, std::string> take();

  engine::node& server_;
  engine::dispatcher& commands_;
  engine_loop& loop_;
  engine::client who_;
  std::deque<std::vector<std::string>> sent_;  // and not executed
  bool closed_ = false;
};

/// A node with every command, default settings and a clock of its own; no socket, no thread.
class engine_fixture : engine::host, engine::settings_port {
 public:
  using directives = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// The directives are set as CONFIG SET would, which must take them.
  explicit engine_fixture(directives changed = {}) : engine_fixture(changed, {}) {}
  /// With commands that only a test has.
  engine_fixture(directives changed, engine::command_table::rows more_commands);
  ~engine_fixture() override;

  /// Sends one command as the fixture's own client and returns its reply, as in
  /// `db("GET a") == "nil"`.
  std::string operator()(std::string_view line) { return (*own_client_)(line); }

  /// Another client. It must not outlive the fixture.
  engine_client connect() { return engine_client(node, commands_, loop_); }
  void connect_to(std::deque<engine_client>& more) { more.emplace_back(node, commands_, loop_); }
  engine_client& own_client() { return *own_client_; }

  /// Moves the clock, and ends the waits whose time is over.
  void advance_ms(base::milliseconds_t by);

  /// When the engine wants to be called for a wait that is over, in milliseconds of the clock.
  std::optional<base::milliseconds_t> alarm_ms() const;

  void set(std::string_view directive, std::string_view value);

  bool given_up() const { return given_up_; }
  bool asked_to_shut_down() const { return asked_to_shut_down_; }
  const std::vector<std::string>& log_lines() const { return log_; }
  /// Called when a script lets others be served.
  std::function<void()> on_busy = [] {};

  int memory_releases() const { return memory_releases_; }
  /// Does what the node has left to the background; returns how many pieces of work that were.
  std::size_t run_background_work();

  /// A snapshot that a command begins is whole when the command is over, unless the test wants to
  /// go on with it itself (commands::snapshot_slice).
  bool holds_snapshots = false;
  /// Goes on with a snapshot under way until there is none.
  void finish_snapshot();

  /// The requests that have been journalled since the last call, one line each; journal units of
  /// several begin with MULTI. The journal is read from the first call on.
  std::vector<std::string> journalled();
  /// The same, the words of each.
  std::vector<std::vector<std::string>> journalled_words();

  manual_clock clock;
  memory_file_system files_of_server;
  std::size_t allocated = 100'000;  // bytes that the process's allocator has handed out

 private:
  engine::system_environment environment_;
  engine::configuration config_;

 public:
  engine::node node;

 private:
  void shut_down() override { asked_to_shut_down_ = true; }
  void give_up() override { given_up_ = true; }
  void log(engine::log_level, std::string_view text) override { log_.emplace_back(text); }
  std::size_t allocated_memory() const override { return allocated; }
  engine::process_facts facts() const override;
  void sleep(base::microseconds_t time) override { clock.advance_ms(time / 1000); }
  persistence::file_system& files() override { return files_of_server; }
  void release_free_memory() override { ++memory_releases_; }
  void while_busy() override { on_busy(); }
  void wake_at(std::int64_t monotonic_ns) override { alarm_ns_ = monotonic_ns; }
  void wake_snapshot() override { snapshot_awake_ = true; }
  void broadcast_soon() override { broadcast_due_ = true; }
  void append_only_progress() override { disk_has_more_ = true; }
  void run_in_background(std::function<void()> work) override {
    background_.push_back(std::move(work));
  }
  std::optional<std::string> apply(std::string_view directive,
                                   const engine::settings& now) override {
    if (directive == "requirepass") node.access.set_default_password(now.requirepass);
    return std::nullopt;
  }

  engine::dispatcher commands_;
  engine_loop loop_;
  std::optional<std::int64_t> alarm_ns_;
  bool asked_to_shut_down_ = false;
  bool snapshot_awake_ = false;
  bool broadcast_due_ = false;
  bool disk_has_more_ = false;
  bool given_up_ = false;
  int memory_releases_ = 0;
  std::vector<std::function<void()>> background_;
  std::vector<std::string> log_;
  std::optional<engine::journal_cursor> journal_;
  std::unique_ptr<engine_client> own_client_;
};

/// Executes a command of a generator. Nothing waits for ever, and nobody is kept waiting.
void play(engine_fixture& db, engine_client& who, const std::vector<std::string>& argv);

}  // namespace hawser::test
