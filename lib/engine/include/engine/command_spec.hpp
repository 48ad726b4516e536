#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace hawser::engine {

class context;

/// What a command does and where it may run, as COMMAND INFO names it.
enum class command_flag : std::uint32_t {
  write = 1u << 0,
  readonly = 1u << 1,
  denyoom = 1u << 2,
  admin = 1u << 3,
  pubsub = 1u << 4,
  noscript = 1u << 5,
  blocking = 1u << 6,
  loading = 1u << 7,
  stale = 1u << 8,
  skip_monitor = 1u << 9,
  skip_slowlog = 1u << 10,
  asking = 1u << 11,
  fast = 1u << 12,
  no_auth = 1u << 13,
  may_replicate = 1u << 14,
  no_async_loading = 1u << 15,
  no_multi = 1u << 16,
  movablekeys = 1u << 17,
  allow_busy = 1u << 18,
  no_mandatory_keys = 1u << 19,
  /// Only where a directive allows it: enable-debug-command, enable-module-command. Not shown by
  /// COMMAND.
  permitted = 1u << 28,
  /// Runs a script, which may say what it does: see script_engine::flags_of. Not shown by COMMAND.
  runs_script = 1u << 29,
  /// Looks for one element of a collection or more, by name: the word behind the key in a hash, the
  /// last one elsewhere, which is read ahead. Not shown by COMMAND.
  element = 1u << 30,
  /// Runs inside MULTI at once instead of being queued (EXEC, DISCARD, WATCH...). Not shown by
  /// COMMAND.
  immediate = 1u << 31,
};

struct command_flags {
  std::uint32_t bits = 0;

  constexpr command_flags() = default;
  constexpr command_flags(command_flag one) : bits(static_cast<std::uint32_t>(one)) {}  // NOLINT
  constexpr bool has(command_flag one) const { return bits & static_cast<std::uint32_t>(one); }
};

constexpr command_flags operator|(command_flags a, command_flags b) {
  a.bits |= b.bits;
  return a;
}
constexpr command_flags operator|(command_flag a, command_flag b) {
  return command_flags(a) | command_flags(b);
}

/// How many words a command takes, its own name(s) included.
struct arity {
  int least;
  int most;

  static constexpr int unlimited = 0x7fffffff;
  static constexpr arity exactly(int n) { return {n, n}; }
  static constexpr arity at_least(int n) { return {n, unlimited}; }

  constexpr bool accepts(std::size_t words) const {
    return words >= static_cast<std::size_t>(least) && words <= static_cast<std::size_t>(most);
  }
  /// The number COMMAND INFO shows: negative when `least` is only the minimum.
  constexpr int shown() const { return least == most ? least : -least; }
};

/// Which words are keys: from `first` to `last` (negative: counted from the end), every `step`th.
struct key_range {
  int first = 0;
  int last = 0;
  int step = 0;

  static constexpr key_range none() { return {}; }
  static constexpr key_range one() { return {1, 1, 1}; }
  static constexpr key_range all() { return {1, -1, 1}; }
};

using handler = void (*)(context&);

/// One row of a command table. A command with subcommands has no handler of its own.
struct command_spec {
  std::string_view name;
  arity words;
  command_flags flags;
  key_range keys;
  handler run = nullptr;
  std::span<const command_spec> subcommands{};
};

namespace flags {
constexpr auto write = command_flag::write;
constexpr auto readonly = command_flag::readonly;
constexpr auto denyoom = command_flag::denyoom;
constexpr auto admin = command_flag::admin;
constexpr auto pubsub = command_flag::pubsub;
constexpr auto noscript = command_flag::noscript;
constexpr auto blocking = command_flag::blocking;
constexpr auto loading = command_flag::loading;
constexpr auto stale = command_flag::stale;
constexpr auto skip_monitor = command_flag::skip_monitor;
constexpr auto skip_slowlog = command_flag::skip_slowlog;
constexpr auto asking = command_flag::asking;
constexpr auto fast = command_flag::fast;
constexpr auto no_auth = command_flag::no_auth;
constexpr auto may_replicate = command_flag::may_replicate;
constexpr auto no_async_loading = command_flag::no_async_loading;
constexpr auto no_multi = command_flag::no_multi;
constexpr auto movablekeys = command_flag::movablekeys;
constexpr auto allow_busy = command_flag::allow_busy;
constexpr auto no_mandatory_keys = command_flag::no_mandatory_keys;
constexpr auto permitted = command_flag::permitted;
constexpr auto runs_script = command_flag::runs_script;
constexpr auto element = command_flag::element;
constexpr auto immediate = command_flag::immediate;
}  // namespace flags

/// A table is well formed when it is sorted by name, names are lower case, every row runs something
/// and key ranges make sense. For static_assert beside each table.
template <std::size_t Rows>
constexpr bool well_formed(const command_spec (&table)[Rows]) {
  for (std::size_t i = 0; i < Rows; ++i) {
    const auto& row = table[i];
    if (i > 0 && !(table[i - 1].name < row.name)) return false;
    if (row.name.empty()) return false;
    for (const char c : row.name)
      if (c >= 'A' && c <= 'Z') return false;
    if (row.words.least < 1 || row.words.most < row.words.least) return false;
    if (row.run == nullptr && row.subcommands.empty()) return false;
    if (row.keys.first < 0 || (row.keys.first > 0 && row.keys.step < 1)) return false;
    if (row.flags.has(command_flag::write) && row.flags.has(command_flag::readonly)) return false;
  }
  return true;
}

}  // namespace hawser::engine
