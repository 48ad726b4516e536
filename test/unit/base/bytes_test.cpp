#include "catch.hpp"
#include <base/bytes.hpp>
#include <base/split_args.hpp>

#include <vector>

using namespace hawser::base;
using namespace std::string_literals;
using namespace std::string_view_literals;

TEST_CASE("Lower case concerns the 26 ASCII letters only", "[base][bytes]") {
  static_assert(to_lower('A') == 'a' && to_lower('Z') == 'z' && to_lower('z') == 'z');
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    CHECK(to_lower(c) == (c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c));
  }
  CHECK(lower("GeT@[`{\xC4"sv) == "get@[`{\xC4");
  std::string text = "ABC";
  lower_in_place(std::span(text).first(2));
  CHECK(text == "abC");
}

TEST_CASE("Equality without case compares letters only", "[base][bytes]") {
  CHECK(iequals("", ""));
  CHECK(iequals("gEt", "GeT"));
  CHECK_FALSE(iequals("get", "ge"));
  CHECK_FALSE(iequals("@", "`"));
  CHECK_FALSE(iequals("[", "{"));
  CHECK_FALSE(iequals("\xC4", "\xE4"));
}

TEST_CASE("Quoting escapes whatever is not printable ASCII", "[base][bytes]") {
  CHECK(quoted("") == R"("")");
  CHECK(quoted("a\n\0"sv) == R"("a\n\x00")");
  CHECK(quoted("\a\b\t\r\n\v\f\x1b"sv) == R"("\a\b\t\r\n\x0b\x0c\x1b")");
  CHECK(quoted("\\\"'"sv) == R"("\\\"'")");
  CHECK(quoted(" z{|}~\x7f\x80\xff"sv) == R"(" z{|}~\x7f\x80\xff")");
  std::string out = "1 ";
  append_quoted(out, "x");
  CHECK(out == "1 \"x\"");
}

TEST_CASE("Splitting a line reads back every quoted byte", "[base][bytes][split_args]") {
  std::string every_byte;
  for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);
  CHECK(split_args(hawser::base::quoted(every_byte)) == std::vector{every_byte});
}
