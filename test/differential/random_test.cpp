#include "catch.hpp"
#include "oracle.hpp"
#include "random_comparison.hpp"

#include <cstdlib>
#include <random>
#include <string>

using namespace hawser::test;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text && *text ? std::stoull(text) : otherwise;
}

}  // namespace

// The tests of ctest choose one family by its section: differential_tests [random] -c strings
TEST_CASE("The server replies to random commands as the oracle does", "[random]") {
  const auto seed = from_environment("HAWSER_SEED", std::random_device{}());
  const auto count = from_environment("HAWSER_RANDOM_COMMANDS", 20'000);
  for (const auto& family : command_families()) {
    DYNAMIC_SECTION(family.name) {
      const int protocol = GENERATE(2, 3);
      INFO("under RESP" << protocol << " with HAWSER_SEED=" << seed);
      oracle expected;
      server_process actual(tested_options({}, family.compact_sets));
      const auto found = random_comparison(expected, actual, family, protocol).run(seed, count);
      INFO(found.value_or(""));
      CHECK_FALSE(found);
    }
  }
}

TEST_CASE("The same seed makes the same commands", "[machinery]") {
  for (const auto& family : command_families()) {
    command_generator one(family, 7), other(family, 7), different(family, 8);
    int same_count = 0;
    for (int i = 0; i < 1000; ++i) {
      const auto argv = one.next().argv;
      REQUIRE(argv == other.next().argv);
      same_count += argv == different.next().argv;
    }
    CHECK(same_count < 500);
  }
}
