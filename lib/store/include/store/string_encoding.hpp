#pragma once

#include <base/numbers.hpp>
#include <store/database.hpp>

#include <optional>
#include <string_view>

namespace hawser::store {

/// What OBJECT ENCODING calls a text that is not kept as an integer: Redis's layout has the limit.
inline encoding text_encoding(std::string_view value) {
  constexpr std::size_t longest_embstr = 44;
  return value.size() <= longest_embstr ? encoding::embstr : encoding::raw;
}

/// The integer as which a text is kept, if it is one.
inline std::optional<std::int64_t> as_integer(std::string_view value) {
  return value.size() <= base::max_int_chars ? base::parse_int(value) : std::nullopt;
}

/// Stores a text, as an integer if it is one.
inline entry* put_string(database& home, database::place at, std::string_view key,
                         std::string_view value, database::deadline_t deadline) {
  if (const auto number = as_integer(value)) return home.put_integer(at, key, *number, deadline);
  return home.put_text(at, key, value, text_encoding(value), deadline);
}

}  // namespace hawser::store
