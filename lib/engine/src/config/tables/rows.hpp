#pragma once

#include "config/checks.hpp"
#include "config/customs.hpp"
#include <engine/config/directive.hpp>

#include <cstdint>
#include <limits>
#include <type_traits>

// What the rows of the table are made with.
namespace hawser::engine::rows {

using enum attribute;

inline constexpr std::int64_t int_min = std::numeric_limits<std::int32_t>::min();
inline constexpr std::int64_t int_max = std::numeric_limits<std::int32_t>::max();
inline constexpr std::int64_t uint_max = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::int64_t long_max = std::numeric_limits<std::int64_t>::max();
inline constexpr std::int64_t max_port = 65535;
inline constexpr std::int64_t kib = 1024;
inline constexpr std::int64_t mib = 1024 * kib;
inline constexpr std::int64_t gib = 1024 * mib;

/// A name and, for some, an older one.
struct names {
  // NOLINTNEXTLINE(google-explicit-constructor): a row with one name reads as just that name.
  constexpr names(const char* now) : now(now) {}
  constexpr names(const char* now, const char* before) : now(now), before(before) {}

  std::string_view now;
  std::string_view before;
};

struct bounds {
  std::int64_t min;
  std::int64_t max;
};

inline constexpr bounds natural{0, int_max};
inline constexpr bounds positive{1, int_max};
inline constexpr bounds ports{0, max_port};
inline constexpr bounds natural_long{0, long_max};

constexpr directive flag(names name, bool settings::*member, bool initial, attribute attributes,
                         std::string_view summary, std::string_view refuses_yes = {}) {
  return {name.now, name.before, attributes, yes_no{member, initial, refuses_yes}, summary};
}

constexpr directive count(names name, std::int64_t settings::*member, std::int64_t initial,
                          bounds range, attribute attributes, std::string_view summary,
                          unit written = unit::plain) {
  return {name.now, name.before, attributes, number{member, initial, range.min, range.max, written},
          summary};
}

constexpr directive bytes(names name, std::int64_t settings::*member, std::int64_t initial,
                          bounds range, attribute attributes, std::string_view summary) {
  return count(name, member, initial, range, attributes, summary, unit::bytes);
}

constexpr directive bytes(names name, std::uint64_t settings::*member, std::uint64_t initial,
                          attribute attributes, std::string_view summary) {
  return {name.now, name.before, attributes, unsigned_bytes{member, initial}, summary};
}

/// Text whose empty value is a value: CONFIG REWRITE writes "".
constexpr directive words(names name, std::string settings::*member, std::string_view initial,
                          attribute attributes, std::string_view summary,
                          std::string_view (*check)(std::string_view) = nullptr) {
  return {name.now, name.before, attributes, text{member, initial, false, check}, summary};
}

/// Text that is either there or not: no default, and no line for an empty value.
constexpr directive maybe(names name, std::string settings::*member, attribute attributes,
                          std::string_view summary,
                          std::string_view (*check)(std::string_view) = nullptr) {
  return {name.now, name.before, attributes, text{member, {}, true, check}, summary};
}

template <auto Member>
int load_member(const settings& from) {
  return static_cast<int>(from.*Member);
}

template <auto Member>
void store_member(settings& to, int value) {
  using member_type = std::remove_reference_t<decltype(to.*Member)>;
  to.*Member = static_cast<member_type>(value);
}

/// One of `words`, kept in the enumeration at Member.
template <auto Member, typename Value>
constexpr directive one_of(names name, std::span<const choice_word> words, Value initial,
                           attribute attributes, std::string_view summary) {
  return {name.now, name.before, attributes,
          choice{words, load_member<Member>, store_member<Member>, static_cast<int>(initial), false,
                 nullptr},
          summary};
}

/// Any of `words`, kept as bits at Member.
template <auto Member>
constexpr directive some_of(names name, std::span<const choice_word> words, attribute attributes,
                            std::string_view summary, std::string_view (*check)(int)) {
  return {name.now, name.before, attributes | many_words,
          choice{words, load_member<Member>, store_member<Member>, 0, true, check}, summary};
}

constexpr directive special(names name, const custom& grammar, attribute attributes,
                            std::string_view summary) {
  return {name.now, name.before, attributes, &grammar, summary};
}

constexpr directive line(const char* name, line_only::kind what, std::size_t min_words,
                         std::size_t max_words, std::string_view syntax, std::string_view summary) {
  return {name, {}, none, line_only{what, min_words, max_words, syntax}, summary};
}

template <typename Value>
constexpr choice_word word(std::string_view text, Value value) {
  return {text, static_cast<int>(value)};
}

}  // namespace hawser::engine::rows
