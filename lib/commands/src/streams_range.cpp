#include "streams.hpp"

#include <algorithm>
#include <limits>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// [COUNT count] ...; nothing: no limit. What is less than nothing is none.
std::optional<std::size_t> read_count(context& cx) {
  std::optional<std::size_t> limit;
  while (!cx.args.empty()) {
    if (!cx.args.accept_with("COUNT", 1)) throw command_error(errors::syntax);
    limit = static_cast<std::size_t>(std::max<std::int64_t>(cx.args.integer(), 0));
  }
  return limit;
}

void range(context& cx, bool downwards) {
  const auto key = cx.args.next();
  auto start = cx.args.next();
  auto end = cx.args.next();
  if (downwards) std::swap(start, end);
  const auto first = read_range_start(start);
  const auto last = read_range_end(end);
  const auto limit = read_count(cx);
  const auto stream = cx.keys.read<stream_value>(key);
  if (!stream) return void(cx.reply.array(0));
  if (limit == 0) return void(cx.reply.null_array());
  reply_range(cx.reply, **stream, first, last,
              limit.value_or(std::numeric_limits<std::size_t>::max()), downwards);
}

/// XRANGE key start end [COUNT count]
void xrange(context& cx) { range(cx, false); }

/// XREVRANGE key end start [COUNT count]
void xrevrange(context& cx) { range(cx, true); }

constexpr command_spec table[] = {
    {"xrange", arity::at_least(4), readonly, key_range::one(), xrange},
    {"xrevrange", arity::at_least(4), readonly, key_range::one(), xrevrange},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows stream_range_commands() { return table; }

}  // namespace hawser::commands
