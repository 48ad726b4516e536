#include "catch.hpp"
#include "engine_fixture.hpp"
#include <base/random.hpp>

#include <algorithm>
#include <string>
#include <vector>

using hawser::test::engine_fixture;

namespace {

/// The length by definition: try with and without each first byte.
std::size_t longest(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return 0;
  if (a[0] == b[0]) return 1 + longest(a.substr(1), b.substr(1));
  return std::max(longest(a.substr(1), b), longest(a, b.substr(1)));
}

bool is_subsequence(std::string_view part, std::string_view of) {
  for (const char c : of)
    if (!part.empty() && part.front() == c) part.remove_prefix(1);
  return part.empty();
}

}  // namespace

TEST_CASE("LCS finds a common subsequence of the greatest length", "[strings][lcs]") {
  engine_fixture db;
  hawser::base::random random(7);
  const auto any_text = [&] {
    std::string text(1 + random.below(9), ' ');
    for (char& c : text) c = static_cast<char>('a' + random.below(3));
    return text;
  };
  for (int i = 0; i < 300; ++i) {
    const auto a = any_text(), b = any_text();
    INFO(a << " and " << b);
    db("MSET a " + a + " b " + b);
    auto common = db("LCS a b");
    if (common == "\"\"") common.clear();
    CHECK(common.size() == longest(a, b));
    CHECK(is_subsequence(common, a));
    CHECK(is_subsequence(common, b));
    CHECK(db("LCS a b LEN") == std::to_string(common.size()));
  }
}

TEST_CASE("LCS IDX replies contiguous matches from the last to the first", "[strings][lcs]") {
  engine_fixture db;
  db("MSET a ohmytext b mynewtext");
  CHECK(db("LCS a b IDX") == "[matches [[[4 7] [5 8]] [[2 3] [0 1]]] len 6]");
  CHECK(db("LCS a b IDX MINMATCHLEN 4 WITHMATCHLEN") == "[matches [[[4 7] [5 8] 4]] len 6]");
  CHECK(db("LCS a b IDX MINMATCHLEN 5") == "[matches [] len 6]");
  CHECK(db("LCS a none IDX") == "[matches [] len 0]");
}

TEST_CASE("LCS refuses LEN with IDX, and what would need more than its bound", "[strings][lcs]") {
  engine_fixture db({{"proto-max-bulk-len", "1mb"}});
  CHECK(db("LCS a b LEN IDX") ==
        "!ERR If you want both the length and indexes, please just use IDX.");
  CHECK(db("LCS a b what") == "!ERR syntax error");
  db("MSET a " + std::string(511, 'x') + " b " + std::string(511, 'x'));  // 512 * 512 * 4 bytes
  CHECK(db("LCS a b LEN") == "511");
  db("APPEND b x");
  CHECK(db("LCS a b LEN") ==
        "!ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
}
