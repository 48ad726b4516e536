#include "replica_link.hpp"

#include "endpoints.hpp"
#include "server_core.hpp"
#include "strand_turn.hpp"
#include <base/bytes.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <replication/acknowledgement.hpp>
#include <replication/failover.hpp>
#include <replication/payload.hpp>
#include <replication/roles.hpp>

namespace hawser::net {

namespace {

using namespace std::chrono_literals;
using engine::link_state;
using engine::log_level;
using answer = replication::sync_answer::kind;

constexpr std::size_t smallest_read = std::size_t{16} * 1024;
constexpr std::size_t largest_read = std::size_t{256} * 1024;
constexpr auto shortest_rest = 100ms;
constexpr auto longest_rest = 1000ms;

}  // namespace

replica_link::replica_link(server_core& core, io_thread& home, const process_hooks& hooks)
    : core_(core),
      home_(home),
      hooks_(hooks),
      socket_(home.executor_of()),
      resolver_(home.executor_of()),
      wake_(home.executor_of()),
      second_(home.executor_of()) {}

void replica_link::start() {
  core_.spawn_link(home_.executor_of(), "replica link", run());
  core_.spawn_link(home_.executor_of(), "replica link's clock", look_after());
}

void replica_link::follow() {
  asio::post(home_.context(), [this] { abandon(); });
}

void replica_link::stop() {
  stopping_ = true;
  abandon();
  second_.cancel();
}

void replica_link::close(bool) {
  asio::post(home_.context(), [this] { hang_up(); });
}

void replica_link::hang_up() { socket_.close(); }

void replica_link::abandon() {
  changed_ = true;
  failures_ = 0;
  resolver_.cancel();
  wake_.cancel();
  hang_up();
}

void replica_link::log(log_level level, std::string text) {
  core_.strand.enter([this, level, text = std::move(text)] { core_.node.log(level, text); });
}

task<void> replica_link::run() {
  while (!stopping_) {
    changed_ = false;
    co_await strand_turn(core_, home_, [this] { aim(); });
    if (!target_.host.empty()) {
      co_await replicate();
    }
    hang_up();
    phase_ = phase::down;
    co_await strand_turn(core_, home_, [this] { end_stream(); });
    if (std::exchange(was_online_, false)) continue;
    co_await rest();
  }
}

/// Until there is another primary, or it is time to try the same again.
task<void> replica_link::rest() {
  if (changed_ || stopping_) co_return;
  if (target_.host.empty()) {
    wake_.expires_at(timer::time_point::max());
  } else {
    wake_.expires_after(std::min<std::chrono::milliseconds>(
        longest_rest, shortest_rest * (1 << std::min(failures_++, 4))));
  }
  co_await wake_.async_wait(direct);
}

task<void> replica_link::replicate() {
  if (const bool done = co_await connect(); !done) co_return;
  const bool done = co_await introduce();
  if (target_.own.failover)
    co_await strand_turn(core_, home_, [this, done] { end_failover(done); });
  if (!done) co_return;
  if (answer_.what == answer::full) {
    if (const bool done = co_await fetch_data(); !done) co_return;
  } else {
    co_await strand_turn(core_, home_, [this] { go_on_from(answer_.id); });
  }
  co_await follow_stream();
}

/// On the strand: the primary to be has taken over, or will not.
void replica_link::end_failover(bool accepted) {
  if (accepted)
    replication::finish_failover(core_.node);
  else if (answer_.what == answer::refused)
    replication::abort_failover(core_.node, "Failover target rejected psync request");
}

/// On the strand: learns whom to follow, and what to say.
void replica_link::aim() {
  auto& node = core_.node;
  const auto& options = node.options;
  target_ = {};
  target_.host = options.replicaof.host;
  if (target_.host.empty()) return;
  target_.port = static_cast<std::uint16_t>(options.replicaof.port);
  target_.temporary =
      fmt::format("temp-{}.{}.rdb", node.now() / 1000, node.process.facts().process_id);
  target_.timeout = options.repl_timeout;
  auto& own = target_.own;
  own.user = options.masteruser;
  own.password = options.masterauth;
  target_.tls = options.tls_replication;
  own.port = options.replica_announce_port != 0     ? options.replica_announce_port
             : target_.tls && options.tls_port != 0 ? options.tls_port
                                                    : options.port;
  own.address = options.replica_announce_ip;
  if (node.replication.primary.resumable) {
    own.id = node.replication.past.id();
    own.next = node.stream_offset() + 1;
  }
  own.failover = node.replication.failover.state == engine::failover_state::in_progress;
  node.replication.primary.state = link_state::connecting;
  node.log(log_level::notice,
           fmt::format("Connecting to MASTER {}:{}", target_.host, target_.port));
  node.log(log_level::notice, "MASTER <-> REPLICA sync started");
}

void replica_link::set_state(link_state state) {
  core_.strand.enter([this, state] {
    if (core_.node.is_replica()) core_.node.replication.primary.state = state;
  });
}

/// Connects the socket to the primary.
task<error_code> replica_link::reach() {
  if (hooks_.connect) {
    error_code refused = asio::error::connection_refused;
    const int descriptor = hooks_.connect(target_.host, target_.port);
    if (descriptor >= 0)
      socket_.socket().assign(asio::generic::stream_protocol(AF_UNIX, 0), descriptor, refused);
    co_return refused;
  }
  const auto [unknown, found] =
      co_await resolver_.async_resolve(target_.host, std::to_string(target_.port), direct);
  error_code error = unknown;
  for (const auto& each : found) {
    if (changed_) break;
    hang_up();
    const auto [failed] = co_await socket_.socket().async_connect(each.endpoint(), direct);
    error = failed;
    if (!error) break;
  }
  co_return error;
}

task<bool> replica_link::connect() {
  phase_ = phase::connecting;
  heard_ = steady_clock::now();
  const auto error = co_await reach();
  auto failure = error ? error.message() : std::string();
  if (!error && !changed_) {
    prepare_socket();
    if (target_.tls) failure = co_await socket_.handshake();
  }
  if (changed_) co_return false;
  if (!failure.empty()) {
    log(log_level::warning, fmt::format("Error condition on socket for SYNC: {}", failure));
    co_return false;
  }
  log(log_level::notice, "Non blocking connect for SYNC fired the event.");
  set_state(link_state::handshake);
  in_.release();
  out_.clear();
  parsed_ = 0;
  broken_ = false;
  parser_ = {};
  units_ = {};
  co_return true;
}

/// It is connected.
void replica_link::prepare_socket() {
  error_code ignored;
  auto& socket = socket_.socket();
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  socket.non_blocking(true, ignored);
  peer_ = name_of(tcp_endpoint(socket.remote_endpoint(ignored)));
  own_address_ = name_of(tcp_endpoint(socket.local_endpoint(ignored)));
  socket_.secure(target_.tls ? core_.tls->opened() : nullptr);
}

task<bool> replica_link::introduce() {
  answer_ = {answer::later, {}, 0};
  replication::handshake talk(target_.own);
  std::string line;
  while (const auto request = talk.next()) {
    if (talk.asks_for_data())
      log(log_level::notice,
          target_.own.id.empty()
              ? "Partial resynchronization not possible (no cached master)"
              : fmt::format("Trying a partial resynchronization (request {}:{}).", target_.own.id,
                            target_.own.next));
    send(*request);
    if (const bool got = co_await receive_line(line); !got) co_return false;
    const auto remark = talk.take(line);
    answer_ = talk.answer();
    if (!remark) continue;
    log(remark->fatal ? log_level::warning : log_level::notice, remark->text);
    if (remark->fatal) co_return false;
  }
  co_return true;
}

/// Appends what comes next to the input; false when the connection is over.
task<bool> replica_link::receive() {
  if (in_.empty() && in_.capacity() > 2 * largest_read) in_.release();
  const auto wanted = std::max(smallest_read, parser_.wanted());
  const auto room = in_.prepare(std::min(wanted, largest_read));
  const auto [error, size] =
      co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), direct);
  if (error) co_return false;
  in_.commit(size);
  received_ += size;
  heard_ = steady_clock::now();
  co_return true;
}

/// A line without its end; empty ones only say that the primary is still there.
task<bool> replica_link::receive_line(std::string& line) {
  constexpr std::size_t longest = 4096;
  for (;;) {
    const auto end = in_.view().find('\n');
    if (end == std::string_view::npos) {
      if (in_.size() > longest) co_return false;
      if (const bool more = co_await receive(); !more) co_return false;
      continue;
    }
    line = in_.view().substr(0, end);
    in_.consume(end + 1);
    while (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) co_return true;
  }
}

task<bool> replica_link::fetch_data() {
  log(log_level::notice, fmt::format("Full resync from master: {}:{}", answer_.id, answer_.offset));
  phase_ = phase::transfer;
  co_await strand_turn(core_, home_, [this] { decide_on_data(); });
  auto& files = *hooks_.files;
  if (const bool whole = co_await receive_data(); !whole) {
    files.remove(target_.temporary);
    co_return false;
  }
  if (!keeps_file_) {
    co_return co_await load_data();
  }
  co_await strand_turn(core_, home_, [this] { target_.file = core_.node.options.dbfilename; });
  if (const auto failure = files.rename(target_.temporary, target_.file)) {
    log(log_level::warning,
        fmt::format("Failed trying to rename the temp DB into {} in MASTER <-> REPLICA "
                    "synchronization: {}",
                    target_.file.string(), failure.message()));
    files.remove(target_.temporary);
    co_return false;
  }
  co_return co_await load_data();
}

/// On the strand: what `repl-diskless-load` means now. Data that are another state of the same
/// history are good enough for clients until then.
void replica_link::decide_on_data() {
  using engine::diskless_load;
  using engine::present_data;
  auto& node = core_.node;
  if (node.is_replica()) node.replication.primary.state = link_state::transfer;
  const auto mode = node.options.repl_diskless_load;
  bool empty = true;
  for (int i = 0; i < node.database_count(); ++i) empty = empty && node.database(i).empty();
  keeps_file_ = mode == diskless_load::disabled || (mode == diskless_load::on_empty_db && !empty);
  present_ = present_data::removed;
  if (mode == diskless_load::swapdb)
    present_ = node.replication.past.id() == answer_.id ? present_data::served : present_data::kept;
}

/// Into a file: what was there is kept until the new data set is here, all of it.
task<bool> replica_link::receive_data() {
  std::error_code failure;
  const auto file = hooks_.files->create(target_.temporary, failure);
  replication::payload payload;
  std::string content;
  bool told = false;
  std::uint64_t received = 0;
  while (!failure && payload.where() < replication::payload::state::done) {
    content.clear();
    const auto taken = payload.take(in_.view(), content);
    in_.consume(taken);
    if (taken == 0 && payload.where() < replication::payload::state::done) {
      if (const bool more = co_await receive(); !more) {
        log(log_level::warning, "I/O error trying to sync with MASTER: connection lost");
        co_return false;
      }
      continue;
    }
    if (payload.where() != replication::payload::state::header && !std::exchange(told, true))
      log(log_level::notice,
          payload.marked()
              ? "MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF to disk"
              : fmt::format("MASTER <-> REPLICA sync: receiving {} bytes from master to disk",
                            payload.size()));
    failure = file->write(content);
    received += content.size();
    report_transfer(payload.size(), received);
  }
  if (!failure && payload.where() == replication::payload::state::done) failure = file->sync();
  if (failure)
    log(log_level::warning,
        fmt::format("Write error or short write writing to the DB dump file needed for MASTER <-> "
                    "REPLICA synchronization: {}",
                    failure.message()));
  if (payload.where() == replication::payload::state::failed)
    log(log_level::warning,
        fmt::format("MASTER aborted replication with an error: {}", payload.error()));
  co_return !failure && payload.where() == replication::payload::state::done;
}

void replica_link::report_transfer(std::uint64_t size, std::uint64_t received) {
  core_.strand.enter([this, size, received, more = std::exchange(received_, 0)] {
    core_.node.stats.replication_input_bytes += more;
    auto& primary = core_.node.replication.primary;
    primary.transfer_size = static_cast<std::int64_t>(size);
    primary.transferred = static_cast<std::int64_t>(received);
    primary.transferred_at = core_.node.now();
  });
}

/// In slices, between which clients are told that the data set is being loaded.
task<bool> replica_link::load_data() {
  using state = engine::data_load::state;
  std::error_code failure;
  const auto& path = keeps_file_ ? target_.file : target_.temporary;
  auto file = hooks_.files->open(path, failure);
  const auto size = failure ? 0 : hooks_.files->size(path, failure);
  // It is nobody's but this loading's then.
  if (!keeps_file_) hooks_.files->remove(path);
  phase_ = phase::loading;
  loaded_ = failure ? state::failed : state::more;
  if (!failure)
    co_await strand_turn(core_, home_, [this, &file, size] {
      auto& node = core_.node;
      if (changed_) return;
      const bool removed = present_ == engine::present_data::removed;
      if (removed) node.log(log_level::notice, "MASTER <-> REPLICA sync: Flushing old data");
      node.log(log_level::notice, "MASTER <-> REPLICA sync: Loading DB in memory");
      if (removed) node.replication.primary.resumable = false;
      replication::drop_replicas(node);
      load_ = hooks_.replace_data(node, std::move(file), size, present_);
    });
  while (loaded_ == state::more && !changed_)
    co_await strand_turn(core_, home_, [this] {
      loaded_ = load_ ? load_->step() : state::failed;
      core_.dispatcher.serve_waiting();
    });
  co_await strand_turn(core_, home_, [this] {
    auto& node = core_.node;
    const int db = load_ ? load_->stream_db() : 0;
    if (keeps_file_) remove_file_unless_kept();
    const auto loading = std::move(load_);  // until the history is what it is to be
    if (loaded_ != state::done) {
      node.log(log_level::warning,
               "Failed trying to load the MASTER synchronization DB from disk, check server logs.");
      return;
    }
    node.replication.past.become(answer_.id);
    node.journal.log.restart(static_cast<std::uint64_t>(answer_.offset));
    node.replication.primary.db = db;
    node.log(log_level::notice, "MASTER <-> REPLICA sync: Finished with success");
  });
  co_return loaded_ == state::done;
}

/// On the strand: where no data set is kept on disk a primary's need not be either.
void replica_link::remove_file_unless_kept() {
  const auto& options = core_.node.options;
  if (!options.rdb_del_sync_files || !options.save_points.empty() || options.appendonly) return;
  log(log_level::notice,
      "Removing the RDB file obtained from the master. This replica has persistence disabled");
  core_.node.process.run_in_background(
      [files = hooks_.files, file = target_.file] { files->remove(file); });
}

/// On the strand: the primary goes on from where this replica was.
void replica_link::go_on_from(const std::string& id) {
  auto& node = core_.node;
  node.log(log_level::notice, "Successful partial resynchronization with master.");
  auto& past = node.replication.past;
  if (!id.empty() && id != past.id()) {
    past.leave_for(id, node.stream_offset());
    node.log(log_level::warning, fmt::format("Master replication ID changed to {}", id));
    replication::drop_replicas(node);
  }
  node.log(log_level::notice,
           "MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization.");
}

/// On the strand: a client of its own executes what the primary sends.
void replica_link::begin_stream() {
  auto& node = core_.node;
  auto& primary = node.replication.primary;
  client_ = std::make_unique<engine::client>(node.next_client_id(), *this);
  client_->primary = true;
  client_->db = primary.db;
  client_->address = peer_;
  client_->local_address = own_address_;
  client_->descriptor = socket_.native_handle();
  core_.dispatcher.set_replies(*client_, engine::reply_mode::off);
  node.add(*client_);
  client_->user = &node.access.server_itself();
  client_->authenticated = true;
  --node.stats.connections_received;
  node.journal.log.keep(static_cast<std::size_t>(node.options.repl_backlog_size));
  node.replication.backlog = true;
  primary.stream = client_.get();
  primary.state = link_state::connected;
  primary.resumable = true;
  primary.last_heard = node.now();
}

task<void> replica_link::follow_stream() {
  bool begun = false;
  co_await strand_turn(core_, home_, [this, &begun] {
    begun = core_.node.is_replica() && !changed_;
    if (begun) begin_stream();
  });
  if (!begun) co_return;
  phase_ = phase::online;
  was_online_ = true;
  failures_ = 0;
  acknowledge();
  while (!broken_) {
    if (parsed_ < in_.size()) {
      co_await strand_turn(core_, home_, [this] { execute(); });
    }
    flush();
    if (broken_) break;
    if (const bool more = co_await receive(); !more) break;
  }
}

/// On the strand: executes all that has come whole. What belongs to a transaction that is not whole
/// stays in the input, though its requests have been queued: should the link be lost, the
/// transaction is asked for again.
void replica_link::execute() {
  auto& node = core_.node;
  if (client_->closing || !node.is_replica()) {
    broken_ = true;
    return;
  }
  node.update_time();
  node.stats.replication_input_bytes += std::exchange(received_, 0);
  node.replication.primary.last_heard = node.now();
  resp::request_limits limits;
  limits.max_bulk = std::numeric_limits<std::int32_t>::max();
  const auto before = parsed_;
  const auto parsed = parser_.parse(in_.view().substr(parsed_), batch_, limits);
  parsed_ += parser_.consumed();
  execute_batch(before);
  core_.hand_over();
  batch_.clear();
  in_.consume(taken_over_);
  parsed_ -= std::exchange(taken_over_, 0);
  out_ += client_->out.str();
  client_->out.clear();
  if (parsed == resp::request_parser::state::ready) return;
  node.log(log_level::warning, fmt::format("Protocol error from master: {}", parser_.error()));
  node.replication.primary.resumable = false;
  broken_ = true;
}

/// The batch begins at this place of the input. What is asked for by REPLCONF depends on what has
/// been taken over until then.
void replica_link::execute_batch(std::size_t begin) {
  std::size_t requests = 0;
  for (std::size_t i = 0; i < batch_.size(); ++i) requests += batch_.bytes(i);
  // Line breaks between requests count as well; where they stood makes no difference.
  auto at = begin + (parser_.consumed() - requests);
  std::size_t whole = taken_over_, first = 0;
  for (std::size_t i = 0; i < batch_.size(); ++i) {
    if (base::iequals(batch_.args(i)[0], "replconf")) {
      core_.dispatcher.execute(*client_, batch_, first, i);
      take_over(whole);
      first = i;
    }
    at += batch_.bytes(i);
    if (units_.whole_after(batch_.args(i))) whole = at;
  }
  core_.dispatcher.execute(*client_, batch_, first);
  take_over(whole);
}

/// The stream up to this place of the input has been executed, and is this server's own from now
/// on.
void replica_link::take_over(std::size_t end) {
  core_.node.journal.append_stream(in_.view().substr(taken_over_, end - taken_over_));
  taken_over_ = end;
}

/// On the strand: what is known of the stream is kept for the next connection.
void replica_link::end_stream() {
  auto& node = core_.node;
  auto& primary = node.replication.primary;
  if (client_) {
    node.log(log_level::warning, "Connection with master lost.");
    node.log(log_level::notice, "Caching the disconnected master state.");
    if (primary.stream == client_.get()) {
      primary.stream = nullptr;
      primary.db = client_->db;
      primary.down_since = node.now();
    }
    node.remove(*client_);
    client_.reset();
    in_.release();
  }
  load_.reset();
  if (node.is_replica()) primary.state = link_state::connect;
}

void replica_link::acknowledge() {
  core_.strand.enter([this] {
    asio::post(home_.context(), [this, text = replication::acknowledgement(core_.node)] {
      if (phase_ == phase::online) send(text);
    });
  });
}

/// What the kernel does not take at once goes with what is sent next: there is little to be said.
void replica_link::send(std::string_view bytes) {
  out_ += bytes;
  flush();
}

void replica_link::flush() {
  if ((out_.empty() && !socket_.unsent()) || !socket_.is_open()) return;
  error_code error;
  out_.erase(0, socket_.write_some(asio::buffer(out_), error));
  if (error && error != asio::error::would_block) hang_up();
}

bool replica_link::silent_for_too_long() const {
  return phase_ != phase::down && phase_ != phase::loading &&
         steady_clock::now() - heard_ > std::chrono::seconds(target_.timeout);
}

task<void> replica_link::look_after() {
  while (!stopping_) {
    second_.expires_after(1s);
    co_await second_.async_wait(direct);
    if (stopping_) co_return;
    if (silent_for_too_long()) {
      log(log_level::warning,
          phase_ == phase::online     ? "MASTER timeout: no data nor PING received..."
          : phase_ == phase::transfer ? "Timeout receiving bulk data from MASTER... If the problem "
                                        "persists try to set the 'repl-timeout' parameter in "
                                        "redis.conf to a larger value."
                                      : "Timeout connecting to the MASTER...");
      resolver_.cancel();
      hang_up();
    } else if (phase_ == phase::online) {
      acknowledge();
    } else if (phase_ == phase::loading) {
      send("\n");  // or the primary would give up
    }
  }
}

}  // namespace hawser::net
