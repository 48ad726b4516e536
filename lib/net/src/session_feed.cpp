// A session whose client has become a replica: what it is sent beside its output.

#include "replica_feed.hpp"
#include "server_core.hpp"
#include "session.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace hawser::net {

namespace {

constexpr std::size_t write_pieces = 16;
constexpr std::size_t changes_at_once = std::size_t{256} * 1024;
constexpr std::size_t most_in_a_pass = std::size_t{4} * 1024 * 1024;

using stage = engine::replica_facts::stage;

}  // namespace

/// On the strand. What has been replied until now goes first.
void session::send_data(engine::data_feed data) {
  if (core_.strand.shared()) hand_output_over();
  at_home([self = shared_from_this(), data = std::move(data), gathers = gathers()]() mutable {
    if (self->core_.strand.shared()) self->collect_output();
    self->begin_feed(gathers);
    self->feed_->begin(std::move(data));
    self->ask_for_turn();
  });
}

/// On the strand.
void session::changes_ready() {
  at_home([self = shared_from_this(), gathers = gathers()] {
    self->begin_feed(gathers);
    if (!self->feed_->has_data()) self->take_changes();
  });
}

/// On the strand: whether the kernel is to send few large packets rather than many at once.
bool session::gathers() const { return core_.node.options.repl_disable_tcp_nodelay; }

void session::begin_feed(bool gathers) {
  if (feed_) return;
  feed_ = std::make_unique<replica_feed>();
  error_code ignored;  // there are sockets that know of no packets
  if (gathers) socket_.socket().set_option(asio::ip::tcp::no_delay(false), ignored);
}

/// Sent at the end of the pass, whether or not there is output.
void session::ask_for_turn() {
  if (flush_asked_ || writing_) return;
  flush_asked_ = true;
  home_.flush_after_pass(shared_from_this());
}

/// Fetches a part of the stream of changes, one at a time.
void session::take_changes() {
  changes_asked_ = true;
  if (taking_changes_ || !feed_->empty()) return;
  taking_changes_ = true;
  changes_asked_ = false;
  core_.strand.enter([self = shared_from_this()] {
    if (self->reads_older_changes()) return self->take_older_changes();
    auto taken = self->next_changes();
    if (self->core_.strand.shared()) self->hand_output_over();
    self->at_home([self, taken = std::move(taken)]() mutable { self->add_changes(taken); });
  });
}

/// On the strand: whether what comes next is on disk only. When memory has the rest it goes on from
/// there.
bool session::reads_older_changes() {
  auto* facts = client_.replica.get();
  if (client_.closing || facts == nullptr || !facts->changes || facts->at != stage::online)
    return false;
  auto& node = core_.node;
  auto& older = facts->older;
  if (older && older->position() >= node.journal.log.begin()) {
    facts->changes->move_to(older->position());
    older = nullptr;
  }
  if (!older && facts->changes->lost() && node.aof)
    older = node.aof->changes_from(facts->changes->position());
  return older != nullptr;
}

/// On the strand: has them read beside it.
void session::take_older_changes() {
  auto older = client_.replica->older;
  older->look();
  core_.node.process.run_in_background(
      [self = shared_from_this(), older = std::move(older)]() mutable {
        std::error_code failure;
        std::vector<engine::journal_log::piece> taken;
        if (auto next = older->read(failure); next.block != nullptr)
          taken.push_back(std::move(next));
        auto& home = self->home_.context();
        // The session may only end on its own thread.
        asio::post(home, [self = std::move(self), taken = std::move(taken), failure]() mutable {
          failure ? self->older_changes_failed(failure) : self->add_changes(taken);
        });
      });
}

void session::older_changes_failed(std::error_code failure) {
  core_.strand.enter([self = shared_from_this(), failure] {
    auto& node = self->core_.node;
    node.log(engine::log_level::warning,
             fmt::format("The append-only file cannot be read for replica {}: {}",
                         engine::name_of_replica(self->client_), failure.message()));
    if (node.aof) node.aof->give_up_changes();
    node.close(self->client_, false);
  });
}

/// On the strand.
std::vector<engine::journal_log::piece> session::next_changes() {
  std::vector<engine::journal_log::piece> taken;
  const auto* facts = client_.replica.get();
  if (client_.closing || facts == nullptr || !facts->changes || facts->at != stage::online)
    return taken;
  for (std::size_t bytes = 0; bytes < changes_at_once;) {
    auto next = facts->changes->next();
    if (next.block == nullptr) break;
    bytes += next.bytes.size();
    taken.push_back(std::move(next));
  }
  return taken;
}

void session::add_changes(std::vector<engine::journal_log::piece>& taken) {
  taking_changes_ = false;
  if (core_.strand.shared()) collect_output();
  const bool none = taken.empty();
  for (auto& each : taken) feed_->add(std::move(each));
  if (none && changes_asked_) return take_changes();
  if (!none || !outgoing().empty()) ask_for_turn();
}

/// The data set is with the replica, or on its way.
void session::data_sent() {
  core_.strand.enter([self = shared_from_this()] {
    auto& node = self->core_.node;
    auto& who = self->client_;
    if (who.closing || !who.follows()) return;
    auto& facts = *who.replica;
    facts.at = facts.starts_by_acknowledging ? stage::loading : stage::online;
    facts.acknowledged_at = node.now();
    const auto name = engine::name_of_replica(who);
    node.log(engine::log_level::notice,
             facts.starts_by_acknowledging
                 ? "Streamed RDB transfer with replica " + name +
                       " succeeded (socket). Waiting for REPLCONF ACK from slave to enable "
                       "streaming"
                 : "Synchronization with replica " + name + " succeeded");
    self->changes_ready();
  });
}

void session::send_feed() {
  std::array<std::string_view, write_pieces> pieces;
  std::array<asio::const_buffer, write_pieces> buffers;
  for (std::size_t written = 0; socket_.is_open();) {
    if (feed_->empty()) {
      if (!feed_->has_data()) return take_changes();
      if (feed_->read_data()) return shut();
      if (!feed_->has_data()) data_sent();
      continue;
    }
    const auto count = feed_->pieces(pieces);
    std::size_t offered = 0;
    for (std::size_t i = 0; i < count; ++i) {
      buffers[i] = asio::buffer(pieces[i]);
      offered += pieces[i].size();
    }
    error_code error;
    const auto size = socket_.write_some(std::span(buffers.data(), count), error);
    if (error && error != asio::error::would_block) return shut();
    feed_->sent(size);
    sent_bytes_.fetch_add(size, std::memory_order_relaxed);
    written += size;
    // Others want their turn too.
    if (size < offered || socket_.unsent() || written > most_in_a_pass) return send_when_possible();
  }
}

}  // namespace hawser::net
