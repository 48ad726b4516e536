#include "catch.hpp"
#include "world.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <string>

using namespace hawser::simulation;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::stoull(text);
}

/// Empty, or what was broken.
std::string outcome_of(world& what) {
  try {
    what.run();
    return {};
  } catch (const std::exception& error) {
    return error.what();
  }
}

void tell_of(std::uint64_t seed, const std::string& failure) {
  constexpr std::size_t most_lines = 400;
  world again(seed, true);
  const auto same = outcome_of(again);
  const auto& lines = again.events().lines();
  const auto most = from_environment("HAWSER_SIMULATION_LINES", most_lines);
  for (auto i = lines.size() - std::min<std::size_t>(lines.size(), most); i < lines.size(); ++i)
    std::cout << lines[i] << '\n';
  std::cout << "seed " << seed << ": " << failure << '\n';
  if (same != failure) std::cout << "the second time: " << same << '\n';
}

}  // namespace

TEST_CASE("Servers keep their promises whatever happens to them", "[simulation]") {
  const auto first = from_environment("HAWSER_SIMULATION_FIRST", 1);
  const auto seeds = from_environment("HAWSER_SIMULATION_SEEDS", 2000);
  world::counts all;
  std::uint64_t failures = 0;
  for (auto seed = first; seed < first + seeds && failures < 3; ++seed) {
    world one(seed, false);
    const auto failure = outcome_of(one);
    if (!failure.empty()) {
      ++failures;
      tell_of(seed, failure);
    }
    CHECK(failure == "");
    all.full_syncs += one.seen().full_syncs;
    all.partial_syncs += one.seen().partial_syncs;
    all.kills += one.seen().kills;
    all.faults += one.seen().faults;
    all.waits += one.seen().waits;
    all.steps += one.seen().steps;
    all.time += one.seen().time;
  }
  std::cout << all.time / second << " s of " << seeds << " worlds in " << all.steps
            << " steps: " << all.faults << " faults, " << all.kills << " kills, " << all.full_syncs
            << " full and " << all.partial_syncs << " partial syncs, " << all.waits << " waits\n";
}

TEST_CASE("A seed has one outcome", "[simulation]") {
  const auto first = from_environment("HAWSER_SIMULATION_FIRST", 1);
  for (auto seed = first; seed < first + 20; ++seed) {
    world one(seed, true), other(seed, true);
    outcome_of(one);
    outcome_of(other);
    const auto& lines = one.events().lines();
    const auto [here, there] = std::ranges::mismatch(lines, other.events().lines());
    CHECK(one.events().fingerprint() == other.events().fingerprint());
    if (here == lines.end()) continue;
    INFO("seed " << seed << " after " << here - lines.begin() << " lines");
    CHECK(*here == *there);
  }
}
