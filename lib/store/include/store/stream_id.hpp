#pragma once

#include <base/numbers.hpp>

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

namespace hawser::store {

/// The name of a stream entry: milliseconds of the epoch and a number within the millisecond, shown
/// as "1526919030474-55".
struct stream_id {
  std::uint64_t ms = 0;
  std::uint64_t seq = 0;

  constexpr auto operator<=>(const stream_id&) const = default;

  static constexpr stream_id largest() {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    return {most, most};
  }
  constexpr bool is_zero() const { return ms == 0 && seq == 0; }

  /// The IDs right after and before; none beyond either end.
  constexpr std::optional<stream_id> next() const {
    if (*this == largest()) return std::nullopt;
    return seq == largest().seq ? stream_id{ms + 1, 0} : stream_id{ms, seq + 1};
  }
  constexpr std::optional<stream_id> previous() const {
    if (is_zero()) return std::nullopt;
    return seq == 0 ? stream_id{ms - 1, largest().seq} : stream_id{ms, seq - 1};
  }

  /// Room that format() needs at most.
  static constexpr std::size_t max_chars = 2 * base::max_int_chars + 1;
  /// Writes "ms-seq", or with another mark between; returns the number of characters.
  std::size_t format(char* out, char mark = '-') const {
    auto size = base::format_uint(out, ms);
    out[size++] = mark;
    return size + base::format_uint(out + size, seq);
  }
};

}  // namespace hawser::store
