#include "scan_options.hpp"

#include <fmt/format.h>

#include <optional>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;

/// KEYS pattern
void keys(context& cx) {
  const auto pattern = cx.args.next();
  std::vector<std::string_view> found;
  cx.keys.data().for_each([&](const entry* each) {
    if (!store::database::expired(*each, cx.now) && selects(pattern, each->key()))
      found.push_back(each->key());
  });
  cx.reply.array(found.size());
  for (const auto key : found) cx.reply.bulk(key);
}

/// RANDOMKEY
void randomkey(context& cx) {
  if (const auto key = cx.keys.random_key()) {
    cx.reply.bulk(*key);
  } else {
    cx.reply.null();
  }
}

/// SCAN cursor [MATCH pattern] [COUNT count] [TYPE type]
void scan(context& cx) {
  auto cursor = read_cursor(cx.args.next());
  std::optional<std::string_view> type;
  const scan_options options(cx.args, [&] {
    if (!cx.args.accept_with("TYPE", 1)) return false;
    type = cx.args.next();
    return true;
  });
  std::vector<const entry*> found;
  const auto visit = [&](std::uint64_t at) {
    return cx.keys.data().scan(at, [&](const entry* each) { found.push_back(each); });
  };
  cursor = scan_buckets(cursor, options.count, visit, [&] { return found.size(); });
  // Looking a key up removes it if it is past its deadline; the other entries stay where they are.
  std::erase_if(found, [&](const entry* each) {
    return !options.select(each->key()) ||
           (type && !base::iequals(*type, store::name_of(each->type()))) ||
           (store::database::expired(*each, cx.now) && !cx.keys.exists(each->key()));
  });
  cx.reply.array(2).bulk(fmt::format_int(cursor).c_str()).array(found.size());
  for (const entry* each : found) cx.reply.bulk(each->key());
}

constexpr command_spec table[] = {
    {"keys", arity::exactly(2), readonly, key_range::none(), keys},
    {"randomkey", arity::exactly(1), readonly, key_range::none(), randomkey},
    {"scan", arity::at_least(2), readonly, key_range::none(), scan},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows key_scan_commands() { return table; }

}  // namespace hawser::commands
