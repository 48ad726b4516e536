#include "hashes.hpp"

#include "scan_options.hpp"

#include <fmt/format.h>

#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// Stores fields and values; returns how many fields are new.
std::size_t set_fields(context& cx) {
  const auto key = cx.args.next();
  const auto pairs = cx.args.rest();
  if (pairs.size() % 2 != 0) engine::wrong_arity(cx.what);
  auto hash = cx.keys.write_or_create<hash_value>(key);
  std::size_t added = 0;
  for (std::size_t i = 0; i < pairs.size(); i += 2) added += hash.set(pairs[i], pairs[i + 1]);
  cx.modified(key, notify::hash, "hset");
  return added;
}

/// HSET key field value [field value ...]
void hset(context& cx) { cx.reply.integer(static_cast<std::int64_t>(set_fields(cx))); }

/// HMSET key field value [field value ...]
void hmset(context& cx) {
  set_fields(cx);
  cx.reply.ok();
}

/// HSETNX key field value
void hsetnx(context& cx) {
  const auto key = cx.args.next();
  const auto field = cx.args.next();
  const auto value = cx.args.next();
  auto hash = cx.keys.write_or_create<hash_value>(key);
  const bool missing = !hash.contains(field);
  if (missing) {
    hash.set(field, value);
    cx.modified(key, notify::hash, "hset");
  }
  cx.reply.integer(missing);
}

/// HGET key field
void hget(context& cx) {
  const auto hash = cx.keys.read<hash_value>(cx.args.next());
  reply_value(cx, hash, cx.args.next());
}

/// HMGET key field [field ...]
void hmget(context& cx) {
  const auto hash = cx.keys.read<hash_value>(cx.args.next());
  const auto fields = cx.args.rest();
  cx.reply.array(fields.size());
  for (const auto field : fields) reply_value(cx, hash, field);
}

/// HDEL key field [field ...]
void hdel(context& cx) {
  const auto key = cx.args.next();
  const auto fields = cx.args.rest();
  std::int64_t removed = 0;
  if (auto hash = cx.keys.write<hash_value>(key)) {
    for (const auto field : fields) removed += hash->remove(field);
    if (removed > 0) {
      cx.modified(key, notify::hash, "hdel");
      cx.drop_if_empty(key, *hash);
    }
  }
  cx.reply.integer(removed);
}

/// HLEN key
void hlen(context& cx) {
  const auto hash = cx.keys.read<hash_value>(cx.args.next());
  cx.reply.integer(hash ? static_cast<std::int64_t>(hash->size()) : 0);
}

/// HSTRLEN key field
void hstrlen(context& cx) {
  const auto hash = cx.keys.read<hash_value>(cx.args.next());
  const auto field = cx.args.next();
  const auto value = hash ? hash->get(field) : std::nullopt;
  store::digits digits;
  cx.reply.integer(value ? static_cast<std::int64_t>(value->text(digits.room).size()) : 0);
}

/// HEXISTS key field
void hexists(context& cx) {
  const auto hash = cx.keys.read<hash_value>(cx.args.next());
  const auto field = cx.args.next();
  cx.reply.integer(hash && hash->contains(field));
}

/// HGETALL key
void hgetall(context& cx) {
  const auto hash = cx.keys.read<hash_value>(cx.args.next());
  cx.reply.map(hash ? hash->size() : 0);
  if (!hash) return;
  hash->for_each([&](const auto& field, const auto& value) {
    reply_element(cx, field);
    reply_element(cx, value);
  });
}

/// HKEYS key
void hkeys(context& cx) {
  const auto hash = cx.keys.read<hash_value>(cx.args.next());
  cx.reply.array(hash ? hash->size() : 0);
  if (hash) hash->for_each([&](const auto& field, const auto&) { reply_element(cx, field); });
}

/// HVALS key
void hvals(context& cx) {
  const auto hash = cx.keys.read<hash_value>(cx.args.next());
  cx.reply.array(hash ? hash->size() : 0);
  if (hash) hash->for_each([&](const auto&, const auto& value) { reply_element(cx, value); });
}

/// HSCAN key cursor [MATCH pattern] [COUNT count] [NOVALUES]
void hscan(context& cx) {
  const auto key = cx.args.next();
  auto cursor = read_cursor(cx.args.next());
  const auto hash = cx.keys.read<hash_value>(key);
  if (!hash) return void(cx.reply.array(2).bulk("0").array(0));
  bool values = true;
  const scan_options options(cx.args, [&] {
    if (!cx.args.accept("NOVALUES")) return false;
    values = false;
    return true;
  });
  // The number of elements must be known before the first of them can be replied.
  std::vector<hash_value::element> found;
  std::size_t visited = 0;
  const auto visit = [&](std::uint64_t at) {
    return hash->scan(at, [&](const auto& field, const auto& value) {
      store::digits digits;
      visited += 1 + values;
      if (!options.select(field.text(digits.room))) return;
      found.push_back(field);
      if (values) found.push_back(value);
    });
  };
  cursor = scan_buckets(cursor, options.count, visit, [&] { return visited; });
  cx.reply.array(2).bulk(fmt::format_int(cursor).c_str()).array(found.size());
  for (const auto& each : found) reply_element(cx, each);
}

constexpr command_spec table[] = {
    {"hdel", arity::at_least(3), write | fast | element, key_range::one(), hdel},
    {"hexists", arity::exactly(3), readonly | fast | element, key_range::one(), hexists},
    {"hget", arity::exactly(3), readonly | fast | element, key_range::one(), hget},
    {"hgetall", arity::exactly(2), readonly, key_range::one(), hgetall},
    {"hkeys", arity::exactly(2), readonly, key_range::one(), hkeys},
    {"hlen", arity::exactly(2), readonly | fast, key_range::one(), hlen},
    {"hmget", arity::at_least(3), readonly | fast, key_range::one(), hmget},
    {"hmset", arity::at_least(4), write | denyoom | fast, key_range::one(), hmset},
    {"hscan", arity::at_least(3), readonly, key_range::one(), hscan},
    {"hset", arity::at_least(4), write | denyoom | fast | element, key_range::one(), hset},
    {"hsetnx", arity::exactly(4), write | denyoom | fast | element, key_range::one(), hsetnx},
    {"hstrlen", arity::exactly(3), readonly | fast | element, key_range::one(), hstrlen},
    {"hvals", arity::exactly(2), readonly, key_range::one(), hvals},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows hash_commands() { return table; }

}  // namespace hawser::commands
