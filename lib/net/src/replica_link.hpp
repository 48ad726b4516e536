#pragma once

#include "asio.hpp"
#include "connection.hpp"
#include <base/buffer.hpp>
#include <engine/client.hpp>
#include <engine/data_load.hpp>
#include <net/server.hpp>
#include <resp/request_parser.hpp>

#include <filesystem>
#include <memory>
#include <persistence/file_system.hpp>
#include <replication/handshake.hpp>
#include <replication/stream_units.hpp>
#include <string>

namespace hawser::net {

class io_thread;
struct server_core;

/// A replica's way to its primary: connects, introduces itself, fetches the data set when it has
/// to, and executes what the primary sends, in order, again and again until there is no primary.
///
/// One coroutine does all that; another one looks after it once a second. Members belong to one I/O
/// thread, but for those marked, which belong to the strand. Input is read by the thread while the
/// strand has nothing to do with it, and executed by the strand while the thread waits for that.
class replica_link final : public engine::client_link {
 public:
  replica_link(server_core& core, io_thread& home, const process_hooks& hooks);

  /// Starts the coroutines, which end after stop().
  void start();

  /// The directive `replicaof` may name another primary. On the strand.
  void follow();

  /// Tells the primary how far this replica is. On any thread.
  void acknowledge();

  /// Ends the link. On its thread.
  void stop();

  // client_link of the client that executes the stream, on the strand
  void output_ready() override {}
  void close(bool after_output) override;
  void resume() override {}
  std::size_t unsent() const override { return 0; }
  std::pair<std::size_t, std::size_t> input_held() const override { return {0, 0}; }

 private:
  struct target {
    std::string host;
    std::uint16_t port = 0;
    bool tls = false;
    replication::introduction own;
    std::filesystem::path file;  // of the data set
    std::filesystem::path temporary;
    std::int64_t timeout = 0;  // seconds of silence
  };

  task<void> run();
  task<void> replicate();
  task<bool> connect();
  task<error_code> reach();
  void prepare_socket();
  task<bool> introduce();
  task<bool> fetch_data();
  task<bool> receive_data();
  void decide_on_data();
  task<bool> load_data();
  task<void> follow_stream();
  task<bool> receive();
  task<bool> receive_line(std::string& line);
  task<void> rest();
  task<void> look_after();

  void aim();
  void end_failover(bool accepted);
  void begin_stream();
  void execute();
  void execute_batch(std::size_t begin);
  void take_over(std::size_t end);
  void end_stream();
  void report_transfer(std::uint64_t size, std::uint64_t received);
  void remove_file_unless_kept();
  void go_on_from(const std::string& id);
  void set_state(engine::link_state state);

  void send(std::string_view bytes);
  void flush();
  void hang_up();
  void abandon();
  void log(engine::log_level level, std::string text);
  bool silent_for_too_long() const;

  server_core& core_;
  io_thread& home_;
  const process_hooks& hooks_;
  connection socket_;
  asio::ip::basic_resolver<asio::ip::tcp, executor> resolver_;
  timer wake_;
  timer second_;
  target target_;
  bool changed_ = false;  // the primary is another one since the link was aimed
  bool stopping_ = false;
  bool was_online_ = false;
  int failures_ = 0;  // in a row
  enum class phase : std::uint8_t { down, connecting, transfer, loading, online };
  phase phase_ = phase::down;
  steady_clock::time_point heard_;
  std::string peer_;
  std::string own_address_;
  std::string out_;

  std::size_t received_ = 0;  // bytes the strand has not been told of
  base::byte_buffer in_;      // begins where the stream has been taken over up to
  std::size_t parsed_ = 0;
  std::size_t taken_over_ = 0;  // of the input, while it is executed
  bool broken_ = false;
  resp::request_parser parser_;
  resp::request_batch batch_;
  replication::stream_units units_;
  replication::sync_answer answer_{};

  // On the strand
  std::unique_ptr<engine::client> client_;
  std::unique_ptr<engine::data_load> load_;
  engine::data_load::state loaded_{};
  engine::present_data present_{};
  bool keeps_file_ = false;  // of the data set, as its own
};

}  // namespace hawser::net
