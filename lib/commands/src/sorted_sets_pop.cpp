#include "sorted_sets.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using direction = sorted_set_value::direction;
using seen = sorted_set_value::seen;

/// Replies up to `most` members of an end and takes them out; the reply's head is written by the
/// caller.
void pop(context& cx, std::string_view key, sorted_set_value set, direction from, std::size_t count,
         pairing how) {
  const rank_range range{from == direction::up ? 0 : set.size() - count, count};
  set.for_range(range, from,
                [&](const seen& each) { reply_pair(cx, each.member(), each.score(), how); });
  set.erase_range(range);
  cx.modified(key, notify::zset, from == direction::up ? "zpopmin" : "zpopmax");
  popped_effect(cx, from == direction::up ? "ZPOPMIN" : "ZPOPMAX", key, count);
  cx.drop_if_empty(key, set);
}

/// ZPOPMIN key [count]
/// ZPOPMAX key [count]
void pop_end(context& cx, direction from) {
  constexpr const char* bad = "ERR value is out of range, must be positive";
  const auto key = cx.args.next();
  const bool counted = !cx.args.empty();
  if (cx.args.left() > 1) throw command_error(errors::syntax);
  const auto wanted = counted ? cx.args.integer(bad) : 1;
  if (wanted < 0) throw command_error(bad);

  const auto set = cx.keys.write<sorted_set_value>(key);
  if (!set || wanted == 0) return void(cx.reply.array(0));
  const auto count = std::min(static_cast<std::size_t>(wanted), set->size());
  const auto how = counted ? pairing_of(cx) : pairing::flat;
  reply_pair_count(cx, count, how);
  pop(cx, key, *set, from, count, how);
}

void zpopmin(context& cx) { pop_end(cx, direction::up); }
void zpopmax(context& cx) { pop_end(cx, direction::down); }

/// numkeys key [key ...] MIN|MAX [COUNT count]
struct pop_query {
  explicit pop_query(engine::arg_reader& args) {
    constexpr const char* bad_number = "ERR numkeys should be greater than 0";
    constexpr const char* bad_count = "ERR count should be greater than 0";
    const auto number = args.integer(bad_number);
    if (number < 1) throw command_error(bad_number);
    if (static_cast<std::uint64_t>(number) >= args.left()) throw command_error(errors::syntax);
    keys = args.rest(args.left() - static_cast<std::size_t>(number));
    if (args.accept("MAX"))
      from = direction::down;
    else if (!args.accept("MIN"))
      throw command_error(errors::syntax);
    if (args.empty()) return;
    if (!args.accept_with("COUNT", 1)) throw command_error(errors::syntax);
    const auto given = args.integer(bad_count);
    if (given < 1) throw command_error(bad_count);
    count = static_cast<std::size_t>(given);
    args.done();
  }

  std::span<const std::string_view> keys;
  direction from = direction::up;
  std::size_t count = 1;
};

/// Pops from the first key that holds something; false: none does.
bool pop_first(context& cx, std::span<const std::string_view> keys, direction from,
               std::size_t most) {
  for (const auto key : keys) {
    const auto set = cx.keys.write<sorted_set_value>(key);
    if (!set) continue;
    const auto count = std::min(most, set->size());
    cx.reply.array(2).bulk(key).array(count);
    pop(cx, key, *set, from, count, pairing::nested);
    return true;
  }
  return false;
}

/// ZMPOP numkeys key [key ...] MIN|MAX [COUNT count]
void zmpop(context& cx) {
  const pop_query query(cx.args);
  if (!pop_first(cx, query.keys, query.from, query.count)) cx.reply.null_array();
}

/// BZPOPMIN key [key ...] timeout
/// BZPOPMAX key [key ...] timeout
void pop_end_or_wait(context& cx, direction from) {
  const auto keys = cx.args.rest(1);
  const auto timeout = cx.args.timeout();
  cx.serve_or_block(keys, {.timeout = timeout, .type = sorted_set_value::type},
                    [from](context& now, std::span<const std::string_view> to_try) {
                      for (const auto key : to_try) {
                        const auto set = now.keys.write<sorted_set_value>(key);
                        if (!set) continue;
                        now.reply.array(3).bulk(key);
                        pop(now, key, *set, from, 1, pairing::flat);
                        return true;
                      }
                      return false;
                    });
}

void bzpopmin(context& cx) { pop_end_or_wait(cx, direction::up); }
void bzpopmax(context& cx) { pop_end_or_wait(cx, direction::down); }

/// BZMPOP timeout numkeys key [key ...] MIN|MAX [COUNT count]
void bzmpop(context& cx) {
  // The timeout comes first but is the last to be found wrong.
  auto timeout = engine::arg_reader(cx.args.rest(cx.args.left() - 1), 0);
  const pop_query query(cx.args);
  cx.serve_or_block(query.keys, {.timeout = timeout.timeout(), .type = sorted_set_value::type},
                    [from = query.from, count = query.count](
                        context& now, std::span<const std::string_view> to_try) {
                      return pop_first(now, to_try, from, count);
                    });
}

constexpr auto waits = write | blocking;

constexpr command_spec table[] = {
    {"bzmpop", arity::at_least(5), waits | movablekeys, key_range::none(), bzmpop},
    {"bzpopmax", arity::at_least(3), waits | fast | noscript, {1, -2, 1}, bzpopmax},
    {"bzpopmin", arity::at_least(3), waits | fast | noscript, {1, -2, 1}, bzpopmin},
    {"zmpop", arity::at_least(4), write | movablekeys, key_range::none(), zmpop},
    {"zpopmax", arity::at_least(2), write | fast, key_range::one(), zpopmax},
    {"zpopmin", arity::at_least(2), write | fast, key_range::one(), zpopmin},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows sorted_set_pop_commands() { return table; }

}  // namespace hawser::commands
