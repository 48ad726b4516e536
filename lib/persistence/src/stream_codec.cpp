#include "decoding.hpp"
#include "encoding.hpp"
#include <store/stream_value.hpp>

#include <cstring>
#include <limits>

namespace hawser::persistence {

namespace {

using store::stream;
using store::stream_group;
using store::stream_id;
using store::stream_value;

/// An ID as it stands beside nodes and pending entries: 16 bytes, big endian.
constexpr std::size_t raw_id_bytes = 16;

stream_id raw_id(std::string_view bytes) {
  std::uint64_t parts[2];
  std::memcpy(parts, bytes.data(), sizeof parts);
  return {__builtin_bswap64(parts[0]), __builtin_bswap64(parts[1])};
}

void write_raw_id(rdb_output& to, const stream_id& id) {
  to.u64(__builtin_bswap64(id.ms));
  to.u64(__builtin_bswap64(id.seq));
}

/// An ID as two lengths.
stream_id read_id(const decoding& of) {
  const auto ms = of.in.length();
  return {ms, of.in.length()};
}

void write_id(rdb_output& to, const stream_id& id) {
  to.length(id.ms);
  to.length(id.seq);
}

std::int64_t read_count(const decoding& of) {
  const auto count = of.in.length();
  of.in.require(count <= std::numeric_limits<std::int64_t>::max(), "a counter that cannot be");
  return static_cast<std::int64_t>(count);
}

base::milliseconds_t read_time(const decoding& of) {
  const auto time = static_cast<std::int64_t>(of.in.u64());
  of.in.require(time >= 0, "a time before the epoch");
  return time;
}

void read_node(const decoding& of, stream& to) {
  const auto key = of.in.text();
  of.in.require(key.size() == raw_id_bytes, "a node of a stream whose key is no ID");
  const auto id = raw_id(key);
  auto pack = read_listpack(of);
  of.in.require(store::stream_node::validate(pack->bytes(), id), "a node of a stream that is none");
  of.in.require(to.adopt_node(*pack, id), "a node of a stream that is empty or out of order");
  pack.take();
}

/// What follows the nodes.
void read_state(const decoding& of, stream& to, bool with_counters) {
  of.in.require(read_count(of) == to.length(), "a stream of another length than announced");
  const auto last = to.nodes().last();
  to.last_id = read_id(of);
  if (last != to.nodes().end()) {
    const auto node = stream::node_at(last);
    of.in.require(to.last_id >= node.read(node.last()).id, "a stream that ends behind its end");
  }
  to.entries_added = to.length();
  if (!with_counters) return;
  read_id(of);  // the first entry's, which is known
  to.max_deleted_id = read_id(of);
  to.entries_added = read_count(of);
}

void read_pending(const decoding& of, stream_group& group) {
  for (auto left = of.in.length(); left > 0; --left) {
    const auto id = raw_id(of.in.bytes(raw_id_bytes));
    of.in.require(group.find_pending(id) == nullptr, "an entry that is pending twice");
    auto* entry = group.add_pending(id, read_time(of));
    entry->deliveries = read_count(of);
  }
}

void read_consumer(const decoding& of, stream_group& group, bool with_activity) {
  const std::string name(of.in.text());
  const auto [consumer, is_new] = group.add_consumer(name, read_time(of));
  of.in.require(is_new, "a consumer that is there twice");
  consumer->active = consumer->seen;
  if (with_activity) {
    const auto active = static_cast<std::int64_t>(of.in.u64());
    of.in.require(active >= store::stream_consumer::never, "a time before the epoch");
    consumer->active = active;
  }
  for (auto left = of.in.length(); left > 0; --left) {
    const auto id = raw_id(of.in.bytes(raw_id_bytes));
    auto* entry = group.find_pending(id);
    of.in.require(entry != nullptr && entry->owner == nullptr,
                  "a consumer's entry that is not pending in the group, or for another one");
    group.give(id, *entry, *consumer);
  }
}

bool all_have_owners(const stream_group& group) {
  for (auto at = group.pending().begin(); at != group.pending().end(); ++at)
    if (at.value()->owner == nullptr) return false;
  return true;
}

/// How many entries the group has read: the oldest form does not say.
std::int64_t read_progress(const decoding& of, const stream& from, const stream_id& last_id,
                           rdb_type type) {
  if (type == rdb_type::stream_listpacks) return from.number_of(last_id);
  const auto kept = static_cast<std::int64_t>(of.in.length());
  of.in.require(kept >= stream_group::unknown, "a counter that cannot be");
  return kept;
}

void read_group(const decoding& of, stream& to, rdb_type type) {
  const std::string name(of.in.text());
  const auto last_id = read_id(of);
  auto* group = to.add_group(name, last_id, read_progress(of, to, last_id, type));
  of.in.require(group != nullptr, "a group that is there twice");
  read_pending(of, *group);
  for (auto left = of.in.length(); left > 0; --left)
    read_consumer(of, *group, type == rdb_type::stream_listpacks_3);
  of.in.require(all_have_owners(*group), "an entry that is pending for nobody");
}

bool says_activity(const rdb_output& to) {
  return stream_type(to.version()) == rdb_type::stream_listpacks_3;
}

void write_group(rdb_output& to, const std::string& name, const stream_group& group) {
  to.string(name);
  write_id(to, group.last_id);
  to.length(static_cast<std::uint64_t>(group.entries_read));
  to.length(group.pending().size());
  for (auto at = group.pending().begin(); at != group.pending().end(); ++at) {
    write_raw_id(to, at.id());
    to.u64(static_cast<std::uint64_t>(at.value()->delivered));
    to.length(static_cast<std::uint64_t>(at.value()->deliveries));
  }
  to.length(group.consumers().size());
  for (const auto& [consumer_name, consumer] : group.consumers()) {
    to.string(consumer_name);
    to.u64(static_cast<std::uint64_t>(consumer.seen));
    if (says_activity(to)) to.u64(static_cast<std::uint64_t>(consumer.active));
    to.length(consumer.pending.size());
    for (auto at = consumer.pending.begin(); at != consumer.pending.end(); ++at)
      write_raw_id(to, at.id());
  }
}

void write_nodes(rdb_output& to, const stream& of) {
  to.length(of.nodes().size());
  for (auto at = of.nodes().begin(); at != of.nodes().end(); ++at)
    write_stream_node(to, at.id(), store::listpack(at.value()));
}

}  // namespace

decoded_value read_stream(const decoding& of, rdb_type type) {
  store::draft<stream_value> made(of.home);
  auto& to = *made.value();
  for (auto left = of.in.length(); left > 0; --left) read_node(of, to);
  read_state(of, to, type != rdb_type::stream_listpacks);
  for (auto left = of.in.length(); left > 0; --left) read_group(of, to, type);
  return {of.home, stream_value::type, std::move(made).take(), false};
}

rdb_type stream_type(int version) {
  return version >= rdb_version_with_packed_sets ? rdb_type::stream_listpacks_3
                                                 : rdb_type::stream_listpacks_2;
}

void write_stream_node(rdb_output& to, const stream_id& id, store::listpack of) {
  to.length(raw_id_bytes);
  write_raw_id(to, id);
  to.string(of.bytes());
}

void write_stream_state(rdb_output& to, const stream& from) {
  to.length(static_cast<std::uint64_t>(from.length()));
  write_id(to, from.last_id);
  write_id(to, from.first_id());
  write_id(to, from.max_deleted_id);
  to.length(static_cast<std::uint64_t>(from.entries_added));
  to.length(from.groups().size());
  for (const auto& [name, group] : from.groups()) write_group(to, name, group);
}

void write_stream(rdb_output& to, const store::entry& of) {
  const auto& from = static_cast<const stream&>(*of.collection().large());
  write_nodes(to, from);
  write_stream_state(to, from);
}

}  // namespace hawser::persistence
