#include "catch.hpp"
#include <base/murmur.hpp>

#include <set>
#include <string>

using hawser::base::murmur64a;

TEST_CASE("Every byte and every length of a text counts in its hash", "[murmur]") {
  std::set<std::uint64_t> seen;
  std::size_t texts = 0;
  for (std::size_t size = 0; size <= 20; ++size) {
    seen.insert(murmur64a(std::string(size, '\0'), 1));
    ++texts;
    for (std::size_t i = 0; i < size; ++i) {
      std::string text(size, '\0');
      text[i] = '\x80';
      seen.insert(murmur64a(text, 1));
      ++texts;
    }
  }
  CHECK(seen.size() == texts);
}

TEST_CASE("The seed counts, and nothing hashes to it", "[murmur]") {
  CHECK(murmur64a("", 0) == 0);
  CHECK(murmur64a("", 1) != murmur64a("", 2));
  CHECK(murmur64a("text", 1) != murmur64a("text", 2));
}
