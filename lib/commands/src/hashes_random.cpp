#include "hashes.hpp"

#include <limits>

namespace hawser::commands {

namespace {

using namespace engine::flags;

constexpr auto largest = std::numeric_limits<std::int64_t>::max();

/// Replies fields, each with its value if that is asked for.
class field_writer {
 public:
  field_writer(context& cx, bool values, std::uint64_t count) : cx_(cx), values_(values) {
    cx.reply.array(values && !cx.reply.resp3() ? 2 * count : count);
  }
  void operator()(const hash_value::element& field, const hash_value::element& value) {
    if (values_ && cx_.reply.resp3()) cx_.reply.array(2);
    reply_element(cx_, field);
    if (values_) reply_element(cx_, value);
  }

 private:
  context& cx_;
  bool values_;
};

/// `count` different fields, or if it is negative as many that may come more than once.
void reply_random_fields(context& cx, const hash_value& hash, std::int64_t count, bool values) {
  if (count < 0) {
    const auto wanted = static_cast<std::uint64_t>(-count);
    return hash.draw(wanted, cx.server.random, field_writer(cx, values, wanted));
  }
  const auto wanted = static_cast<std::uint64_t>(count);
  const auto size = hash.size();
  if (wanted >= size) return hash.for_each(field_writer(cx, values, size));
  hash.sample(wanted, cx.server.random, field_writer(cx, values, wanted));
}

/// HRANDFIELD key [count [WITHVALUES]]
void hrandfield(context& cx) {
  const auto key = cx.args.next();
  if (cx.args.empty()) {
    const auto hash = cx.keys.read<hash_value>(key);
    if (!hash) return void(cx.reply.null());
    hash->draw(1, cx.server.random,
               [&](const auto& field, const auto&) { reply_element(cx, field); });
    return;
  }
  const auto count = cx.args.integer_between(
      -largest, largest,
      "ERR value is out of range, value must between -9223372036854775807 and "
      "9223372036854775807");
  const bool values = cx.args.accept("WITHVALUES");
  cx.args.done();
  if (values && (count < -largest / 2 || count > largest / 2))
    throw command_error("ERR value is out of range");
  const auto hash = cx.keys.read<hash_value>(key);
  if (!hash || count == 0) return void(cx.reply.array(0));
  reply_random_fields(cx, *hash, count, values);
}

constexpr command_spec table[] = {
    {"hrandfield", arity::at_least(2), readonly, key_range::one(), hrandfield},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows hash_random_commands() { return table; }

}  // namespace hawser::commands
