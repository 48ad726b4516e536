#include "sorted_sets.hpp"

#include <limits>
#include <unordered_set>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using direction = sorted_set_value::direction;
using seen = sorted_set_value::seen;

/// Visits `count` different members, every choice of which is equally likely; there are more.
template <class Visit>
void sample(const sorted_set_value& set, std::size_t count, base::random& random, Visit visit) {
  auto left = set.size();
  if (count > left / 8) {
    // One pass that takes each member with the chance that makes up for those left out.
    set.for_each([&](const seen& each) {
      if (random.below(left--) >= count) return;
      --count;
      visit(each);
    });
    return;
  }
  std::unordered_set<std::size_t> drawn;
  while (drawn.size() < count) {
    const auto rank = static_cast<std::size_t>(random.below(left));
    if (drawn.insert(rank).second) set.for_range({rank, 1}, direction::up, visit);
  }
}

/// A negative count allows repetitions.
void reply_random(context& cx, const sorted_set_value& set, std::int64_t count, bool with_scores) {
  const bool repeats = count < 0;
  auto wanted = repeats ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  if (!repeats) wanted = std::min<std::uint64_t>(wanted, set.size());
  const auto how = pairing_of(cx);
  if (with_scores)
    reply_pair_count(cx, wanted, how);
  else
    cx.reply.array(wanted);
  const auto reply = [&](const seen& each) {
    if (with_scores)
      reply_pair(cx, each.member(), each.score(), how);
    else
      cx.reply.bulk(each.member());
  };
  if (repeats) {
    while (wanted-- > 0) set.random_member(cx.server.random, reply);
  } else if (wanted == set.size()) {
    set.for_range({0, set.size()}, direction::down, reply);
  } else {
    sample(set, wanted, cx.server.random, reply);
  }
}

/// ZRANDMEMBER key [count [WITHSCORES]]
void zrandmember(context& cx) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  const auto key = cx.args.next();
  if (cx.args.empty()) {
    const auto set = cx.keys.read<sorted_set_value>(key);
    if (!set) return void(cx.reply.null());
    return set->random_member(cx.server.random,
                              [&](const seen& each) { cx.reply.bulk(each.member()); });
  }
  const auto count = cx.args.integer_between(
      -most, most,
      "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807");
  const bool with_scores = cx.args.accept("WITHSCORES");
  cx.args.done();
  if (with_scores && (count < -most / 2 || count > most / 2))
    throw command_error("ERR value is out of range");
  const auto set = cx.keys.read<sorted_set_value>(key);
  if (!set || count == 0) return void(cx.reply.array(0));
  reply_random(cx, *set, count, with_scores);
}

constexpr command_spec table[] = {
    {"zrandmember", arity::at_least(2), readonly, key_range::one(), zrandmember},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows sorted_set_random_commands() { return table; }

}  // namespace hawser::commands
