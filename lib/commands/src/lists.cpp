#include "lists.hpp"

#include <algorithm>
#include <span>

namespace hawser::commands {

namespace {

using namespace engine::flags;

std::string_view push_event(list_end at) { return at == list_end::front ? "lpush" : "rpush"; }

using elements_t = std::span<const std::string_view>;

elements_t elements_to_add(context& cx) {
  const auto elements = cx.args.rest();
  for (const auto element : elements) checked(element);
  return elements;
}

void push(context& cx, std::string_view key, list_value list, elements_t elements, list_end at) {
  for (const auto element : elements) list.push(at, element);
  list_changed(cx, key, list, push_event(at), elements.size());
  cx.reply.integer(static_cast<std::int64_t>(list.size()));
}

void push(context& cx, list_end at) {
  const auto key = cx.args.next();
  const auto elements = elements_to_add(cx);
  push(cx, key, cx.keys.write_or_create<list_value>(key), elements, at);
}

void push_if_exists(context& cx, list_end at) {
  const auto key = cx.args.next();
  const auto elements = elements_to_add(cx);
  const auto list = cx.keys.write<list_value>(key);
  if (!list) return void(cx.reply.integer(0));
  push(cx, key, *list, elements, at);
}

/// LPUSH key element [element ...]
void lpush(context& cx) { push(cx, list_end::front); }
/// RPUSH key element [element ...]
void rpush(context& cx) { push(cx, list_end::back); }
/// LPUSHX key element [element ...]
void lpushx(context& cx) { push_if_exists(cx, list_end::front); }
/// RPUSHX key element [element ...]
void rpushx(context& cx) { push_if_exists(cx, list_end::back); }

/// LLEN key
void llen(context& cx) {
  const auto list = cx.keys.read<list_value>(cx.args.next());
  cx.reply.integer(list ? static_cast<std::int64_t>(list->size()) : 0);
}

/// What two indices, counted from the end if negative, mean in a list of this size.
struct index_range {
  index_range(std::int64_t start, std::int64_t stop, std::size_t size) {
    const auto length = static_cast<std::int64_t>(size);
    if (start < 0) start = std::max<std::int64_t>(start + length, 0);
    if (stop < 0) stop += length;
    stop = std::min(stop, length - 1);
    if (start > stop) return;
    first = static_cast<std::size_t>(start);
    count = static_cast<std::size_t>(stop - start + 1);
  }
  std::size_t first = 0;
  std::size_t count = 0;
};

/// LRANGE key start stop
void lrange(context& cx) {
  const auto key = cx.args.next();
  const auto start = cx.args.integer();
  const auto stop = cx.args.integer();
  const auto list = cx.keys.read<list_value>(key);
  if (!list) return void(cx.reply.array(0));
  const index_range range(start, stop, list->size());
  cx.reply.array(range.count);
  list->for_range(range.first, range.count, [&](const auto& each) { reply_element(cx, each); });
}

/// LTRIM key start stop -- keeps only the elements of the range.
void ltrim(context& cx) {
  const auto key = cx.args.next();
  const auto start = cx.args.integer();
  const auto stop = cx.args.integer();
  cx.reply.ok();
  auto list = cx.keys.write<list_value>(key);
  if (!list) return;
  const auto size = list->size();
  const index_range kept(start, stop, size);
  const auto behind = kept.first + kept.count;
  list->erase(behind, size - behind);
  list->erase(0, kept.first);
  list_changed(cx, key, *list, "ltrim", size - kept.count);
}

/// The index that a number means; none if it is outside of the list.
std::optional<std::size_t> index_in(const list_value& list, std::int64_t number) {
  const auto size = static_cast<std::int64_t>(list.size());
  if (number < 0) number += size;
  if (number < 0 || number >= size) return std::nullopt;
  return static_cast<std::size_t>(number);
}

/// LINDEX key index
void lindex(context& cx) {
  const auto list = cx.keys.read<list_value>(cx.args.next());
  if (!list) return void(cx.reply.null());
  const auto index = index_in(*list, cx.args.integer());
  if (!index) return void(cx.reply.null());
  list->for_range(*index, 1, [&](const auto& each) { reply_element(cx, each); });
}

/// LSET key index element
void lset(context& cx) {
  const auto key = cx.args.next();
  auto list = cx.keys.write<list_value>(key);
  if (!list) throw command_error(errors::no_such_key);
  const auto index = index_in(*list, cx.args.integer());
  if (!index) throw command_error(errors::out_of_range);
  list->replace(*index, checked(cx.args.next()));
  list_changed(cx, key, *list, "lset");
  cx.reply.ok();
}

constexpr command_spec table[] = {
    {"lindex", arity::exactly(3), readonly, key_range::one(), lindex},
    {"llen", arity::exactly(2), readonly | fast, key_range::one(), llen},
    {"lpush", arity::at_least(3), write | denyoom | fast, key_range::one(), lpush},
    {"lpushx", arity::at_least(3), write | denyoom | fast, key_range::one(), lpushx},
    {"lrange", arity::exactly(4), readonly, key_range::one(), lrange},
    {"lset", arity::exactly(4), write | denyoom, key_range::one(), lset},
    {"ltrim", arity::exactly(4), write, key_range::one(), ltrim},
    {"rpush", arity::at_least(3), write | denyoom | fast, key_range::one(), rpush},
    {"rpushx", arity::at_least(3), write | denyoom | fast, key_range::one(), rpushx},
};
static_assert(well_formed(table));

}  // namespace

void list_changed(context& cx, std::string_view key, const list_value& list, std::string_view event,
                  std::size_t changes) {
  cx.touched(cx.keys.index(), key, notify::list, event);
  cx.server.changes += changes;
  cx.drop_if_empty(key, list);
}

engine::command_table::rows list_commands() { return table; }

}  // namespace hawser::commands
