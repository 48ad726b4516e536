#include "watched_collection.hpp"

#include "encoded_bytes.hpp"
#include "encoding.hpp"
#include <store/field_table.hpp>
#include <store/large_sorted_set.hpp>
#include <store/member_table.hpp>
#include <store/quicklist.hpp>

#include <cassert>
#include <optional>
#include <persistence/rdb_values.hpp>
#include <set>
#include <utility>
#include <vector>

namespace hawser::persistence {

namespace {

void write_record(rdb_output& to, const store::set_member& of,
                  std::optional<base::milliseconds_t>) {
  to.string(of.text());
}

void write_record(rdb_output& to, const store::scored_member& of,
                  std::optional<base::milliseconds_t>) {
  to.string(of.member());
  to.binary_double(of.score());
}

void write_record(rdb_output& to, const store::hash_field& of,
                  std::optional<base::milliseconds_t> nearest) {
  write_field(to, of, nearest);
}

/// Nothing for values without such a thing.
std::optional<base::milliseconds_t> nearest_deadline(const store::large_collection&) { return {}; }
std::optional<base::milliseconds_t> nearest_deadline(const store::field_table& of) {
  if (of.deadlines() == nullptr || of.deadlines()->empty()) return {};
  return of.deadlines()->nearest();
}

/// A hash, a set or a sorted set: its records come in any order.
template <class Table, class Record>
class watched_table final : public watched_collection {
 public:
  explicit watched_table(const start& from)
      : watched_collection(from),
        table_(static_cast<Table&>(*from.of.collection().large())),
        nearest_(nearest_deadline(table_)),
        size_(table_.size()) {
    table_.begin_watch(*this);
  }

  using watched_collection::leaving;
  void leaving(const Record& record) override {
    if (!left_) left_ = std::make_unique<left_records>();
    const auto before = left_->out.bytes_written();
    write_record(left_->out, record, nearest_);
    count_kept(left_->out.bytes_written() - before);
    ++seen_;
  }

  bool write(rdb_output& to, time_slice& limit) override {
    if (!std::exchange(begun_, true)) {
      if (nearest_) to.u64(static_cast<std::uint64_t>(*nearest_));
      to.length(size_);
    }
    if (left_) {
      left_->out.flush();
      left_->bytes.write_to(to);
      left_.reset();
    }
    do {
      cursor_ = table_.scan(cursor_, [&](Record* each) {
        if (table_.has_seen(*each)) return;
        table_.mark(*each);
        write_record(to, *each, nearest_);
        ++seen_;
      });
      if (cursor_ == 0) break;
    } while (!limit.over());
    assert(cursor_ != 0 || seen_ == size_);
    return cursor_ == 0;
  }

 private:
  /// Encoded records that have changed or gone.
  struct left_records {
    encoded_bytes bytes;
    rdb_output out{bytes};
  };

  Table& table_;
  const std::optional<base::milliseconds_t> nearest_;
  const std::size_t size_;
  std::size_t seen_ = 0;
  std::uint64_t cursor_ = 0;
  bool begun_ = false;
  std::unique_ptr<left_records> left_;
};

/// A list: its nodes as they were, which it shares until they change.
class watched_list final : public watched_collection {
 public:
  explicit watched_list(const start& from) : watched_collection(from) {
    auto& list = static_cast<store::quicklist&>(*from.of.collection().large());
    nodes_ = list.share_nodes();
    list.begin_watch(*this);
  }
  ~watched_list() override {
    for (auto& each : kept_) each.destroy(memory());
  }

  using watched_collection::keep;
  void keep(const store::list_node& node) override {
    kept_.push_back(node);
    count_kept(node.memory());
  }

  bool write(rdb_output& to, time_slice& limit) override {
    if (at_ == 0) to.length(nodes_.size());
    std::unique_ptr<char[]> scratch;
    while (at_ < nodes_.size()) {
      write_list_node(to, nodes_[at_++].unpacked(scratch));
      if (limit.over()) return false;
    }
    for (; !kept_.empty(); kept_.pop_back()) {
      if (limit.over()) return false;
      kept_.back().destroy(memory());
    }
    return true;
  }

 private:
  std::vector<store::list_node> nodes_;
  std::vector<store::list_node> kept_;  // those of them that are nobody else's
  std::size_t at_ = 0;
};

/// A stream: its nodes like those of a list, and the rest, which follows them, encoded.
class watched_stream final : public watched_collection {
 public:
  explicit watched_stream(const start& from) : watched_collection(from) {
    auto& data = static_cast<store::stream&>(*from.of.collection().large());
    nodes_.reserve(data.nodes().size());
    for (auto at = data.nodes().begin(); at != data.nodes().end(); ++at)
      nodes_.push_back({at.id(), at.value()});
    rdb_output state(state_, from.version);
    write_stream_state(state, data);
    state.flush();
    data.begin_watch(*this);
  }
  ~watched_stream() override {
    for (auto* each : kept_) store::listpack(each).destroy(memory());
  }

  using watched_collection::keep;
  /// Nodes that are newer, and those that have been copied before, are not shared.
  bool keep(const store::stream_id& id, void* block) override {
    if (nodes_.empty() || nodes_.back().id < id || !left_.insert(id).second) return false;
    kept_.push_back(block);
    count_kept(store::listpack(block).memory());
    return true;
  }

  bool write(rdb_output& to, time_slice& limit) override {
    if (at_ == 0) to.length(nodes_.size());
    while (at_ < nodes_.size()) {
      const auto& node = nodes_[at_++];
      write_stream_node(to, node.id, store::listpack(node.block));
      if (limit.over()) return false;
    }
    if (!state_.empty()) std::exchange(state_, {}).write_to(to);
    for (; !kept_.empty(); kept_.pop_back()) {
      if (limit.over()) return false;
      store::listpack(kept_.back()).destroy(memory());
    }
    return true;
  }

 private:
  struct shared_node {
    store::stream_id id;
    void* block;
  };

  std::vector<shared_node> nodes_;
  std::set<store::stream_id> left_;  // nodes that the stream has copied or dropped
  std::vector<void*> kept_;          // their blocks
  encoded_bytes state_;
  std::size_t at_ = 0;
};

}  // namespace

watched_collection::watched_collection(const start& from)
    : home_(&from.home),
      data_(from.of.collection().large()),
      kept_(&from.kept),
      key_(from.of.key()),
      type_(type_of(from.of, from.version)),
      facts_(from.facts) {}

watched_collection::~watched_collection() {
  data_->end_watch();
  if (owned_) home_->bury({store::encoding::hashtable, owned_.release()});
}

std::unique_ptr<watched_collection> watched_collection::make(const start& from) {
  using store::value_type;
  switch (from.of.type()) {
    case value_type::hash:
      return std::make_unique<watched_table<store::field_table, store::hash_field>>(from);
    case value_type::set:
      return std::make_unique<watched_table<store::member_table, store::set_member>>(from);
    case value_type::sorted_set:
      return std::make_unique<watched_table<store::large_sorted_set, store::scored_member>>(from);
    case value_type::list:
      return std::make_unique<watched_list>(from);
    case value_type::stream:
    case value_type::string:
      break;
  }
  return std::make_unique<watched_stream>(from);
}

}  // namespace hawser::persistence
