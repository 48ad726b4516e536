#include "sorted_sets.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using direction = sorted_set_value::direction;
using seen = sorted_set_value::seen;

struct rank_bounds {
  std::int64_t start;
  std::int64_t stop;
};

enum class ordering { rank, score, member };

using range_bounds = std::variant<rank_bounds, store::score_bounds, store::member_bounds>;

range_bounds read_bounds(ordering by, std::string_view least, std::string_view most) {
  if (by == ordering::score) return read_score_bounds(least, most);
  if (by == ordering::member) return read_member_bounds(least, most);
  const auto start = base::parse_int(least), stop = base::parse_int(most);
  if (!start || !stop) throw command_error(errors::not_integer);
  return rank_bounds{*start, *stop};
}

/// What a ZRANGE asks for. The older commands of its kind fix the order or the direction.
struct range_query {
  range_query(context& cx, std::optional<ordering> by, std::optional<direction> way, bool store) {
    auto& args = cx.args;
    auto first = args.next(), last = args.next();
    while (!args.empty()) {
      if (!store && args.accept("WITHSCORES")) {
        with_scores = true;
      } else if (args.accept_with("LIMIT", 2)) {
        offset = args.integer();
        most = args.integer();
      } else if (!way && args.accept("REV")) {
        way = direction::down;
      } else if (!by && args.accept("BYLEX")) {
        by = ordering::member;
      } else if (!by && args.accept("BYSCORE")) {
        by = ordering::score;
      } else {
        throw command_error(errors::syntax);
      }
    }
    this->way = way.value_or(direction::up);
    const auto order = by.value_or(ordering::rank);
    check(order);
    if (order != ordering::rank && this->way == direction::down) std::swap(first, last);
    bounds = read_bounds(order, first, last);
  }

  /// The members that are asked for.
  rank_range in(const sorted_set_value& set) const {
    if (const auto* ranks = std::get_if<rank_bounds>(&bounds)) {
      auto range = ranks_between(ranks->start, ranks->stop, set.size());
      if (way == direction::down && range.count > 0)
        range.first = set.size() - range.first - range.count;
      return range;
    }
    const auto* scores = std::get_if<store::score_bounds>(&bounds);
    return limited(scores != nullptr ? set.within(*scores)
                                     : set.within(std::get<store::member_bounds>(bounds)));
  }

  bool by_rank() const { return std::holds_alternative<rank_bounds>(bounds); }

  bool with_scores = false;
  direction way;
  range_bounds bounds;

 private:
  void check(ordering by) const {
    if (most != -1 && by == ordering::rank)
      throw command_error(
          "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX");
    if (with_scores && by == ordering::member)
      throw command_error("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
  }

  rank_range limited(rank_range all) const {
    const auto count = static_cast<std::int64_t>(all.count);
    if (offset < 0 || offset >= count) return {};
    auto left = count - offset;
    if (most >= 0) left = std::min(left, most);
    const auto taken = static_cast<std::size_t>(left), skipped = static_cast<std::size_t>(offset);
    if (way == direction::up) return {all.first + skipped, taken};
    return {all.first + all.count - skipped - taken, taken};
  }

  std::int64_t offset = 0;
  std::int64_t most = -1;
};

void reply_range(context& cx, std::optional<ordering> by, std::optional<direction> way) {
  const auto key = cx.args.next();
  const range_query query(cx, by, way, false);
  const auto set = cx.keys.read<sorted_set_value>(key);
  if (!set) return void(cx.reply.array(0));
  const auto range = query.in(*set);
  if (!query.with_scores) {
    cx.reply.array(range.count);
    return set->for_range(range, query.way,
                          [&](const seen& each) { cx.reply.bulk(each.member()); });
  }
  const auto how = pairing_of(cx);
  reply_pair_count(cx, range.count, how);
  set->for_range(range, query.way,
                 [&](const seen& each) { reply_pair(cx, each.member(), each.score(), how); });
}

/// ZRANGE key start stop [BYSCORE|BYLEX] [REV] [LIMIT offset count] [WITHSCORES]
void zrange(context& cx) { reply_range(cx, std::nullopt, std::nullopt); }

/// ZREVRANGE key start stop [WITHSCORES]
void zrevrange(context& cx) { reply_range(cx, ordering::rank, direction::down); }

/// ZRANGEBYSCORE key min max [WITHSCORES] [LIMIT offset count]
void zrangebyscore(context& cx) { reply_range(cx, ordering::score, direction::up); }

/// ZREVRANGEBYSCORE key max min [WITHSCORES] [LIMIT offset count]
void zrevrangebyscore(context& cx) { reply_range(cx, ordering::score, direction::down); }

/// ZRANGEBYLEX key min max [LIMIT offset count]
void zrangebylex(context& cx) { reply_range(cx, ordering::member, direction::up); }

/// ZREVRANGEBYLEX key max min [LIMIT offset count]
void zrevrangebylex(context& cx) { reply_range(cx, ordering::member, direction::down); }

/// ZRANGESTORE dst src min max [BYSCORE|BYLEX] [REV] [LIMIT offset count]
void zrangestore(context& cx) {
  const auto to = cx.args.next();
  const auto from = cx.args.next();
  const range_query query(cx, std::nullopt, std::nullopt, true);
  const auto source = cx.keys.read<sorted_set_value>(from);
  const auto range = source ? query.in(*source) : rank_range{};
  if (range.count == 0) {
    if (cx.keys.remove(to)) cx.modified(to, notify::generic, "del");
    return void(cx.reply.integer(0));
  }
  auto made = cx.keys.draft<sorted_set_value>();
  auto stored = made.value();
  if (query.by_rank()) stored.expect(range.count);
  source->for_range(range, query.way, [&](const seen& each) {
    stored.add(stored.find(each.member()), each.member(), each.score());
  });
  cx.keys.put(to, std::move(made));
  cx.modified(to, notify::zset, "zrangestore");
  cx.reply.integer(static_cast<std::int64_t>(range.count));
}

template <class Bounds>
void reply_count(context& cx, std::string_view key, const Bounds& bounds) {
  const auto set = cx.keys.read<sorted_set_value>(key);
  cx.reply.integer(set ? static_cast<std::int64_t>(set->within(bounds).count) : 0);
}

/// ZCOUNT key min max
void zcount(context& cx) {
  const auto key = cx.args.next();
  const auto least = cx.args.next();
  reply_count(cx, key, read_score_bounds(least, cx.args.next()));
}

/// ZLEXCOUNT key min max
void zlexcount(context& cx) {
  const auto key = cx.args.next();
  const auto least = cx.args.next();
  reply_count(cx, key, read_member_bounds(least, cx.args.next()));
}

/// range(set) is what to remove.
template <class Range>
void remove_range(context& cx, std::string_view key, std::string_view event, Range range) {
  auto set = cx.keys.write<sorted_set_value>(key);
  const auto removed = set ? range(*set) : rank_range{};
  if (removed.count > 0) {
    set->erase_range(removed);
    cx.modified(key, notify::zset, event);
    cx.drop_if_empty(key, *set);
  }
  cx.reply.integer(static_cast<std::int64_t>(removed.count));
}

/// ZREMRANGEBYRANK key start stop
void zremrangebyrank(context& cx) {
  const auto key = cx.args.next();
  const auto start = cx.args.integer(), stop = cx.args.integer();
  remove_range(cx, key, "zremrangebyrank",
               [&](const sorted_set_value& set) { return ranks_between(start, stop, set.size()); });
}

/// ZREMRANGEBYSCORE key min max
void zremrangebyscore(context& cx) {
  const auto key = cx.args.next();
  const auto least = cx.args.next();
  const auto bounds = read_score_bounds(least, cx.args.next());
  remove_range(cx, key, "zremrangebyscore",
               [&](const sorted_set_value& set) { return set.within(bounds); });
}

/// ZREMRANGEBYLEX key min max
void zremrangebylex(context& cx) {
  const auto key = cx.args.next();
  const auto least = cx.args.next();
  const auto bounds = read_member_bounds(least, cx.args.next());
  remove_range(cx, key, "zremrangebylex",
               [&](const sorted_set_value& set) { return set.within(bounds); });
}

constexpr command_spec table[] = {
    {"zcount", arity::exactly(4), readonly | fast, key_range::one(), zcount},
    {"zlexcount", arity::exactly(4), readonly | fast, key_range::one(), zlexcount},
    {"zrange", arity::at_least(4), readonly, key_range::one(), zrange},
    {"zrangebylex", arity::at_least(4), readonly, key_range::one(), zrangebylex},
    {"zrangebyscore", arity::at_least(4), readonly, key_range::one(), zrangebyscore},
    {"zrangestore", arity::at_least(5), write | denyoom, {1, 2, 1}, zrangestore},
    {"zremrangebylex", arity::exactly(4), write, key_range::one(), zremrangebylex},
    {"zremrangebyrank", arity::exactly(4), write, key_range::one(), zremrangebyrank},
    {"zremrangebyscore", arity::exactly(4), write, key_range::one(), zremrangebyscore},
    {"zrevrange", arity::at_least(4), readonly, key_range::one(), zrevrange},
    {"zrevrangebylex", arity::at_least(4), readonly, key_range::one(), zrevrangebylex},
    {"zrevrangebyscore", arity::at_least(4), readonly, key_range::one(), zrevrangebyscore},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows sorted_set_range_commands() { return table; }

}  // namespace hawser::commands
