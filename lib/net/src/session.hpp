#pragma once

#include "asio.hpp"
#include "connection.hpp"
#include "server_core.hpp"
#include <base/buffer.hpp>
#include <base/chunked_buffer.hpp>
#include <engine/client.hpp>
#include <engine/journal_log.hpp>
#include <resp/request_parser.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hawser::net {

class replica_feed;

/// One client's connection: reads, has requests executed on the store's strand, and writes replies.
///
/// A coroutine reads, parses and executes. Writing is the I/O thread's: sessions whose client has
/// output register and are flushed together at the end of a pass; only what the kernel does not
/// take at once goes on as an asynchronous write. The session's own members belong to its I/O
/// thread, `client_` to the strand; members that both touch are atomic.
class session final : public engine::client_link, public std::enable_shared_from_this<session> {
 public:
  static std::shared_ptr<session> make(server_core& core, io_thread& home, connection socket,
                                       std::uint64_t id);
  ~session() override;

  struct peer_names {
    std::string remote;
    std::string local;
    bool unix_socket = false;
  };

  /// Of the client.
  std::uint64_t id() const { return client_.id; }

  /// Starts the coroutine; the session lives as long as it does. With a farewell, a reply that
  /// stays valid, that is all a client by TLS is told.
  void start(const peer_names& names, std::string_view farewell = {});

  /// Writes what is ready; called by the I/O thread at the end of a pass.
  void flush();

  /// The same, of what had to wait for the disk.
  void flush_held();

  /// Gives memory back that an idle client does not need.
  void trim();

  /// Ends the connection. On the session's own thread.
  void shut();

  // client_link, on the strand
  void output_ready() override;
  void close(bool after_output) override;
  void resume() override;
  void send_data(engine::data_feed data) override;
  void changes_ready() override;
  std::size_t unsent() const override { return unsent_.load(std::memory_order_relaxed); }
  std::pair<std::size_t, std::size_t> input_held() const override;

 private:
  session(server_core& core, io_thread& home, connection socket, std::uint64_t id);

  /// Output up to a place, counted from the beginning of the connection, may be sent when the
  /// journal is on disk up to an offset.
  struct hold_mark {
    std::uint64_t journal;
    std::uint64_t output;
  };

  enum class ending : std::uint8_t { no, after_output, now };

  task<void> run();
  task<void> turn_away(std::string_view farewell);
  task<bool> shake_hands();
  task<bool> receive();
  task<void> serve();
  task<void> take_shared_turn();
  task<void> wait_until_resumed();
  void execute_on_strand();
  void finish();

  base::chunked_buffer& outgoing();
  void ask_for_flush();
  void mark_output();
  std::size_t sendable();
  void send();
  void send_when_possible();
  void ask_for_turn();
  void send_feed();
  bool gathers() const;
  void begin_feed(bool gathers);
  void data_sent();
  void take_changes();
  std::vector<engine::journal_log::piece> next_changes();
  bool reads_older_changes();
  void take_older_changes();
  void older_changes_failed(std::error_code failure);
  void add_changes(std::vector<engine::journal_log::piece>& taken);
  void hold();
  void stop_reading();
  void sent(std::size_t bytes);
  void output_done();
  void take_foreign_output();
  void hand_output_over();
  void collect_output();
  void end(ending how);
  template <class Work>
  void at_home(Work work);

  std::size_t next_read() const;
  bool within_query_limit();
  void report_input();
  void report_sent();

  server_core& core_;
  io_thread& home_;
  connection socket_;
  timer wake_;  // cancelled when a shared turn is over

  // Input, and the turn of the coroutine
  base::byte_buffer in_;
  base::byte_buffer later_;  // what came in while the batch had to stay where it is
  resp::request_parser parser_;
  resp::request_batch batch_;
  resp::request_limits limits_;
  std::size_t query_limit_ = 0;
  std::size_t next_ = 0;  // the first request of the batch that is not executed
  std::size_t read_hint_;
  std::size_t received_ = 0;            // bytes the strand has not been told of
  const std::string* error_ = nullptr;  // a protocol error to be told after the batch
  bool reading_ = false;
  bool trimming_ = false;
  bool in_turn_ = false;  // a shared turn is under way, whose replies are not in sending_ yet
  bool active_ = true;    // since the last trim

  // Output
  bool flush_asked_ = false;
  bool writing_ = false;          // waits until the kernel takes more
  base::chunked_buffer sending_;  // what is being sent
  std::vector<hold_mark> marks_;  // of output that waits for the disk, in order
  std::uint64_t sent_total_ = 0;  // bytes ever sent
  std::uint64_t allowed_ = 0;     // of all output ever, so much may be sent before the marks
  bool held_ = false;             // waits for the disk
  ending ending_ = ending::no;
  bool finished_ = false;  // the client has left the engine
  bool resumed_ = false;
  std::unique_ptr<replica_feed> feed_;  // if the client is a replica
  bool taking_changes_ = false;         // for it, from the strand
  bool changes_asked_ = false;          // there may be more than are being taken

  // Shared by the strand and the I/O thread. With one thread the output is sent from where the
  // engine writes it, and only the last of it is handed over.
  std::mutex handing_;
  base::chunked_buffer handed_;  // replies on their way from the strand to sending_
  std::vector<hold_mark> handed_marks_;
  std::uint64_t handed_total_ = 0;  // bytes ever handed
  std::atomic<std::size_t> unsent_{0};
  std::atomic<std::size_t> input_size_{0};
  std::atomic<std::size_t> input_room_{0};
  std::atomic<std::size_t> sent_bytes_{0};   // the strand has not been told of,
  std::atomic<std::size_t> sent_pieces_{0};  // and in so many writes
  std::atomic<bool> foreign_output_{false};

  // On the strand
  engine::client client_;
  bool waits_ = false;  // read by the coroutine after its turn on the strand
};

template <class Work>
void session::at_home(Work work) {
  if (!core_.strand.shared() || home_.is_current()) return work();
  asio::post(home_.context(), std::move(work));
}

}  // namespace hawser::net
