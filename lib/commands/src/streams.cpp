#include "streams.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <string>

namespace hawser::commands {

namespace {

constexpr std::size_t longest_id = 127;
constexpr const char* invalid_id = "ERR Invalid stream ID specified as stream command argument";

/// A number as IDs may have it: in its canonical form or, when that fails, as C's strtoull reads
/// it, which takes leading blanks, zeros and signs.
std::optional<std::uint64_t> parse_part(std::string_view text) {
  if (const auto exact = base::parse_uint(text)) return exact;
  if (text.empty() || base::parse_int(text)) return std::nullopt;
  const std::string copy(text);
  char* end = nullptr;
  errno = 0;
  const auto value = std::strtoull(copy.c_str(), &end, 10);
  if (errno != 0 || end != copy.c_str() + copy.size()) return std::nullopt;
  return value;
}

void reply_element(resp::reply_writer& reply, const store::listpack_element& element) {
  if (element.is_integer())
    reply.bulk_integer(element.integer);
  else
    reply.bulk({element.string, element.size});
}

/// An end of a range; without its "(" it may be "-" or "+".
std::pair<stream_id, bool> read_bound(std::string_view text, std::uint64_t missing_seq) {
  const bool excluded = text.size() > 1 && text.front() == '(';
  if (excluded) text.remove_prefix(1);
  return {read_id(text, {missing_seq, !excluded, false}), excluded};
}

}  // namespace

std::optional<parsed_id> parse_stream_id(std::string_view text, id_form form) {
  if (text.size() > longest_id) return std::nullopt;
  text = text.substr(0, text.find('\0'));
  if (text == "-" || text == "+") {
    if (!form.ends) return std::nullopt;
    return parsed_id{text == "-" ? stream_id{} : stream_id::largest()};
  }
  const auto dash = text.find('-');
  const auto ms = parse_part(text.substr(0, dash));
  if (!ms) return std::nullopt;
  if (dash == text.npos) return parsed_id{{*ms, form.missing_seq}};
  const auto rest = text.substr(dash + 1);
  if (form.open_seq && rest == "*") return parsed_id{{*ms, 0}, false};
  const auto seq = parse_part(rest);
  if (!seq) return std::nullopt;
  return parsed_id{{*ms, *seq}};
}

parsed_id read_parsed_id(std::string_view text, id_form form) {
  const auto parsed = parse_stream_id(text, form);
  if (!parsed) throw command_error(invalid_id);
  return *parsed;
}

stream_id read_id(std::string_view text, id_form form) { return read_parsed_id(text, form).id; }

stream_id read_range_start(std::string_view text) {
  const auto [id, excluded] = read_bound(text, 0);
  const auto first = excluded ? id.next() : id;
  if (!first) throw command_error("ERR invalid start ID for the interval");
  return *first;
}

stream_id read_range_end(std::string_view text) {
  const auto [id, excluded] = read_bound(text, stream_id::largest().seq);
  const auto last = excluded ? id.previous() : id;
  if (!last) throw command_error("ERR invalid end ID for the interval");
  return *last;
}

std::vector<stream_id> read_ids(context& cx) {
  std::vector<stream_id> ids;
  ids.reserve(cx.args.left());
  for (const auto word : cx.args.rest()) ids.push_back(read_id(word));
  return ids;
}

void reply_id(resp::reply_writer& reply, const stream_id& id) {
  char text[stream_id::max_chars];
  reply.bulk({text, id.format(text)});
}

void reply_fields(resp::reply_writer& reply, store::stream_cursor& at) {
  reply.array(2 * std::size_t{at.field_count()});
  at.for_each_field([&](const auto& name, const auto& value) {
    reply_element(reply, name);
    reply_element(reply, value);
  });
}

std::string to_string(const stream_id& id) { return fmt::format("{}-{}", id.ms, id.seq); }

void claim_effect(context& cx, const member_name& of, const stream_id& id,
                  const store::pending_entry& entry, const stream_id& last_delivered) {
  if (!cx.has_journal()) return cx.no_effect();
  cx.effect("XCLAIM", of.key, of.group, of.consumer, 0, to_string(id), "TIME", entry.delivered,
            "RETRYCOUNT", entry.deliveries, "FORCE", "JUSTID", "LASTID", to_string(last_delivered));
}

void group_effect(context& cx, const member_name& of, const stream_group& group) {
  if (!cx.has_journal()) return cx.no_effect();
  cx.effect("XGROUP", "SETID", of.key, of.group, to_string(group.last_id), "ENTRIESREAD",
            group.entries_read);
}

void reply_entry(resp::reply_writer& reply, store::stream_cursor& at) {
  reply.array(2);
  reply_id(reply, at.id());
  reply_fields(reply, at);
}

void reply_range(resp::reply_writer& reply, const store::stream& of, const stream_id& first,
                 const stream_id& last, std::size_t limit, bool downwards) {
  auto left = of.count(first, last, limit);
  reply.array(left);
  store::stream_cursor at(of, first, last, downwards);
  for (; left > 0 && at.next(); --left) reply_entry(reply, at);
}

stream_group& existing_group(std::optional<stream_value>& stream, std::string_view key,
                             std::string_view group) {
  auto* found = stream ? (*stream)->find_group(group) : nullptr;
  if (found == nullptr)
    throw command_error(fmt::format("NOGROUP No such key '{}' or consumer group '{}'", key, group));
  return *found;
}

void group_modified(context& cx, std::string_view key, std::string_view event) {
  ++cx.server.changes;
  cx.server.notify(cx.keys.index(), key, notify::stream, event);
}

store::stream_consumer& take_consumer(context& cx, const member_name& of, stream_group& group) {
  const auto& [key, group_name, name] = of;
  const auto [consumer, made] = group.add_consumer(name, cx.now);
  if (made) {
    group_modified(cx, key, "xgroup-createconsumer");
    cx.effect("XGROUP", "CREATECONSUMER", key, group_name, name);
  }
  consumer->seen = cx.now;
  return *consumer;
}

}  // namespace hawser::commands
