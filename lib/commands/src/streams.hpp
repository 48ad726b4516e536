#pragma once

// What the commands of streams share: reading IDs and writing entries.

#include "family.hpp"
#include <store/stream_value.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hawser::commands {

using store::stream_group;
using store::stream_id;
using store::stream_value;

/// How the text of an ID is read.
struct id_form {
  std::uint64_t missing_seq = 0;  // for an ID of milliseconds alone
  bool ends = false;              // "-" and "+" are the least and the largest ID
  bool open_seq = false;          // the sequence may be "*"
};

struct parsed_id {
  stream_id id;
  bool has_seq = true;  // false: its sequence is "*"
};

/// "ms", "ms-seq" and what else the form allows; nothing if the text is none of that.
std::optional<parsed_id> parse_stream_id(std::string_view text, id_form form = {});

/// The same; throws for a text that is no ID.
parsed_id read_parsed_id(std::string_view text, id_form form);
stream_id read_id(std::string_view text, id_form form = {});

/// The first and the last ID of a range, which may be "-", "+" and, with "(" before it, excluded.
stream_id read_range_start(std::string_view text);
stream_id read_range_end(std::string_view text);

/// All words that are left, as IDs.
std::vector<stream_id> read_ids(context& cx);

void reply_id(resp::reply_writer& reply, const stream_id& id);
std::string to_string(const stream_id& id);

/// The entry at the cursor: its ID and an array of names and values.
void reply_entry(resp::reply_writer& reply, store::stream_cursor& at);
/// The second part of that alone.
void reply_fields(resp::reply_writer& reply, store::stream_cursor& at);

/// The entries of a range, at most `limit`.
void reply_range(resp::reply_writer& reply, const store::stream& of, const stream_id& first,
                 const stream_id& last, std::size_t limit, bool downwards = false);

/// The group of a stream; throws NOGROUP with a text of the oracle's two where either is missing.
stream_group& existing_group(std::optional<stream_value>& stream, std::string_view key,
                             std::string_view group);

/// What a member of a group is named by.
struct member_name {
  std::string_view key;
  std::string_view group;
  std::string_view consumer;
};

/// Journals what is known of an entry that is pending for a consumer.
void claim_effect(context& cx, const member_name& of, const stream_id& id,
                  const store::pending_entry& entry, const stream_id& last_delivered);

/// Journals what a group was delivered last.
void group_effect(context& cx, const member_name& of, const stream_group& group);

/// To be called after a change of what groups know, which is none of the stream for WATCH.
void group_modified(context& cx, std::string_view key, std::string_view event);

/// The consumer of this name, made and told of where it is new, and seen now.
store::stream_consumer& take_consumer(context& cx, const member_name& of, stream_group& group);

}  // namespace hawser::commands
