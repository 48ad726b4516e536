#include "catch.hpp"
#include <base/random.hpp>
#include <store/listpack.hpp>

#include <limits>
#include <string>
#include <vector>

namespace {

using hawser::store::arena;
using hawser::store::listpack;

std::vector<std::string> elements_of(const listpack& pack) {
  std::vector<std::string> all;
  for (const auto& each : pack) all.push_back(each.to_string());
  return all;
}

std::vector<std::string> backwards(const listpack& pack) {
  std::vector<std::string> all;
  for (auto at = pack.last(); at != listpack::none; at = pack.previous(at))
    all.insert(all.begin(), pack.at(at).to_string());
  return all;
}

/// Texts on both sides of every bound of the format.
std::string any_text(hawser::base::random& random) {
  constexpr std::int64_t bounds[] = {0,
                                     127,
                                     128,
                                     4095,
                                     4096,
                                     -4096,
                                     -4097,
                                     32767,
                                     32768,
                                     8388607,
                                     8388608,
                                     2147483647,
                                     -8388609,
                                     2147483648,
                                     std::numeric_limits<std::int64_t>::min(),
                                     std::numeric_limits<std::int64_t>::max()};
  constexpr std::size_t sizes[] = {0,   1,   5,   62,   63,   64,    125,
                                   126, 127, 128, 4095, 4096, 16379, 16383};
  switch (random.below(8)) {
    case 0:
      return std::to_string(bounds[random.below(std::size(bounds))]);
    case 1:
      return "0" + std::to_string(random.below(100));
    case 2:
      return std::string(sizes[random.below(std::size(sizes))], 'x');
    default:
      return (random.below(2) == 0 ? "e" : "") + std::to_string(random.below(1000));
  }
}

struct fixture {
  ~fixture() { pack.destroy(memory); }
  arena memory;
  listpack pack = listpack::make(memory);
};

}  // namespace

TEST_CASE("A listpack agrees with a vector under random work", "[store][listpack]") {
  hawser::base::random random(GENERATE(1u, 2u, 3u));
  fixture f;
  auto& [memory, pack] = f;
  std::vector<std::string> model;
  for (int step = 0; step < 8000; ++step) {
    const auto index = model.empty() ? 0 : random.below(model.size());
    const auto here = static_cast<std::ptrdiff_t>(index);
    const auto at = pack.seek(here);
    const auto text = any_text(random);
    const bool shrinking = step / 1000 % 2 == 1;
    if (model.empty() || random.below(shrinking ? 4 : 2) == 0) {
      const auto end = random.below(2) == 0;
      const auto made = pack.insert(memory, end ? listpack::none : at, text);
      model.insert(end ? model.end() : model.begin() + here, text);
      REQUIRE(pack.at(made) == text);
    } else if (random.below(3) == 0) {
      pack.replace(memory, at, text);
      model[index] = text;
    } else {
      const auto count = std::min<std::size_t>(random.below(3) + 1, model.size() - index);
      const auto next = pack.erase(memory, at, count);
      model.erase(model.begin() + here, model.begin() + here + static_cast<std::ptrdiff_t>(count));
      REQUIRE((next == listpack::none) == (index == model.size()));
    }
    REQUIRE(pack.size() == model.size());
    if (step % 50 == 0) {
      REQUIRE(elements_of(pack) == model);
      REQUIRE(backwards(pack) == model);
      REQUIRE(listpack::validate(pack.bytes()) == model.size());
      if (!model.empty()) {
        const auto wanted = static_cast<std::int64_t>(random.below(model.size()));
        const auto& expected = model[static_cast<std::size_t>(wanted)];
        CHECK(pack.at(pack.seek(wanted)) == expected);
        CHECK(pack.at(pack.seek(wanted - static_cast<std::int64_t>(model.size()))) == expected);
        CHECK(pack.at(pack.find(pack.first(), expected)) == expected);
      }
      CHECK(pack.find(pack.first(), "nowhere") == listpack::none);
      CHECK(pack.seek(static_cast<std::int64_t>(model.size())) == listpack::none);
    }
  }
}

TEST_CASE("A listpack has the bytes that the format asks for", "[store][listpack]") {
  fixture f;
  auto& [memory, pack] = f;
  pack.append(memory, "5");
  pack.append(memory, "-1");
  pack.append(memory, "hi");
  pack.append(memory, "300");
  const std::string expected(
      "\x16\0\0\0\4\0"
      "\5\1"
      "\xdf\xff\2"
      "\x82hi\3"
      "\xc1\x2c\2"
      "\xff",
      19);
  CHECK(std::string(pack.bytes()).substr(4) == expected.substr(4));
  CHECK(pack.byte_count() == 19);
}

TEST_CASE("A listpack finds only what stands at the places asked for", "[store][listpack]") {
  fixture f;
  auto& [memory, pack] = f;
  for (const auto* each : {"name", "value", "value", "10", "10", "x"}) pack.append(memory, each);
  CHECK(pack.find(pack.first(), "value", 1) == pack.seek(2));
  CHECK(pack.find(pack.first(), "10", 1) == pack.seek(4));
  CHECK(pack.find(pack.first(), "x", 1) == listpack::none);
}

TEST_CASE("A search that leaves elements out ends where an odd number of them does",
          "[store][listpack]") {
  arena memory;
  auto pack = listpack::make(memory);
  for (int i = 0; i < 3; ++i) pack.append(memory, "x");
  CHECK(pack.find(pack.first(), "7", 1) == listpack::none);
  pack.destroy(memory);
}

TEST_CASE("A listpack counts more elements than its head can tell", "[store][listpack]") {
  fixture f;
  auto& [memory, pack] = f;
  for (int i = 0; i < 65'540; ++i) pack.append(memory, std::int64_t{1});
  CHECK(pack.size() == 65'540);
  CHECK(pack.seek(65'539) != listpack::none);
  CHECK(pack.seek(65'540) == listpack::none);
  pack.erase(memory, pack.first(), 10);
  CHECK(pack.size() == 65'530);
  CHECK(listpack::validate(pack.bytes()) == 65'530u);
}

TEST_CASE("Appending the tail of another listpack takes its elements over", "[store][listpack]") {
  fixture f, g;
  for (const auto* each : {"a", "b", "c"}) f.pack.append(f.memory, each);
  for (const auto* each : {"1", "two"}) g.pack.append(g.memory, each);
  g.pack.append_from(g.memory, f.pack, f.pack.seek(1));
  CHECK(elements_of(g.pack) == std::vector<std::string>{"1", "two", "b", "c"});
  CHECK(g.pack.size() == 4);
}

TEST_CASE("A listpack that was cut, changed or lengthened anywhere is refused or read safely",
          "[store][listpack]") {
  fixture f;
  auto& [memory, pack] = f;
  for (const auto* each : {"1", "-77", "4000", "70000", "9999999999", "text"})
    pack.append(memory, each);
  pack.append(memory, std::string(100, 'y'));
  pack.append(memory, std::string(5000, 'z'));
  const std::string whole(pack.bytes());
  REQUIRE(listpack::validate(whole) == 8u);
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const std::vector<char> exact(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut));
    CHECK_FALSE(listpack::validate({exact.data(), exact.size()}));
  }
  hawser::base::random random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::vector<char> changed(whole.begin(), whole.end());
    for (auto n = random.below(3) + 1; n > 0; --n)
      changed[random.below(std::min<std::size_t>(changed.size(), 200))] =
          static_cast<char>(random.below(256));
    const std::string_view block(changed.data(), changed.size());
    if (const auto count = listpack::validate(block)) {
      const listpack read(changed.data());
      CHECK(elements_of(read).size() == *count);
      CHECK(backwards(read).size() == *count);
    }
  }
}
