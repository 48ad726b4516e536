// A session whose client has become a replica: what it is sent beside its output.

#include "replica_feed.hpp"
#include "server_core.hpp"
#include "session.hpp"

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
  at_home([self = shared_from_this(), data = std::move(data)]() mutable {
    if (self->core_.strand.shared()) self->collect_output();
    self->feed_ = std::make_unique<replica_feed>();
    self->feed_->begin(std::move(data));
    self->ask_for_turn();
  });
}

/// On the strand.
void session::changes_ready() {
  at_home([self = shared_from_this()] {
    if (self->feed_ && self->feed_->has_data()) return;
    self->take_changes();
  });
}

/// Sent at the end of the pass, whether or not there is output.
void session::ask_for_turn() {
  if (flush_asked_ || writing_) return;
  flush_asked_ = true;
  home_.flush_after_pass(shared_from_this());
}

/// Fetches a part of the stream of changes, one at a time.
void session::take_changes() {
  if (!feed_) feed_ = std::make_unique<replica_feed>();
  changes_asked_ = true;
  if (taking_changes_ || !feed_->empty()) return;
  taking_changes_ = true;
  changes_asked_ = false;
  core_.strand.enter([self = shared_from_this()] {
    auto taken = self->next_changes();
    if (self->core_.strand.shared()) self->hand_output_over();
    self->at_home([self, taken = std::move(taken)]() mutable { self->add_changes(taken); });
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
