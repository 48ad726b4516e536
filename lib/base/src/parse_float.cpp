#include <base/numbers.hpp>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <locale.h>
#include <string>

namespace hawser::base {

namespace {

/// The "C" locale as an object, so that a decimal comma set elsewhere in the process has no effect.
locale_t c_locale() {
  static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
  return locale;
}

double convert(const char* text, char** end, double) { return strtod_l(text, end, c_locale()); }

long double convert(const char* text, char** end, long double) {
  return strtold_l(text, end, c_locale());
}

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

template <class Float>
std::optional<Float> parse_all(std::string_view text) {
  if (text.empty() || is_space(text.front())) return std::nullopt;
  const std::string terminated(text);
  char* end = nullptr;
  errno = 0;
  const Float value = convert(terminated.c_str(), &end, Float{});
  if (end != terminated.c_str() + terminated.size() || std::isnan(value)) return std::nullopt;
  // A denormal result sets ERANGE too, and is good enough.
  if (errno == ERANGE && (value == 0 || std::isinf(value))) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> parse_double(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error == std::errc() && stop == end && std::isfinite(value)) return value;
  return parse_all<double>(text);  // a '+', hex, infinities, denormals, and everything invalid
}

std::optional<long double> parse_long_double(std::string_view text) {
  constexpr std::size_t too_long = 5 * 1024;
  if (text.size() >= too_long) return std::nullopt;
  return parse_all<long double>(text);
}

}  // namespace hawser::base
