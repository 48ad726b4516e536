#include "family.hpp"
#include <store/hyperloglog.hpp>

#include <fmt/format.h>

#include <cstring>
#include <string>

namespace hawser::commands {

namespace {

namespace hll = store::hyperloglog;

using namespace engine::flags;
using store::entry;
using store::value_type;

constexpr const char* corrupted = "INVALIDOBJ Corrupted HLL object detected";

/// The string under a key, if there is one; throws when it is no HyperLogLog.
std::optional<std::string_view> text_of(const entry* found) {
  if (found == nullptr) return std::nullopt;
  if (found->is_integer() || !hll::recognized(found->text()))
    throw command_error("WRONGTYPE Key is not a valid HyperLogLog string value.");
  return found->text();
}

std::optional<std::string_view> read(context& cx, std::string_view key) {
  return text_of(cx.keys.read(key, value_type::string));
}

std::optional<std::string_view> read_to_change(context& cx, std::string_view key) {
  return text_of(cx.keys.write(key, value_type::string));
}

/// Stores a text over the one of a key, which need not exist.
void store_over(context& cx, std::string_view key, bool exists, std::string_view text) {
  if (!exists) cx.keys.put_text(key, "", {});
  std::memcpy(cx.keys.resize_text(key, text.size()).data(), text.data(), text.size());
}

std::size_t most_sparse_bytes(const context& cx) {
  return static_cast<std::size_t>(cx.server.options.hll_sparse_max_bytes);
}

using elements = std::span<const std::string_view>;

/// True: a register has changed.
bool add_to_dense(context& cx, std::string_view key, elements added) {
  const auto bytes = cx.keys.resize_text(key, hll::dense_size);
  bool changed = false;
  for (const auto each : added) changed |= hll::raise_dense(bytes, hll::hit_of(each));
  if (changed) hll::forget_estimate(bytes);
  return changed;
}

/// The same; of a string that turns out to be corrupted, what was added before stays.
bool add_to_sparse(context& cx, std::string_view key, std::optional<std::string_view> text,
                   elements added) {
  std::string bytes = text ? std::string(*text) : hll::empty();
  hll::sparse_writer writer(bytes, most_sparse_bytes(cx));
  bool changed = !text;
  auto last = hll::change::none;
  for (const auto each : added) {
    last = writer.raise(hll::hit_of(each));
    if (last == hll::change::corrupted) break;
    changed |= last == hll::change::made;
  }
  if (changed) hll::forget_estimate(bytes);
  store_over(cx, key, text.has_value(), bytes);
  if (last == hll::change::corrupted) throw command_error(corrupted);
  return changed;
}

/// PFADD key [element ...]
void pfadd(context& cx) {
  const auto key = cx.args.next();
  const auto added = cx.args.rest();
  const auto text = read_to_change(cx, key);
  const bool changed = text && hll::is_dense(*text) ? add_to_dense(cx, key, added)
                                                    : add_to_sparse(cx, key, text, added);
  if (changed) cx.modified(key, notify::string, "pfadd");
  cx.reply.integer(changed);
}

/// The estimate of one string, which is kept in it.
std::uint64_t estimate_of_one(context& cx, std::string_view key) {
  const entry* found = cx.keys.read(key, value_type::string);
  const auto text = text_of(found);
  if (!text) return 0;
  if (const auto kept = hll::cached_estimate(*text); kept && found->how() == store::encoding::raw)
    return *kept;
  const auto bytes = cx.keys.resize_text(key, text->size());
  const std::string_view view(bytes.data(), bytes.size());
  if (const auto kept = hll::cached_estimate(view)) return *kept;
  hll::registers all;
  if (!all.merge(view)) throw command_error(corrupted);
  const auto estimate = all.estimate();
  hll::cache_estimate(bytes, estimate);
  cx.modified(key, 0, "");
  return estimate;
}

/// Raises registers to those under a key, if there is one. True: the string is dense.
bool merge_key(context& cx, std::string_view key, hll::registers& to) {
  const auto text = read(cx, key);
  if (!text) return false;
  if (!to.merge(*text)) throw command_error(corrupted);
  return hll::is_dense(*text);
}

/// PFCOUNT key [key ...] -- of several, the estimate of their union.
void pfcount(context& cx) {
  const auto keys = cx.args.rest();
  if (keys.size() == 1)
    return void(cx.reply.integer(static_cast<std::int64_t>(estimate_of_one(cx, keys[0]))));
  hll::registers all;
  for (const auto key : keys) merge_key(cx, key, all);
  cx.reply.integer(static_cast<std::int64_t>(all.estimate()));
}

/// Stores registers, which include those of the key, in the sparse layout while it suffices.
void store_sparse(context& cx, std::string_view key, const hll::registers& all) {
  const auto text = read_to_change(cx, key);
  std::string bytes = text ? std::string(*text) : hll::empty();
  hll::sparse_writer writer(bytes, most_sparse_bytes(cx));
  all.for_each_raised([&](hll::hit each) { writer.raise(each); });
  hll::forget_estimate(bytes);
  store_over(cx, key, text.has_value(), bytes);
}

void store_dense(context& cx, std::string_view key, const hll::registers& all) {
  if (!read_to_change(cx, key)) store_over(cx, key, false, hll::empty());
  const auto bytes = cx.keys.resize_text(key, hll::dense_size);
  all.write_dense(bytes);
  hll::forget_estimate(bytes);
}

/// PFMERGE destkey [sourcekey ...] -- what was in the destination stays in it.
void pfmerge(context& cx) {
  const auto keys = cx.args.rest();
  hll::registers all;
  bool dense = false;
  for (const auto key : keys) dense |= merge_key(cx, key, all);
  if (dense) {
    store_dense(cx, keys.front(), all);
  } else {
    store_sparse(cx, keys.front(), all);
  }
  cx.modified(keys.front(), notify::string, "pfadd");
  cx.reply.ok();
}

void store_as_dense(context& cx, std::string_view key) {
  std::string bytes(*read_to_change(cx, key));
  if (!hll::make_dense(bytes)) throw command_error(corrupted);
  store_over(cx, key, true, bytes);
  cx.modified(key, 0, "");
}

void reply_registers(context& cx, std::string_view bytes) {
  hll::registers all;
  all.merge(bytes);
  cx.reply.array(hll::register_count);
  for (std::size_t i = 0; i < hll::register_count; ++i) cx.reply.integer(all[i]);
}

/// PFDEBUG GETREG | DECODE | ENCODING | TODENSE key -- GETREG makes it dense, too.
void pfdebug(context& cx) {
  const auto what = cx.args.next();
  const auto key = cx.args.next();
  const auto text = read_to_change(cx, key);
  if (!text) throw command_error("ERR The specified key does not exist");
  const auto bytes = cx.keys.resize_text(key, text->size());
  const std::string_view view(bytes.data(), bytes.size());
  const bool sparse = !hll::is_dense(view);
  if (base::iequals(what, "GETREG")) {
    if (sparse) store_as_dense(cx, key);
    reply_registers(cx, *read_to_change(cx, key));
  } else if (base::iequals(what, "DECODE")) {
    if (!sparse) throw command_error("ERR HLL encoding is not sparse");
    cx.reply.bulk(hll::describe_sparse(view));
  } else if (base::iequals(what, "ENCODING")) {
    cx.reply.simple(sparse ? "sparse" : "dense");
  } else if (base::iequals(what, "TODENSE")) {
    if (sparse) store_as_dense(cx, key);
    cx.reply.integer(sparse);
  } else {
    throw command_error(fmt::format("ERR Unknown PFDEBUG subcommand '{}'", what));
  }
}

/// Whether an estimate is as near as it is to be: five times the standard error is never seen.
bool near_enough(std::uint64_t estimate, std::uint64_t truth) {
  constexpr double most = 5 * 1.04 / 128;
  const auto off = static_cast<double>(estimate) - static_cast<double>(truth);
  return std::abs(off) <= std::max(1.0, most * static_cast<double>(truth));
}

/// PFSELFTEST -- adds numbers to both layouts, which must agree with each other and with how many
/// there were.
void pfselftest(context& cx) {
  constexpr std::uint64_t most = 100'000;
  std::string dense = hll::empty();
  std::string sparse = dense;
  hll::make_dense(dense);
  hll::sparse_writer writer(sparse, most_sparse_bytes(cx));
  const auto origin = cx.server.random();
  std::uint64_t next_check = 1;
  for (std::uint64_t i = 1; i <= most; ++i) {
    const auto hit = hll::hit_of(fmt::format("{}:{}", origin, i));
    hll::raise_dense(dense, hit);
    writer.raise(hit);
    if (i != next_check) continue;
    next_check *= 10;
    hll::registers one, other;
    one.merge(dense);
    other.merge(sparse);
    if (one.estimate() != other.estimate() || !near_enough(one.estimate(), i))
      throw command_error(
          fmt::format("TESTFAILED {} and {} for {} elements", one.estimate(), other.estimate(), i));
  }
  cx.reply.ok();
}

constexpr command_spec table[] = {
    {"pfadd", arity::at_least(2), write | denyoom | fast, key_range::one(), pfadd},
    {"pfcount", arity::at_least(2), readonly, key_range::all(), pfcount},
    {"pfdebug", arity::exactly(3), write | denyoom | admin, key_range{2, 2, 1}, pfdebug},
    {"pfmerge", arity::at_least(2), write | denyoom, key_range::all(), pfmerge},
    {"pfselftest", arity::exactly(1), admin, key_range::none(), pfselftest},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows hyperloglog_commands() { return table; }

}  // namespace hawser::commands
