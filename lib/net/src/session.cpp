#include "session.hpp"

#include "io_thread.hpp"
#include "replica_feed.hpp"
#include "server_core.hpp"
#include "spawn.hpp"
#include <engine/node.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace hawser::net {

namespace {

constexpr std::size_t smallest_read = 1024;
constexpr std::size_t largest_read = 64 * 1024;
constexpr std::size_t idle_input = 4 * 1024;  // what an idle client may keep
constexpr std::size_t write_pieces = 16;

}  // namespace

session::session(server_core& core, io_thread& home, connection socket, std::uint64_t id)
    : core_(core),
      home_(home),
      socket_(std::move(socket)),
      wake_(home.executor_of()),
      read_hint_(smallest_read),
      client_(id, *this) {
  home_.add(*this);
}

session::~session() { core_.connections.fetch_sub(1, std::memory_order_relaxed); }

std::shared_ptr<session> session::make(server_core& core, io_thread& home, connection socket,
                                       std::uint64_t id) {
  // The last reference may be dropped by another thread, which must not touch the socket.
  const auto destroy = [&core, &home](session* gone) {
    if (!core.strand.shared() || home.is_current()) {
      delete gone;
    } else {
      asio::post(home.context(), [gone] { delete gone; });
    }
  };
  return {new session(core, home, std::move(socket), id), destroy};
}

void session::start(const peer_names& names, std::string_view farewell) {
  client_.address = names.remote;
  client_.local_address = names.local;
  client_.unix_socket = names.unix_socket;
  client_.descriptor = socket_.native_handle();
  error_code ignored;
  socket_.socket().non_blocking(true, ignored);
  core_.strand.enter_for_turn([self = shared_from_this()] {
    auto& node = self->core_.node;
    auto& who = self->client_;
    node.add(who);
  });
  spawn(
      home_.executor_of(), "session", farewell.empty() ? run() : turn_away(farewell),
      [core = &core_](const std::string& text) { core->log_failure(text); },
      [self = shared_from_this()] { self->finish(); });
}

/// The life of a connection: every loop ends when the socket is closed.
task<void> session::run() {
  if (socket_.is_secure()) {
    if (const bool done = co_await shake_hands(); !done) co_return;
  }
  // A first turn with nothing to execute learns the limits.
  if (core_.strand.shared())
    co_await take_shared_turn();
  else
    execute_on_strand();
  while (ending_ == ending::no) {
    if (const bool more = co_await receive(); !more) break;
    co_await serve();
    report_input();
  }
}

task<void> session::turn_away(std::string_view farewell) {
  if (const bool done = co_await shake_hands(); !done) co_return;
  co_await socket_.write(farewell);
}

task<bool> session::shake_hands() {
  const auto failure = co_await socket_.handshake();
  if (failure.empty()) co_return true;
  core_.strand.enter([self = shared_from_this(), failure] {
    self->core_.node.log(engine::log_level::warning,
                         "Error accepting a client connection: " + failure);
  });
  co_return false;
}

std::size_t session::next_read() const {
  if (const auto wanted = parser_.wanted(); wanted > in_.size()) return wanted - in_.size();
  return read_hint_;
}

/// Reads once; false when the connection is to end.
task<bool> session::receive() {
  for (;;) {
    // The room of one long argument is not kept for short ones.
    if (in_.empty() && in_.capacity() > 4 * largest_read) in_.release();
    const auto room = in_.prepare(next_read());
    reading_ = true;
    const auto [error, size] =
        co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), direct);
    reading_ = false;
    const bool trimmed = std::exchange(trimming_, false);
    if (error == asio::error::operation_aborted && trimmed && ending_ == ending::no) {
      in_.shrink_to(0);
      read_hint_ = smallest_read;
      report_input();
      continue;
    }
    if (error) co_return false;
    active_ = true;
    in_.commit(size);
    received_ += size;
    // A peer that fills the room is read from in larger pieces, one that does not in smaller ones.
    if (size == room.size()) read_hint_ = std::min(largest_read, read_hint_ * 2);
    co_return true;
  }
}

bool session::within_query_limit() {
  if (in_.size() + later_.size() <= query_limit_) return true;
  core_.strand.enter([self = shared_from_this(), size = in_.size() + later_.size()] {
    auto& node = self->core_.node;
    ++node.stats.query_limit_disconnections;
    node.log(engine::log_level::warning,
             "Closing client that reached max query buffer length: id=" +
                 std::to_string(self->client_.id) + " addr=" + self->client_.address +
                 " qbuf=" + std::to_string(size));
  });
  return false;
}

/// Executes all that the input holds.
task<void> session::serve() {
  while (!in_.empty() && ending_ == ending::no) {
    if (parser_.parse(in_.view(), batch_, limits_) == resp::request_parser::state::failed)
      error_ = &parser_.error();
    const auto whole = parser_.consumed();
    const bool some = !batch_.empty();
    if (some || error_ != nullptr) {
      next_ = 0;
      for (;;) {
        if (core_.strand.shared())
          co_await take_shared_turn();
        else
          execute_on_strand();
        if (!waits_) break;
        co_await wait_until_resumed();
        if (ending_ != ending::no) break;
      }
      batch_.clear();
      ask_for_flush();
    }
    in_.consume(whole);
    if (!later_.empty()) {
      in_.append(later_.view());
      later_.release();
    }
    if (!within_query_limit()) end(ending::now);
    if (!some && whole == 0) break;
  }
}

/// A turn on the strand.
void session::execute_on_strand() {
  auto& node = core_.node;
  node.stats.input_bytes += std::exchange(received_, 0);
  if (core_.strand.shared()) report_sent();
  ++node.stats.reads_processed;
  if (!client_.closing && next_ < batch_.size())
    next_ = core_.dispatcher.execute(client_, batch_, next_);
  waits_ = client_.waits() && !client_.closing;
  if (error_ != nullptr && !waits_ && !client_.closing) {
    client_.reply.error("ERR " + *error_);
    node.stats.count_error("ERR");
    node.close(client_, true);
  }
  limits_.authenticated = client_.authenticated;
  limits_.max_bulk = static_cast<std::size_t>(node.options.proto_max_bulk_len);
  query_limit_ = static_cast<std::size_t>(node.options.client_query_buffer_limit);
  if (core_.strand.shared()) hand_output_over();
}

/// Executes the batch from where it was left. If the strand was free that has happened by the time
/// `enter` returns, and nothing is suspended.
task<void> session::take_shared_turn() {
  enum class progress : std::uint8_t { under_way, awaited, over };
  std::atomic<progress> state{progress::under_way};
  in_turn_ = true;
  core_.strand.enter_for_turn([this, self = shared_from_this(), &state] {
    execute_on_strand();
    if (state.exchange(progress::over) == progress::awaited)
      asio::post(home_.context(), [self] { self->wake_.cancel(); });
  });
  auto expected = progress::under_way;
  if (state.compare_exchange_strong(expected, progress::awaited)) {
    // The timer may be cancelled for other reasons than that the turn is over.
    while (state.load() != progress::over) {
      wake_.expires_at(timer::time_point::max());
      co_await wake_.async_wait(direct);
    }
  }
  collect_output();
  in_turn_ = false;
}

/// Sleeps until the engine resumes this client, still reading so that a peer that hangs up is
/// noticed. There is one operation under way, which resuming calls off: nothing that has been read
/// can get lost.
task<void> session::wait_until_resumed() {
  ask_for_flush();
  while (ending_ == ending::no && !resumed_) {
    const auto room = later_.prepare(smallest_read);
    const auto [error, size] =
        co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), direct);
    // Who has said all may have been served in this very moment: what there is, is sent to it.
    if (error == asio::error::eof)
      ending_ = std::max(ending_, ending::after_output);
    else if (error && error != asio::error::operation_aborted)
      end(ending::now);
    if (error) continue;
    later_.commit(size);
    received_ += size;
    if (!within_query_limit()) end(ending::now);
  }
  resumed_ = false;
}

/// The coroutine is over: the client leaves the engine, its last output is still sent.
void session::finish() {
  home_.remove(*this);
  core_.strand.enter_for_turn([self = shared_from_this()] {
    self->core_.node.remove(self->client_);
    self->report_sent();
    self->hand_output_over();
    self->at_home([self] {
      self->collect_output();
      self->finished_ = true;
      if (self->ending_ != ending::now) self->ending_ = ending::after_output;
      if (self->ending_ == ending::now)
        self->shut();
      else
        self->flush();
    });
  });
}

base::chunked_buffer& session::outgoing() {
  return core_.strand.shared() || finished_ ? sending_ : client_.out;
}

void session::ask_for_flush() {
  if (flush_asked_ || writing_ || outgoing().empty()) return;
  flush_asked_ = true;
  home_.flush_after_pass(shared_from_this());
}

void session::flush() {
  flush_asked_ = false;
  if (writing_) return;
  if (!core_.strand.shared()) mark_output();
  send();
}

void session::flush_held() {
  held_ = false;
  flush();
}

/// On the strand: the output so far, and not what is written later, may leave when the journal of
/// this moment is on disk. Reads wait as well as writes: nobody is told of what might be lost.
void session::mark_output() {
  core_.hand_over();
  if (!core_.holds_replies()) return;
  const bool shared = core_.strand.shared();
  auto& marks = shared ? handed_marks_ : marks_;
  const auto end = shared ? handed_total_ : sent_total_ + outgoing().size();
  if (!marks.empty() && marks.back().output == end) return;
  marks.push_back({core_.node.journal.log.end(), end});
}

/// Bytes of the output that may be sent.
std::size_t session::sendable() {
  const auto size = outgoing().size();
  if (!core_.holds_replies()) marks_.clear();
  if (marks_.empty()) return size;
  const auto durable = core_.node.aof->durable();
  const auto open = std::ranges::find_if(
      marks_, [durable](const hold_mark& each) { return each.journal > durable; });
  if (open != marks_.begin()) allowed_ = std::prev(open)->output;
  marks_.erase(marks_.begin(), open);
  if (marks_.empty()) return size;
  return std::min<std::size_t>(size, allowed_ - std::min(allowed_, sent_total_));
}

void session::send() {
  if (socket_.unsent()) {
    error_code error;
    socket_.flush(error);
    if (error && error != asio::error::would_block) return shut();
    if (error) return send_when_possible();
  }
  auto& out = outgoing();
  std::array<std::string_view, write_pieces> pieces;
  std::array<asio::const_buffer, write_pieces> buffers;
  auto left = sendable();
  while (left > 0 && socket_.is_open()) {
    const auto count = out.pieces(pieces);
    std::size_t offered = 0;
    std::size_t used = 0;
    for (; used < count && offered < left; ++used) {
      buffers[used] = asio::buffer(pieces[used].substr(0, left - offered));
      offered += buffers[used].size();
    }
    error_code error;
    const auto size = used == 1 ? socket_.write_some(buffers[0], error)
                                : socket_.write_some(std::span(buffers.data(), used), error);
    if (error && error != asio::error::would_block) return shut();
    sent(size);
    left -= size;
    if (size < offered || socket_.unsent()) return send_when_possible();
  }
  if (feed_ && out.empty() && ending_ == ending::no) return send_feed();
  if (out.empty() || !socket_.is_open()) return output_done();
  hold();
}

/// What is left waits for the disk.
void session::hold() {
  if (std::exchange(held_, true)) return;
  home_.hold(shared_from_this());
}

/// Goes on when the kernel takes more.
void session::send_when_possible() {
  writing_ = true;
  socket_.async_wait(stream_socket::wait_write, [self = shared_from_this()](error_code failed) {
    self->writing_ = false;
    const bool stopped = failed == asio::error::operation_aborted;  // by stop_reading
    if (!failed || stopped) self->flush();
  });
}

/// Calls a read off; a wait for the kernel to take output goes with it, and begins anew.
void session::stop_reading() { socket_.cancel(); }

void session::sent(std::size_t bytes) {
  outgoing().consume(bytes);
  sent_total_ += bytes;
  if (core_.strand.shared()) {
    unsent_.store(sending_.size(), std::memory_order_relaxed);
    sent_bytes_.fetch_add(bytes, std::memory_order_relaxed);
    sent_pieces_.fetch_add(1, std::memory_order_relaxed);
  } else {
    core_.node.stats.output_bytes += bytes;
    ++core_.node.stats.writes_processed;
  }
}

void session::report_sent() {
  auto& stats = core_.node.stats;
  (client_.follows() ? stats.replication_output_bytes : stats.output_bytes) +=
      sent_bytes_.exchange(0, std::memory_order_relaxed);
  stats.writes_processed += sent_pieces_.exchange(0, std::memory_order_relaxed);
}

void session::output_done() {
  if (ending_ == ending::after_output) shut();
}

void session::shut() {
  ending_ = ending::now;
  socket_.shut();
  wake_.cancel();
}

/// On the session's thread: ends the connection, now or when the output has been sent.
void session::end(ending how) {
  if (ending_ == ending::now) return;
  ending_ = how;
  if (how == ending::now) return shut();
  // The coroutine stops of itself when it has the turn; when it waits for input, its wait is ended.
  if (in_turn_) return;
  if (!writing_ && !flush_asked_ && outgoing().empty()) return shut();
  ask_for_flush();
}

void session::close(bool after_output) {
  at_home([self = shared_from_this(), after_output] {
    self->end(after_output ? ending::after_output : ending::now);
  });
}

void session::resume() {
  at_home([self = shared_from_this()] {
    self->resumed_ = true;
    self->stop_reading();
  });
}

void session::output_ready() {
  if (!client_.closing && !core_.node.within_output_limit(client_)) return;
  if (!core_.strand.shared()) return ask_for_flush();
  if (foreign_output_.exchange(true)) return;
  asio::post(home_.context(), [self = shared_from_this()] { self->take_foreign_output(); });
}

/// Fetches what others have put into this client's output.
void session::take_foreign_output() {
  core_.strand.enter([self = shared_from_this()] {
    self->foreign_output_ = false;
    self->hand_output_over();
    asio::post(self->home_.context(), [self] {
      self->collect_output();
      self->ask_for_flush();
    });
  });
}

/// On the strand: what the client is to be sent leaves the engine, in the order in which it was
/// written.
void session::hand_output_over() {
  const std::lock_guard lock(handing_);
  handed_total_ += client_.out.size();
  handed_.splice(std::move(client_.out));
  if (core_.strand.shared()) mark_output();
}

/// On the session's thread: takes over all that has been handed over.
void session::collect_output() {
  const std::lock_guard lock(handing_);
  if (sending_.empty())
    sending_.swap(handed_);
  else
    sending_.splice(std::move(handed_));
  marks_.insert(marks_.end(), handed_marks_.begin(), handed_marks_.end());
  handed_marks_.clear();
  unsent_.store(sending_.size(), std::memory_order_relaxed);
}

std::pair<std::size_t, std::size_t> session::input_held() const {
  return {input_size_.load(std::memory_order_relaxed), input_room_.load(std::memory_order_relaxed)};
}

void session::report_input() {
  input_size_.store(in_.size(), std::memory_order_relaxed);
  input_room_.store(in_.capacity() - in_.size() + parser_.memory() + batch_.memory(),
                    std::memory_order_relaxed);
}

void session::trim() {
  // Who only listens has no turns in which this would be told.
  if (sent_bytes_.load(std::memory_order_relaxed) > 0)
    core_.strand.enter([self = shared_from_this()] { self->report_sent(); });
  if (std::exchange(active_, false)) return;
  if (sending_.empty()) sending_.release();
  core_.strand.enter([self = shared_from_this()] {
    if (self->client_.out.empty()) self->client_.out.release();
    const std::lock_guard lock(self->handing_);
    if (self->handed_.empty()) self->handed_.release();
  });
  if (!reading_ || !in_.empty()) return;
  // A request of many arguments has left room for as many.
  parser_.release();
  batch_.release();
  report_input();
  if (in_.capacity() > idle_input) {
    // The buffer belongs to the pending read until that is called off.
    trimming_ = true;
    stop_reading();
  }
}

}  // namespace hawser::net
