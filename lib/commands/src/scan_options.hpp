#pragma once

// What SCAN and its relatives for collections share.

#include "family.hpp"
#include <base/glob.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace hawser::commands {

/// Reads a cursor as C's strtoul does, which clients have come to rely on: a sign may precede it,
/// it ends at a NUL, and nothing at all is 0.
std::uint64_t read_cursor(std::string_view word);

/// Whether a pattern selects a text: an asterisk alone selects the empty one too, which no pattern
/// matches.
inline bool selects(std::string_view pattern, std::string_view text) {
  return pattern == "*" || base::glob_match(pattern, text);
}

/// [MATCH pattern] [COUNT count] and what else a command takes.
struct scan_options {
  std::optional<std::string_view> pattern;
  std::uint64_t count = 10;

  /// `other()` takes an option that is neither; false: there is none.
  template <class Other>
  scan_options(engine::arg_reader& args, Other other) {
    while (!args.empty()) {
      if (args.accept_with("COUNT", 1)) {
        const auto given = args.integer();
        if (given < 1) throw command_error(errors::syntax);
        count = static_cast<std::uint64_t>(given);
      } else if (args.accept_with("MATCH", 1)) {
        pattern = args.next();
      } else if (!other()) {
        throw command_error(errors::syntax);
      }
    }
  }
  explicit scan_options(engine::arg_reader& args) : scan_options(args, [] { return false; }) {}

  bool select(std::string_view text) const { return !pattern || selects(*pattern, text); }
};

/// Goes from bucket to bucket until `found()` reaches `count`, and through no more than ten times
/// as many; `visit(cursor)` looks at one and returns the next cursor. Returns where to go on.
template <class Visit, class Found>
std::uint64_t scan_buckets(std::uint64_t cursor, std::uint64_t count, Visit visit, Found found) {
  constexpr std::uint64_t buckets_an_element = 10;
  std::uint64_t left = count;
  if (__builtin_mul_overflow(count, buckets_an_element, &left))
    left = std::numeric_limits<std::uint64_t>::max();
  do {
    cursor = visit(cursor);
  } while (cursor != 0 && --left > 0 && found() < count);
  return cursor;
}

}  // namespace hawser::commands
