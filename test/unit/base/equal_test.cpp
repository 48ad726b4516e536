#include "catch.hpp"
#include <base/equal.hpp>

#include <string>

using hawser::base::equal;

TEST_CASE("Texts are equal when all of their bytes are, whatever their length", "[base][equal]") {
  for (std::size_t size = 0; size < 80; ++size) {
    const std::string text(size, 'a');
    REQUIRE(equal(text, std::string(size, 'a')));
    REQUIRE_FALSE(equal(text, std::string(size + 1, 'a')));
    for (std::size_t at = 0; at < size; ++at) {
      std::string other(size, 'a');
      other[at] = 'b';
      REQUIRE_FALSE(equal(text, other));
    }
  }
}
