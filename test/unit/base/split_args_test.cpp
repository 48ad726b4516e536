#include "catch.hpp"
#include <base/split_args.hpp>

using hawser::base::split_args;
using namespace std::string_view_literals;

namespace {

/// The arguments between brackets, or "unbalanced".
std::string split(std::string_view line) {
  const auto arguments = split_args(line);
  if (!arguments) return "unbalanced";
  std::string out;
  for (const auto& argument : *arguments) out += "[" + argument + "]";
  return out;
}

}  // namespace

TEST_CASE("Arguments are separated by blanks, tabs and ends of lines", "[base][split_args]") {
  CHECK(split("") == "");
  CHECK(split(" \t\r\n") == "");
  CHECK(split("  a \t b\r\n") == "[a][b]");
  CHECK(split("\va\vb \fc\f") == "[a\vb][c\f]");
  CHECK(split("a\x1c\xa0\x85 b") == "[a\x1c\xa0\x85][b]");
}

TEST_CASE("Double quotes know escapes", "[base][split_args]") {
  CHECK(split(R"("a b" c)") == "[a b][c]");
  CHECK(split(R"("")") == "[]");
  CHECK(split(R"("\n\r\t\b\a\\\"\z")") == "[\n\r\t\b\a\\\"z]");
  CHECK(split(R"("\x41\xfF")") == "[A\xff]");
  CHECK(split(R"("\X41\xg1\x4g\x4")") == "[X41xg1x4gx4]");
  CHECK(split(R"("\x")") == "[x]");
}

TEST_CASE("Single quotes know one escape", "[base][split_args]") {
  CHECK(split(R"('a\'b\n\x41"')") == R"([a'b\n\x41"])");
  CHECK(split("''") == "[]");
  CHECK(split(R"('\\')") == "unbalanced");
}

TEST_CASE("Quotes open anywhere in an argument and end it", "[base][split_args]") {
  CHECK(split(R"(a"b c" d)") == "[ab c][d]");
  CHECK(split("a'b c'") == "[ab c]");
  CHECK(split("\"a\"\vb") == "[a][b]");
  CHECK(split(R"("a""b")") == "unbalanced");
  CHECK(split(R"("a"b)") == "unbalanced");
  CHECK(split("'a'b") == "unbalanced");
}

TEST_CASE("A quote left open makes the line unbalanced", "[base][split_args]") {
  for (const auto line : {R"(x ")", R"("a)", "'", "'a", R"("a\)", R"("a\")", R"('a\')"}) {
    CHECK(split(line) == "unbalanced");
  }
}

TEST_CASE("A backslash outside quotes is an ordinary byte", "[base][split_args]") {
  CHECK(split(R"(\x41 a\)") == R"([\x41][a\])");
}

TEST_CASE("A NUL byte ends the line", "[base][split_args]") {
  CHECK(split("a\0b c"sv) == "[a]");
  CHECK(split("\"a\0\""sv) == "unbalanced");
}
