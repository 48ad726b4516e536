#include "lists.hpp"

#include <span>
#include <string>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// From which end of which list to which end of which other.
struct route {
  std::string to;
  list_end taken;
  list_end put;
};

std::string_view name_of(list_end end) { return end == list_end::front ? "LEFT" : "RIGHT"; }

/// Moves an element and replies it; false, without a reply, if there is no source.
bool move(context& cx, std::string_view from, const route& way) {
  auto source = cx.keys.write<list_value>(from);
  if (!source) return false;
  auto goal = cx.keys.write<list_value>(way.to);
  if (!goal) goal = cx.keys.write_or_create<list_value>(way.to);

  std::string moved;
  source->pop(way.taken, 1, [&](const auto& each) {
    reply_element(cx, each);
    moved = each.to_string();
  });
  goal->push(way.put, moved);
  cx.effect("LMOVE", from, way.to, name_of(way.taken), name_of(way.put));
  list_changed(cx, way.to, *goal, way.put == list_end::front ? "lpush" : "rpush", 0);
  list_changed(cx, from, *source, way.taken == list_end::front ? "lpop" : "rpop");
  return true;
}

void move_or_reply_null(context& cx, std::string_view from, const route& way) {
  if (!move(cx, from, way)) cx.reply.null();
}

void move_or_block(context& cx, std::string_view from, route way) {
  const auto timeout = cx.args.timeout();
  cx.serve_or_block({&from, 1}, {.timeout = timeout, .type = list_value::type, .plain_null = true},
                    [way = std::move(way)](context& now, std::span<const std::string_view> keys) {
                      return move(now, keys[0], way);
                    });
}

route read_route(context& cx) {
  route way{std::string(cx.args.next()), list_end::back, list_end::front};
  way.taken = read_end(cx);
  way.put = read_end(cx);
  return way;
}

/// LMOVE source destination LEFT|RIGHT LEFT|RIGHT
void lmove(context& cx) {
  const auto from = cx.args.next();
  move_or_reply_null(cx, from, read_route(cx));
}

/// RPOPLPUSH source destination
void rpoplpush(context& cx) {
  const auto from = cx.args.next();
  move_or_reply_null(cx, from, {std::string(cx.args.next()), list_end::back, list_end::front});
}

/// BLMOVE source destination LEFT|RIGHT LEFT|RIGHT timeout
void blmove(context& cx) {
  const auto from = cx.args.next();
  move_or_block(cx, from, read_route(cx));
}

/// BRPOPLPUSH source destination timeout
void brpoplpush(context& cx) {
  const auto from = cx.args.next();
  move_or_block(cx, from, {std::string(cx.args.next()), list_end::back, list_end::front});
}

constexpr key_range two_keys{1, 2, 1};

constexpr command_spec table[] = {
    {"blmove", arity::exactly(6), write | denyoom | noscript | blocking, two_keys, blmove},
    {"brpoplpush", arity::exactly(4), write | denyoom | noscript | blocking, two_keys, brpoplpush},
    {"lmove", arity::exactly(5), write | denyoom, two_keys, lmove},
    {"rpoplpush", arity::exactly(3), write | denyoom, two_keys, rpoplpush},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows list_move_commands() { return table; }

}  // namespace hawser::commands
