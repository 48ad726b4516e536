#include "streams.hpp"
#include <base/chunked_buffer.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::stream_consumer;
using time = base::milliseconds_t;

constexpr auto no_limit = std::numeric_limits<std::size_t>::max();

using words = std::span<const std::string_view>;

/// Where reading a stream begins.
struct start {
  stream_id after;        // the entries behind this one
  bool only_new = false;  // of a group: those that nobody has been delivered (">")
};

/// How streams are read.
struct read_terms {
  std::size_t limit = no_limit;
  std::optional<time> block;
  std::optional<std::pair<std::string_view, std::string_view>> group;  // and consumer
  bool no_ack = false;
  std::optional<time> min_idle;  // entries that are pending so long are claimed
};

[[noreturn]] void only_for_groups(std::string_view option) {
  throw command_error(fmt::format(
      "ERR The {} option is only supported by XREADGROUP. You called XREAD instead.", option));
}

time read_timeout(engine::arg_reader& args) {
  const auto timeout = args.integer("ERR timeout is not an integer or out of range");
  if (timeout < 0) throw command_error("ERR timeout is negative");
  return timeout;
}

time read_claim(engine::arg_reader& args) {
  const auto idle = args.integer("ERR min-idle-time is not an integer");
  if (idle < 0) throw command_error("ERR min-idle-time must be a positive integer");
  return idle;
}

/// The options up to STREAMS.
read_terms read_options(context& cx, bool grouped) {
  auto& args = cx.args;
  read_terms terms;
  while (!args.accept_with("STREAMS", 1)) {
    if (args.accept_with("BLOCK", 1)) {
      if (cx.who.is_script)
        throw command_error("ERR " + std::string(args.words()[0]) +
                            " command is not allowed with BLOCK option from scripts");
      terms.block = read_timeout(args);
    } else if (args.accept_with("COUNT", 1)) {
      const auto count = args.integer();
      terms.limit = count > 0 ? static_cast<std::size_t>(count) : no_limit;
    } else if (args.accept_with("GROUP", 2)) {
      if (!grouped) only_for_groups("GROUP");
      const auto group = args.next();
      terms.group.emplace(group, args.next());
    } else if (args.accept("NOACK")) {
      if (!grouped) only_for_groups("NOACK");
      terms.no_ack = true;
    } else if (grouped && args.accept_with("CLAIM", 1)) {
      terms.min_idle = read_claim(args);
    } else {
      throw command_error(errors::syntax);
    }
  }
  if (args.left() % 2 != 0)
    throw command_error(
        "ERR Unbalanced XREAD list of streams: for each stream key an ID or '$' must be "
        "specified.");
  if (grouped && !terms.group) throw command_error("ERR Missing GROUP option for XREADGROUP");
  return terms;
}

stream_group* find_group(std::optional<stream_value>& stream, const read_terms& terms) {
  return stream ? (*stream)->find_group(terms.group->first) : nullptr;
}

/// Where to begin, which may depend on the stream as it is now.
start read_start(context& cx, std::string_view key, std::string_view word,
                 const read_terms& terms) {
  auto stream = cx.keys.read<stream_value>(key);
  if (terms.group && find_group(stream, terms) == nullptr)
    throw command_error(fmt::format(
        "NOGROUP No such key '{}' or consumer group '{}' in XREADGROUP with GROUP option", key,
        terms.group->first));
  if (word == "$") {
    if (terms.group)
      throw command_error(
          "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history "
          "of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ "
          "ID would just return an empty result set.");
    return {stream ? (*stream)->last_id : stream_id{}};
  }
  if (word == "+" && !terms.group) {
    const auto last = stream ? (*stream)->last_entry_id().previous() : std::nullopt;
    return {last ? *last : stream ? (*stream)->last_id : stream_id{}};
  }
  if (word == ">") {
    if (!terms.group)
      throw command_error(
          "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> "
          "<consumer> option.");
    return {{}, true};
  }
  const auto id = read_id(word);
  return {id, terms.group && id == stream_id::largest()};
}

std::vector<start> read_starts(context& cx, words keys, const read_terms& terms) {
  std::vector<start> starts;
  starts.reserve(keys.size());
  for (const auto key : keys) starts.push_back(read_start(cx, key, cx.args.next(), terms));
  return starts;
}

/// The entries of a stream for one reply: those that are claimed, then those behind an ID.
class delivery {
 public:
  delivery(context& cx, store::stream& from, const start& where, const read_terms& terms)
      : cx_(cx), from_(from), terms_(terms), after_(where.after) {
    if (terms.group) join(where);
    const auto next = after_.next();
    if (history_ || !next) return;
    first_ = *next;
    if (claimed_.size() < terms.limit)
      new_count_ = from.count(first_, stream_id::largest(), terms.limit - claimed_.size());
  }

  /// Whether there is something to reply: what a consumer has already got is, even if it is
  /// nothing, and so are for a client that has waited entries that are no more.
  bool ready() const {
    return history_ || !claimed_.empty() || new_count_ > 0 ||
           (cx_.waited && from_.last_id > after_);
  }

  void reply(std::string_view key) {
    if (group_ != nullptr) {
      member_ = {key, terms_.group->first, terms_.group->second};
      consumer_ = &take_consumer(cx_, member_, *group_);
      cx_.no_effect();  // but what is delivered, one by one
    }
    if (!cx_.reply.resp3()) cx_.reply.array(2);
    cx_.reply.bulk(key);
    if (history_) {
      reply_history();
    } else {
      // Who waits to claim what others leave has now something to wait for.
      if (group_ != nullptr && group_->pending().empty())
        cx_.server.waits.touch(cx_.keys.index(), key);
      cx_.reply.array(claimed_.size() + new_count_);
      reply_claimed();
      reply_new();
    }
    if (group_ != nullptr) ++cx_.server.changes;
  }

 private:
  /// Finds the group, and from there on what is to be read.
  void join(const start& where) {
    group_ = from_.find_group(terms_.group->first);
    history_ = !where.only_new;
    if (history_) return;
    after_ = group_->last_id;
    if (terms_.min_idle) find_idle(*terms_.min_idle);
  }

  /// Finds what has been pending so long, the longest first; who waits is tried again when the
  /// first entry will have been. O(pending entries).
  void find_idle(time min_idle) {
    const auto& all = group_->pending();
    for (auto at = all.begin(); at != all.end(); ++at) {
      const auto idle = cx_.now - at.value()->delivered;
      if (!from_.contains(at.id())) continue;
      if (idle >= min_idle)
        claimed_.emplace_back(at.value()->delivered, at.id());
      else
        cx_.retry_after(min_idle - idle);
    }
    std::ranges::sort(claimed_);
    if (claimed_.size() > terms_.limit) claimed_.resize(terms_.limit);
  }

  /// An entry; with CLAIM also for how long and how often it had been delivered before.
  void reply_one(store::stream_cursor& at, time idle, std::int64_t deliveries) {
    if (!terms_.min_idle) return reply_entry(cx_.reply, at);
    cx_.reply.array(4);
    reply_id(cx_.reply, at.id());
    reply_fields(cx_.reply, at);
    cx_.reply.integer(idle).integer(deliveries);
  }

  void reply_claimed() {
    for (const auto& [delivered, id] : claimed_) {
      auto& entry = *group_->find_pending(id);
      store::stream_cursor at(from_, id, id);
      at.next();
      reply_one(at, cx_.now - delivered, entry.deliveries);
      entry.delivered = cx_.now;
      ++entry.deliveries;
      group_->give(id, entry, *consumer_);
      claim_effect(cx_, member_, id, entry, group_->last_id);
    }
    if (!claimed_.empty()) consumer_->active = cx_.now;
  }

  void reply_new() {
    store::stream_cursor at(from_, first_, stream_id::largest());
    for (auto left = new_count_; left > 0 && at.next(); --left) {
      reply_one(at, 0, 0);
      if (group_ == nullptr) continue;
      from_.advance(*group_, at.id());
      if (terms_.no_ack) continue;
      group_->deliver(at.id(), *consumer_, cx_.now);
      if (cx_.has_journal())
        claim_effect(cx_, member_, at.id(), *group_->find_pending(at.id()), group_->last_id);
    }
    if (group_ == nullptr || new_count_ == 0) return;
    consumer_->active = cx_.now;
    group_effect(cx_, member_, *group_);
  }

  /// What is pending for the consumer, which counts as delivered once more; of entries that are no
  /// more only the ID is left.
  void reply_history() {
    const auto& pending = consumer_->pending;
    const auto begin = after_.next() ? pending.lower_bound(*after_.next()) : pending.end();
    std::size_t count = 0;
    for (auto at = begin; at != pending.end() && count < terms_.limit; ++at) ++count;
    cx_.reply.array(count);
    for (auto at = begin; count > 0; ++at, --count) {
      store::stream_cursor entry(from_, at.id(), at.id());
      if (entry.next()) {
        reply_entry(cx_.reply, entry);
        at.value()->delivered = cx_.now;
        ++at.value()->deliveries;
        claim_effect(cx_, member_, at.id(), *at.value(), group_->last_id);
      } else {
        cx_.reply.array(2);
        reply_id(cx_.reply, at.id());
        cx_.reply.null_array();
      }
    }
  }

  context& cx_;
  store::stream& from_;
  const read_terms& terms_;
  stream_group* group_ = nullptr;
  stream_consumer* consumer_ = nullptr;
  member_name member_;
  bool history_ = false;
  stream_id after_;
  stream_id first_;
  std::size_t new_count_ = 0;
  std::vector<std::pair<time, stream_id>> claimed_;
};

/// Replies the streams that have something; false: none has, and nothing is replied.
bool serve(context& cx, words keys, std::span<const start> starts, const read_terms& terms) {
  // How many they are is known at the end: what is read from one stream may be what another name
  // of it was waiting for.
  base::chunked_buffer body;
  auto& out = cx.reply.out();
  cx.reply.redirect(body);
  std::size_t served = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto stream = terms.group ? cx.keys.read_to_change<stream_value>(keys[i])
                                    : cx.keys.read<stream_value>(keys[i]);
    if (!stream) continue;
    delivery some(cx, **stream, starts[i], terms);
    if (!some.ready()) continue;
    some.reply(keys[i]);
    ++served;
  }
  cx.reply.redirect(out);
  if (served == 0) return false;
  cx.reply.resp3() ? cx.reply.map(served) : cx.reply.array(served);
  out.splice(std::move(body));
  return true;
}

/// What a member of a group waited for must still be there.
void check_group(context& cx, std::string_view key, const read_terms& terms) {
  auto* found = cx.keys.peek(key);
  if (found == nullptr || found->type() != stream_value::type)
    throw command_error("UNBLOCKED the stream key no longer exists");
  auto stream = cx.keys.as<stream_value>(found);
  if (find_group(stream, terms) == nullptr)
    throw command_error("NOGROUP the consumer group this client was blocked on no longer exists");
}

/// The same for a stream that has changed since the command began to wait.
bool serve_changed(context& cx, std::string_view changed, std::span<const start> starts,
                   bool grouped) {
  const auto terms = read_options(cx, grouped);
  if (grouped) check_group(cx, changed, terms);
  const auto keys = cx.args.rest(starts.size());
  const auto at = static_cast<std::size_t>(std::ranges::find(keys, changed) - keys.begin());
  return serve(cx, keys.subspan(at, 1), starts.subspan(at, 1), terms);
}

void read(context& cx, bool grouped) {
  const auto terms = read_options(cx, grouped);
  const auto keys = cx.args.rest(cx.args.left() / 2);
  auto starts = read_starts(cx, keys, terms);
  if (serve(cx, keys, starts, terms)) return;
  if (!terms.block) return void(cx.reply.null_array());
  cx.serve_or_block(keys,
                    {.timeout = *terms.block, .type = stream_value::type, .sees_loss = grouped},
                    [starts = std::move(starts), grouped](context& now, words changed) {
                      return now.waited && serve_changed(now, changed.front(), starts, grouped);
                    });
}

/// XREAD [COUNT count] [BLOCK milliseconds] STREAMS key [key ...] id|$|+ [id|$|+ ...]
void xread(context& cx) { read(cx, false); }

/// XREADGROUP GROUP group consumer [COUNT count] [BLOCK milliseconds] [CLAIM min-idle-time] [NOACK]
/// STREAMS key [key ...] id|> [id|> ...]
void xreadgroup(context& cx) { read(cx, true); }

constexpr command_spec table[] = {
    {"xread", arity::at_least(4), readonly | blocking | movablekeys, key_range::none(), xread},
    {"xreadgroup", arity::at_least(7), write | blocking | movablekeys, key_range::none(),
     xreadgroup},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows stream_read_commands() { return table; }

}  // namespace hawser::commands
