#include "lists.hpp"

#include <algorithm>
#include <span>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using keys_to_try = std::span<const std::string_view>;

void pop(context& cx, list_end from) {
  // Not refused by the table: within MULTI it is queued.
  if (cx.args.left() > 2) engine::wrong_arity(cx.what);
  const auto key = cx.args.next();
  const bool counted = !cx.args.empty();
  std::size_t wanted = 1;
  if (counted) {
    constexpr auto wrong = "ERR value is out of range, must be positive";
    const auto count = cx.args.integer(wrong);
    if (count < 0) throw command_error(wrong);
    wanted = static_cast<std::size_t>(count);
  }
  const auto list = cx.keys.write<list_value>(key);
  if (!list) return void(counted ? cx.reply.null_array() : cx.reply.null());
  const auto count = std::min(wanted, list->size());
  if (counted) cx.reply.array(count);
  pop_elements(cx, key, *list, from, count);
}

/// LPOP key [count] -- with a count the reply is an array, even of one element.
void lpop(context& cx) { pop(cx, list_end::front); }
/// RPOP key [count]
void rpop(context& cx) { pop(cx, list_end::back); }

/// The first of the keys that exists; it must be a list.
std::optional<list_value> first_list(context& cx, keys_to_try keys, std::string_view& found) {
  for (const auto key : keys)
    if (auto list = cx.keys.write<list_value>(key)) {
      found = key;
      return list;
    }
  return std::nullopt;
}

void blocking_pop(context& cx, list_end from) {
  const auto keys = cx.args.rest(1);
  const auto timeout = cx.args.timeout();
  cx.serve_or_block(keys, {.timeout = timeout, .type = list_value::type},
                    [from](context& now, keys_to_try some) {
                      std::string_view key;
                      const auto list = first_list(now, some, key);
                      if (!list) return false;
                      now.reply.array(2).bulk(key);
                      pop_elements(now, key, *list, from, 1);
                      return true;
                    });
}

/// BLPOP key [key ...] timeout
void blpop(context& cx) { blocking_pop(cx, list_end::front); }
/// BRPOP key [key ...] timeout
void brpop(context& cx) { blocking_pop(cx, list_end::back); }

/// numkeys key [key ...] LEFT|RIGHT [COUNT count]
struct pop_request {
  explicit pop_request(context& cx) {
    auto& args = cx.args;
    constexpr auto wrong_keys = "ERR numkeys should be greater than 0";
    constexpr auto wrong_count = "ERR count should be greater than 0";
    const auto number = args.integer(wrong_keys);
    if (number < 1) throw command_error(wrong_keys);
    if (static_cast<std::uint64_t>(number) >= args.left()) throw command_error(errors::syntax);
    keys = args.rest(args.left() - static_cast<std::size_t>(number));
    from = read_end(cx);
    if (args.empty()) return;
    if (!args.accept_with("count", 1)) throw command_error(errors::syntax);
    const auto wanted = args.integer(wrong_count);
    if (wanted < 1) throw command_error(wrong_count);
    count = static_cast<std::size_t>(wanted);
    args.done();
  }
  keys_to_try keys;
  list_end from;
  std::size_t count = 1;
};

bool pop_several(context& cx, keys_to_try keys, list_end from, std::size_t count) {
  std::string_view key;
  const auto list = first_list(cx, keys, key);
  if (!list) return false;
  const auto taken = std::min(count, list->size());
  cx.reply.array(2).bulk(key).array(taken);
  pop_elements(cx, key, *list, from, taken);
  return true;
}

/// LMPOP numkeys key [key ...] LEFT|RIGHT [COUNT count]
void lmpop(context& cx) {
  const pop_request request(cx);
  if (!pop_several(cx, request.keys, request.from, request.count)) cx.reply.null_array();
}

/// BLMPOP timeout numkeys key [key ...] LEFT|RIGHT [COUNT count] -- the timeout is looked at last.
void blmpop(context& cx) {
  auto timeout = cx.args;
  cx.args.next();
  const pop_request request(cx);
  cx.serve_or_block(request.keys, {.timeout = timeout.timeout(), .type = list_value::type},
                    [from = request.from, count = request.count](context& now, keys_to_try keys) {
                      return pop_several(now, keys, from, count);
                    });
}

constexpr command_spec table[] = {
    {"blmpop", arity::at_least(5), write | blocking | movablekeys, key_range::none(), blmpop},
    {"blpop", arity::at_least(3), write | noscript | blocking, key_range{1, -2, 1}, blpop},
    {"brpop", arity::at_least(3), write | noscript | blocking, key_range{1, -2, 1}, brpop},
    {"lmpop", arity::at_least(4), write | movablekeys, key_range::none(), lmpop},
    {"lpop", arity::at_least(2), write | fast, key_range::one(), lpop},
    {"rpop", arity::at_least(2), write | fast, key_range::one(), rpop},
};
static_assert(well_formed(table));

}  // namespace

void pop_elements(context& cx, std::string_view key, list_value list, list_end from,
                  std::size_t count) {
  if (count == 0) return;
  list.pop(from, count, [&](const auto& each) { reply_element(cx, each); });
  popped_effect(cx, from == list_end::front ? "LPOP" : "RPOP", key, count);
  list_changed(cx, key, list, from == list_end::front ? "lpop" : "rpop", count);
}

engine::command_table::rows list_pop_commands() { return table; }

}  // namespace hawser::commands
