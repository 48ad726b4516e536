#include "catch.hpp"
#include <base/numbers.hpp>
#include <base/random.hpp>

#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>

using namespace hawser::base;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

constexpr auto int_min = std::numeric_limits<std::int64_t>::min();
constexpr auto int_max = std::numeric_limits<std::int64_t>::max();
constexpr auto uint_max = std::numeric_limits<std::uint64_t>::max();

std::string formatted(std::int64_t value) {
  char out[max_int_chars];
  return {out, format_int(out, value)};
}

std::string formatted_unsigned(std::uint64_t value) {
  char out[max_int_chars];
  return {out, format_uint(out, value)};
}

/// Numbers of all lengths, not only long ones.
std::uint64_t any_length(hawser::base::random& source) { return source.next() >> source.below(64); }

}  // namespace

TEST_CASE("Integers have one canonical form", "[base][numbers]") {
  CHECK(parse_int("0") == 0);
  CHECK(parse_int("-1") == -1);
  CHECK(parse_int("10") == 10);
  CHECK(parse_int("9223372036854775807") == int_max);
  CHECK(parse_int("-9223372036854775808") == int_min);
  CHECK(parse_int("-9223372036854775807") == int_min + 1);
  for (const auto text : {""sv,
                          "-"sv,
                          "--1"sv,
                          "-0"sv,
                          "00"sv,
                          "01"sv,
                          "-01"sv,
                          "+1"sv,
                          " 1"sv,
                          "1 "sv,
                          "1\0"sv,
                          "1a"sv,
                          "a"sv,
                          "0x1"sv,
                          "1.0"sv,
                          "9223372036854775808"sv,
                          "-9223372036854775809"sv,
                          "18446744073709551616"sv,
                          "-18446744073709551615"sv,
                          "10000000000000000000000"sv,
                          "922337203685477580:"sv,
                          "922337203685477580/"sv}) {
    INFO(text);
    CHECK_FALSE(parse_int(text));
  }
}

TEST_CASE("Unsigned integers reach 2^64 - 1", "[base][numbers]") {
  CHECK(parse_uint("0") == 0);
  CHECK(parse_uint("9999999999999999999") == 9999999999999999999U);
  CHECK(parse_uint("18446744073709551615") == uint_max);
  for (const auto text :
       {""sv, "-1"sv, "-0"sv, "00"sv, "+1"sv, "18446744073709551616"sv, "1844674407370955161a"sv,
        "20000000000000000000"sv, "99999999999999999999"sv, "100000000000000000000"sv}) {
    INFO(text);
    CHECK_FALSE(parse_uint(text));
  }
}

TEST_CASE("Only digits are read as digits, wherever they stand", "[base][numbers]") {
  for (std::size_t size = 1; size < max_int_chars; ++size) {
    for (std::size_t place = 0; place < size; ++place) {
      for (int byte = 0; byte < 256; ++byte) {
        std::string text(size, '1');
        text[place] = static_cast<char>(byte);
        const bool digit = byte >= '0' && byte <= '9';
        const bool canonical = byte != '0' || place > 0 || size == 1;
        REQUIRE(parse_uint(text).has_value() == (digit && canonical));
        if (digit && canonical) REQUIRE(std::to_string(*parse_uint(text)) == text);
      }
    }
  }
}

TEST_CASE("Formatted integers read back as themselves", "[base][numbers]") {
  CHECK(formatted(int_min) == "-9223372036854775808");
  CHECK(formatted(int_max) == "9223372036854775807");
  CHECK(formatted_unsigned(uint_max) == "18446744073709551615");
  for (std::uint64_t power = 1; power <= uint_max / 10; power *= 10) {
    for (const auto value : {power - 1, power, power + 1}) {
      CHECK(formatted_unsigned(value) == std::to_string(value));
    }
  }
  hawser::base::random source(1);
  for (int i = 0; i < 20000; ++i) {
    const auto value = static_cast<std::int64_t>(any_length(source) * (i % 2 == 0 ? 1 : -1));
    const auto text = formatted(value);
    REQUIRE(text == std::to_string(value));
    REQUIRE(parse_int(text) == value);
    REQUIRE(parse_uint(formatted_unsigned(static_cast<std::uint64_t>(value))) ==
            static_cast<std::uint64_t>(value));
  }
  std::string out = "n=";
  append_int(out, -7);
  CHECK(out == "n=-7");
}

TEST_CASE("Floating-point numbers are read like strtod reads them", "[base][numbers]") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(parse_double("3") == 3);
  CHECK(parse_double("+1") == 1);
  CHECK(parse_double(".5") == 0.5);
  CHECK(parse_double("5.") == 5);
  CHECK(parse_double("1e5") == 1e5);
  CHECK(parse_double("1E-5") == 1e-5);
  CHECK(parse_double("1e0000000000000000000000001") == 10);
  CHECK(parse_double(std::string(100000, '0') + "1") == 1);
  CHECK(parse_double("0x10") == 16);
  CHECK(parse_double("-0X1.8P1") == -3);
  CHECK(parse_double("0x1p-3") == 0.125);
  CHECK(std::signbit(parse_double("-0").value()));
  for (const auto text : {"inf", "+inf", "INF", "infinity", "Infinity"}) {
    CHECK(parse_double(text) == inf);
  }
  CHECK(parse_double("-inf") == -inf);
  CHECK(parse_double("-Infinity") == -inf);
  CHECK(parse_double("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(parse_double("4.9e-324") == std::numeric_limits<double>::denorm_min());
  CHECK(parse_double("1e-310") == 1e-310);
}

TEST_CASE("What is not wholly a finite or infinite number is no number", "[base][numbers]") {
  for (const auto text :
       {""sv,     " 1"sv,     "\t1"sv,     "\v1"sv,     "1 "sv,      "1\n"sv, "++1"sv,
        "+-1"sv,  "1e"sv,     "1e+"sv,     "."sv,       "-."sv,      "-"sv,   "+"sv,
        "1_0"sv,  "1,5"sv,    "1e400"sv,   "-1e5000"sv, "1e-5000"sv, "nan"sv, "-nan"sv,
        "NaN"sv,  "nan(1)"sv, "infinit"sv, "in"sv,      "infx"sv,    "0x"sv,  "0xg"sv,
        "0x1p"sv, "1p3"sv,    "1\0"sv,     "\0001"sv,   "x"sv,       "- 1"sv}) {
    INFO(text);
    CHECK_FALSE(parse_double(text));
    // Among these only 1e400 is within the range of a long double.
    CHECK(parse_long_double(text).has_value() == (text == "1e400"));
  }
  CHECK_FALSE(parse_double("1.8e308"));
  CHECK_FALSE(parse_double("1e-400"));
  CHECK_FALSE(parse_double(std::string(400, '1')));
}

TEST_CASE("Long doubles keep 64 bits and a wider range", "[base][numbers]") {
  CHECK(parse_long_double("18446744073709551615") == 18446744073709551615.0L);
  CHECK(parse_long_double("0.1") == 0.1L);
  CHECK(parse_long_double("1e4932") == 1e4932L);
  CHECK(parse_long_double("3.6e-4951").value() > 0);
  CHECK(std::isinf(parse_long_double("-inf").value()));
  CHECK_FALSE(parse_long_double("1.19e4932"));
  CHECK_FALSE(parse_long_double("1e-5000"));
  CHECK(parse_long_double(std::string(5118, '0') + "1") == 1);
  CHECK_FALSE(parse_long_double(std::string(5119, '0') + "1"));
}

TEST_CASE("A double is shown with 17 significant digits", "[base][numbers]") {
  CHECK(format_double(3) == "3");
  CHECK(format_double(0.0) == "0");
  CHECK(format_double(-0.0) == "-0");
  CHECK(format_double(1.5) == "1.5");
  CHECK(format_double(0.1) == "0.10000000000000001");
  CHECK(format_double(0.0001) == "0.0001");
  CHECK(format_double(1e-5) == "1.0000000000000001e-05");
  CHECK(format_double(1e16) == "10000000000000000");
  CHECK(format_double(-99999999999999984) == "-99999999999999984");
  CHECK(format_double(1e17) == "1e+17");
  CHECK(format_double(1e21) == "1e+21");
  CHECK(format_double(1.2345678901234568e17) == "1.2345678901234568e+17");
  CHECK(format_double(9.2233720368547758e18) == "9.2233720368547758e+18");
  CHECK(format_double(5e-324) == "4.9406564584124654e-324");
  CHECK(format_double(1e100) == "1e+100");
  CHECK(format_double(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(format_double(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(format_double(std::numeric_limits<double>::quiet_NaN()) == "nan");
}

TEST_CASE("A formatted double is what printf shows and reads back exactly", "[base][numbers]") {
  hawser::base::random source(2);
  for (int i = 0; i < 20000; ++i) {
    const auto bits = std::bit_cast<double>(source.next());
    const auto value =
        i % 2 == 0 ? bits : std::ldexp(static_cast<double>(any_length(source)), -(i % 80));
    if (std::isnan(value)) continue;
    char expected[64];
    std::snprintf(expected, sizeof expected, "%.17g", value);
    const auto text = format_double(value);
    REQUIRE(text == expected);
    REQUIRE(parse_double(text) == value);
  }
}

TEST_CASE("A long double is shown without exponent and trailing zeros", "[base][numbers]") {
  CHECK(format_long_double(3) == "3");
  CHECK(format_long_double(0) == "0");
  CHECK(format_long_double(-0.0L) == "0");
  CHECK(format_long_double(-1e-20L) == "0");
  CHECK(format_long_double(5e-18L) == "0");
  CHECK(format_long_double(1e-17L) == "0.00000000000000001");
  CHECK(format_long_double(1200) == "1200");
  CHECK(format_long_double(-100.5L) == "-100.5");
  CHECK(format_long_double(0.1L + 0.2L) == "0.3");
  CHECK(format_long_double(3.14159265358979323846L) == "3.14159265358979324");
  CHECK(format_long_double(18446744073709551615.0L) == "18446744073709551615");
  CHECK(format_long_double(1e21L) == "1000000000000000000000");
  CHECK(format_long_double(1e100L) ==
        "99999999999999999996693535322073426194986990198284960792713"
        "91541752018669482644324418977840117055488");
  CHECK(format_long_double(std::numeric_limits<long double>::lowest()).size() == 4934);
  CHECK(format_long_double(std::numeric_limits<long double>::infinity()) == "inf");
  CHECK(format_long_double(-std::numeric_limits<long double>::infinity()) == "-inf");
}

TEST_CASE("Amounts of memory have units", "[base][numbers]") {
  const std::pair<std::string_view, std::uint64_t> amounts[] = {
      {"0", 0},
      {"", 0},
      {"kb", 0},
      {"1b", 1},
      {"01", 1},
      {"1k", 1000},
      {"1Kb", 1024},
      {"1M", 1'000'000},
      {"2mB", 2 << 20},
      {"1g", 1'000'000'000},
      {"1GB", 1 << 30},
      {"8589934592gb", std::uint64_t{1} << 63},
      {"17179869184gb", 0},
      {"18446744073709551615", uint_max},
      {"18446744073709551616", uint_max},
      {"99999999999999999999", uint_max},
  };
  for (const auto& [text, amount] : amounts) {
    INFO(text);
    CHECK(parse_memory(text) == amount);
  }
  CHECK(parse_memory(std::string(126, '0') + "1") == 1);
  CHECK_FALSE(parse_memory(std::string(127, '0') + "1"));
  for (const auto text :
       {"-1", "-0", "-1k", "+1", "1t", "1tb", " 1", "1 ", "1 kb", "1.5k", "1bb", "0x10", "1e3"}) {
    INFO(text);
    CHECK_FALSE(parse_memory(text));
  }
}

TEST_CASE("Amounts of memory are shown with two decimals", "[base][numbers]") {
  CHECK(human_bytes(0) == "0B");
  CHECK(human_bytes(1023) == "1023B");
  CHECK(human_bytes(1024) == "1.00K");
  CHECK(human_bytes(1536) == "1.50K");
  CHECK(human_bytes(1043576) == "1019.12K");
  CHECK(human_bytes((1 << 20) - 1) == "1024.00K");
  CHECK(human_bytes(1 << 20) == "1.00M");
  CHECK(human_bytes(1 << 30) == "1.00G");
  CHECK(human_bytes(std::uint64_t{1} << 40) == "1.00T");
  CHECK(human_bytes(std::uint64_t{1} << 50) == "1.00P");
  CHECK(human_bytes((std::uint64_t{1} << 60) - 1) == "1024.00P");
  CHECK(human_bytes(std::uint64_t{1} << 60) == "1152921504606846976B");
}
