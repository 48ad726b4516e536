#include "catch.hpp"
#include <base/glob.hpp>

#include <string>

using hawser::base::glob_match;

namespace {

/// Those of eight one-byte texts that a pattern matches.
std::string matched(std::string_view pattern) {
  std::string out;
  for (const char c : {'-', '\\', ']', '^', 'a', 'b', '\xe0', '*'}) {
    if (glob_match(pattern, {&c, 1})) out += c;
  }
  return out;
}

}  // namespace

TEST_CASE("Stars and question marks stand for any bytes", "[base][glob]") {
  CHECK(glob_match("*", "abc"));
  CHECK(glob_match("a*", "a"));
  CHECK(glob_match("a**", "a"));
  CHECK(glob_match("*c", "abc"));
  CHECK(glob_match("a*b*c", "axxbyyc"));
  CHECK(glob_match("a*bc", "abbc"));
  CHECK(glob_match("*ab?", "abaababc"));
  CHECK_FALSE(glob_match("a*b", "abc"));
  CHECK(glob_match("h?llo", "hello"));
  CHECK_FALSE(glob_match("h?llo", "hllo"));
  CHECK_FALSE(glob_match("abc", "ab"));
  CHECK_FALSE(glob_match("ab", "abc"));
  CHECK_FALSE(glob_match("*?", ""));
}

TEST_CASE("Only the empty pattern matches the empty text", "[base][glob]") {
  CHECK(glob_match("", ""));
  CHECK_FALSE(glob_match("*", ""));
  CHECK_FALSE(glob_match("**", ""));
  CHECK_FALSE(glob_match("", "a"));
}

TEST_CASE("Classes hold bytes, ranges in either direction and escapes", "[base][glob]") {
  CHECK(matched("[ab]") == "ab");
  CHECK(matched("[a-c]") == "ab");
  CHECK(matched("[c-a]") == "ab");
  CHECK(matched("[^a]") == "-\\]^b\xe0*");
  CHECK(matched("[^^]") == "-\\]ab\xe0*");
  CHECK(matched("[^-a]") == "\\]^b\xe0*");
  CHECK(matched("[--a]") == "-\\]^a");
  CHECK(matched("[a-]") == "]^a");
  CHECK(matched("[\\a-c]") == "-a");
  CHECK(matched("[\\]]") == "]");
  CHECK(matched("[]a]") == "");
  CHECK(matched("[^]") == "-\\]^ab\xe0*");
  CHECK(matched("[^]a]") == "");
}

TEST_CASE("Bytes above 127 lie below all others in a range", "[base][glob]") {
  CHECK(matched("[z-\xff]") == "-\\]^ab*");
  CHECK(matched("[\xff-z]") == "-\\]^ab*");
  CHECK(matched("[a-\xff]") == "-\\]^a*");
}

TEST_CASE("An unterminated class ends with the pattern", "[base][glob]") {
  CHECK(matched("[") == "");
  CHECK(matched("[^") == "-\\]^ab\xe0*");
  CHECK(matched("[a") == "a");
  CHECK(matched("[a-") == "-a");
  CHECK(matched("[a-c") == "ab");
  CHECK(matched("[^a") == "-\\]^b\xe0*");
  CHECK(matched("[\\") == "\\");
  CHECK(matched("[\\]") == "]");
}

TEST_CASE("A backslash takes the special meaning away", "[base][glob]") {
  CHECK(matched("\\*") == "*");
  CHECK(matched("\\a") == "a");
  CHECK(matched("\\") == "\\");
  CHECK(glob_match("a\\", "a\\"));
  CHECK_FALSE(glob_match("a\\", "a"));
  CHECK(glob_match("h\\?llo", "h?llo"));
  CHECK_FALSE(glob_match("h\\?llo", "hello"));
}

TEST_CASE("Case is ignored on demand, except for escaped bytes of a class", "[base][glob]") {
  CHECK_FALSE(glob_match("AbC", "aBc"));
  CHECK(glob_match("AbC", "aBc", true));
  CHECK(glob_match("\\A", "a", true));
  CHECK(glob_match("[A]", "a", true));
  CHECK(glob_match("[A-C]x", "bX", true));
  CHECK_FALSE(glob_match("[\\A]", "a", true));
  CHECK_FALSE(glob_match("[Z-a]", "m", true));
  CHECK_FALSE(glob_match("[a-b]", "_", true));
}

TEST_CASE("A hostile pattern takes time in proportion to the product of sizes", "[base][glob]") {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "a*";
  CHECK_FALSE(glob_match(pattern + "b", std::string(5000, 'a')));
}
