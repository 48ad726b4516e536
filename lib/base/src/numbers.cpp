#include <base/bytes.hpp>
#include <base/numbers.hpp>

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

namespace hawser::base {

namespace {

constexpr auto powers_of_ten = [] {
  std::array<std::uint64_t, 20> powers{};
  std::uint64_t power = 1;
  for (auto& slot : powers) {
    slot = power;
    power *= 10;
  }
  return powers;
}();

/// "00", "01" ... "99" one after the other.
constexpr auto digit_pairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

std::size_t count_digits(std::uint64_t value) {
  // bits * log10(2), which is at most one too small.
  const auto guess = static_cast<std::size_t>(std::bit_width(value | 1)) * 1233 >> 12;
  return guess + (value >= powers_of_ten[guess] || guess == 0 ? 1 : 0);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Reads eight decimal digits at once; false when one of the bytes is no digit.
bool read_eight_digits(const char* text, std::uint64_t& value) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::uint64_t word = 0;
  std::memcpy(&word, text, sizeof word);
  const auto high_nibbles = word & 0xf0 * ones;
  const auto carried = (word + 0x06 * ones) & 0xf0 * ones;
  if (high_nibbles != 0x30 * ones || carried != 0x30 * ones) return false;
  word -= 0x30 * ones;
  // Neighbours are joined to pairs, pairs to fours, and those to one number.
  word = (word * 10 + (word >> 8)) & 0x00ff00ff00ff00ff;
  word = (word * 100 + (word >> 16)) & 0x0000ffff0000ffff;
  value = (word * 10000 + (word >> 32)) & 0xffffffff;
  return true;
}

}  // namespace

std::optional<std::uint64_t> parse_uint(std::string_view text) {
  constexpr std::size_t always_fits = 19;
  if (text.empty() || text.size() > max_int_chars) return std::nullopt;
  if (text.front() == '0' && text.size() > 1) return std::nullopt;
  std::uint64_t value = 0;
  auto rest = text.substr(0, always_fits);
  for (; rest.size() >= 8; rest.remove_prefix(8)) {
    std::uint64_t eight = 0;
    if (!read_eight_digits(rest.data(), eight)) return std::nullopt;
    value = value * 100'000'000 + eight;
  }
  for (const char c : rest) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (text.size() <= always_fits) return value;

  const char last = text.back();
  std::uint64_t whole = 0;
  if (!is_digit(last) || __builtin_mul_overflow(value, std::uint64_t{10}, &whole) ||
      __builtin_add_overflow(whole, static_cast<std::uint64_t>(last - '0'), &whole)) {
    return std::nullopt;
  }
  return whole;
}

std::optional<std::int64_t> parse_int(std::string_view text) {
  constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool negative = text.starts_with('-');
  const auto magnitude = parse_uint(negative ? text.substr(1) : text);
  if (!magnitude || *magnitude > highest + (negative ? 1 : 0)) return std::nullopt;
  if (!negative) return static_cast<std::int64_t>(*magnitude);
  if (*magnitude == 0) return std::nullopt;
  return static_cast<std::int64_t>(std::uint64_t{0} - *magnitude);
}

std::optional<std::uint64_t> parse_memory(std::string_view text) {
  constexpr std::size_t too_many_digits = 128;
  static constexpr std::pair<std::string_view, std::uint64_t> units[] = {
      {"", 1},          {"b", 1},        {"k", 1000},          {"kb", 1 << 10},
      {"m", 1'000'000}, {"mb", 1 << 20}, {"g", 1'000'000'000}, {"gb", 1 << 30},
  };
  std::size_t digits = 0;
  std::uint64_t value = 0;
  bool overflow = false;
  for (; digits < text.size() && is_digit(text[digits]); ++digits) {
    overflow =
        overflow || __builtin_mul_overflow(value, std::uint64_t{10}, &value) ||
        __builtin_add_overflow(value, static_cast<std::uint64_t>(text[digits] - '0'), &value);
  }
  if (digits >= too_many_digits) return std::nullopt;
  if (overflow) value = std::numeric_limits<std::uint64_t>::max();
  for (const auto& [name, factor] : units) {
    if (iequals(text.substr(digits), name)) return value * factor;
  }
  return std::nullopt;
}

std::size_t format_uint(char* out, std::uint64_t value) {
  const std::size_t length = count_digits(value);
  char* end = out + length;
  while (value >= 100) {
    end -= 2;
    std::memcpy(end, &digit_pairs[value % 100 * 2], 2);
    value /= 100;
  }
  if (value >= 10) {
    std::memcpy(out, &digit_pairs[value * 2], 2);
  } else {
    *out = static_cast<char>('0' + value);
  }
  return length;
}

std::size_t format_int(char* out, std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value >= 0) return format_uint(out, bits);
  *out = '-';
  return 1 + format_uint(out + 1, std::uint64_t{0} - bits);
}

void append_int(std::string& out, std::int64_t value) {
  std::array<char, max_int_chars> digits;
  out.append(digits.data(), format_int(digits.data(), value));
}

std::string format_double(double value) {
  // Below 10^17 an integral value has at most 17 digits, so its integer form is the whole of it.
  constexpr double integral_limit = 1e17;
  if (std::fabs(value) < integral_limit && value == std::trunc(value) &&
      (value != 0 || !std::signbit(value))) {
    std::string out;
    append_int(out, static_cast<std::int64_t>(value));
    return out;
  }
  std::array<char, 32> text;
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general,
                    std::numeric_limits<double>::max_digits10);
  return {text.data(), end.ptr};
}

std::string format_long_double(long double value) {
  constexpr int decimals = 17;
  std::array<char, std::numeric_limits<long double>::max_exponent10 + decimals + 8> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                 std::chars_format::fixed, decimals);
  std::string_view out(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
  if (!std::isfinite(value)) return std::string(out);
  out = out.substr(0, out.find_last_not_of('0') + 1);
  if (out.ends_with('.')) out.remove_suffix(1);
  return std::string(out == "-0" ? "0" : out);
}

std::string human_bytes(std::uint64_t bytes) {
  static constexpr std::pair<char, int> units[] = {
      {'K', 10}, {'M', 20}, {'G', 30}, {'T', 40}, {'P', 50}};
  for (const auto& [letter, shift] : units) {
    if (bytes >= std::uint64_t{1} << shift && bytes < std::uint64_t{1} << (shift + 10)) {
      return fmt::format("{:.2f}{}", std::ldexp(static_cast<double>(bytes), -shift), letter);
    }
  }
  return fmt::format("{}B", bytes);
}

}  // namespace hawser::base
