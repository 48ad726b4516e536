#include "catch.hpp"
#include <base/random.hpp>
#include <store/database.hpp>

#include <map>
#include <optional>
#include <string>

namespace {

using hawser::base::milliseconds_t;
using hawser::store::database;
using hawser::store::encoding;
using hawser::store::entry;

const hawser::store::encoding_limits limits;

std::string text_of(const entry& of) {
  return of.is_integer() ? std::to_string(of.integer()) : std::string(of.text());
}

struct modelled {
  std::string value;
  std::optional<milliseconds_t> deadline;
};

}  // namespace

TEST_CASE("A database agrees with a map under random work", "[store][database]") {
  const auto seed = GENERATE(1u, 2u, 3u);
  const hawser::base::key_hasher hash(seed);
  database data(hash, limits);
  std::map<std::string, modelled> model;
  hawser::base::random random(seed);
  const auto any_key = [&] {
    auto name = "k" + std::to_string(random.below(300));
    if (random.below(50) == 0) name += std::string(70'000, 'x');  // a key with a long length
    return name;
  };
  const auto any_value = [&] {
    const std::size_t sizes[] = {0, 1, 10, 44, 45, 254, 255, 256, 1024, 1025, 5000};
    return std::string(sizes[random.below(11)], static_cast<char>('a' + random.below(26)));
  };
  const auto any_deadline = [&]() -> std::optional<milliseconds_t> {
    if (random.below(2) == 0) return std::nullopt;
    return 1000 + static_cast<milliseconds_t>(random.below(5000));
  };
  milliseconds_t now = 1000;
  for (int step = 0; step < 20'000; ++step) {
    const auto key = any_key();
    switch (random.below(8)) {
      case 0:
      case 1: {
        const auto value = any_value();
        const auto deadline = any_deadline();
        data.put_text(key, value, encoding::raw, deadline);
        model[key] = {value, deadline};
        break;
      }
      case 2: {
        const auto number = static_cast<std::int64_t>(random.next()) >> random.below(64);
        const auto deadline = any_deadline();
        data.put_integer(key, number, deadline);
        model[key] = {std::to_string(number), deadline};
        break;
      }
      case 3: {
        REQUIRE(data.remove(key) == (model.erase(key) == 1));
        break;
      }
      case 4: {
        if (!model.contains(key)) break;
        auto& value = model[key].value;
        const auto size = random.below(2 * value.size() + 10);
        const auto bytes = data.resize_text(key, size);
        value.resize(size, '\0');
        REQUIRE(std::string(bytes.begin(), bytes.end()) == value);
        if (size > 0) bytes[size - 1] = value[size - 1] = '!';
        break;
      }
      case 5: {
        if (!model.contains(key)) break;
        model[key].deadline = any_deadline();
        data.set_deadline(key, model[key].deadline);
        break;
      }
      case 6: {
        const auto to = any_key();
        if (!model.contains(key) || model.contains(to)) break;
        data.rename(key, to);
        auto moved = model.extract(key);
        moved.key() = to;
        model.insert(std::move(moved));
        break;
      }
      default: {
        now += static_cast<milliseconds_t>(random.below(3));
        data.expire(now, static_cast<std::size_t>(-1), [&](const entry& dead) {
          const auto at = model.find(std::string(dead.key()));
          REQUIRE(at != model.end());
          REQUIRE(at->second.deadline.value() <= now);
          model.erase(at);
        });
        for (const auto& [name, each] : model) REQUIRE((!each.deadline || *each.deadline > now));
      }
    }
    REQUIRE(data.size() == model.size());
    entry* found = data.find(key);
    REQUIRE((found != nullptr) == model.contains(key));
    if (found == nullptr) continue;
    REQUIRE(found->key() == key);
    REQUIRE(text_of(*found) == model[key].value);
    REQUIRE(found->deadline() == model[key].deadline);
  }
  std::size_t with_deadline = 0;
  for (const auto& [name, each] : model) with_deadline += each.deadline.has_value();
  CHECK(data.deadline_count() == with_deadline);
}

TEST_CASE("An empty database uses next to no memory, whatever it held", "[store][database]") {
  const hawser::base::key_hasher hash(1);
  database data(hash, limits);
  for (int i = 0; i < 10'000; ++i)
    data.put_text("key" + std::to_string(i), std::string(i % 3000, 'v'), encoding::raw,
                  i % 2 ? std::optional<milliseconds_t>(i) : std::nullopt);
  CHECK(data.used_memory() > 10'000'000);
  for (int i = 0; i < 10'000; ++i) REQUIRE(data.remove("key" + std::to_string(i)));
  CHECK(data.used_memory() < 100'000);
}

TEST_CASE("Large values are from the process's allocator, small ones are not",
          "[store][database]") {
  const hawser::base::key_hasher hash(1);
  database data(hash, limits);
  data.put_text("large", std::string(100'000, 'v'), encoding::raw, std::nullopt);
  const auto one = data.heap_memory();
  CHECK(one >= 100'000);
  CHECK(one <= data.used_memory());
#ifndef __SANITIZE_ADDRESS__
  for (int i = 0; i < 1000; ++i)
    data.put_text("small" + std::to_string(i), std::string(100, 'v'), encoding::raw, std::nullopt);
  CHECK(data.used_memory() - data.heap_memory() > 100'000);
#endif
  REQUIRE(data.remove("large"));
  CHECK(data.heap_memory() < one);
}

TEST_CASE("A long string grows into what the allocator rounds to before it moves",
          "[store][database]") {
  const hawser::base::key_hasher hash(1);
  database data(hash, limits);
  constexpr std::size_t size = 6'400'000;
  data.put_text("long", std::string(size, 'v'), encoding::raw, std::nullopt);
  const auto* bytes = data.resize_text("long", size).data();
  CHECK(data.resize_text("long", size + 1).data() == bytes);
  CHECK(data.find("long")->memory() < size / 4 * 5);
}

TEST_CASE("Values may be replaced by a part of themselves", "[store][database]") {
  const hawser::base::key_hasher hash(1);
  database data(hash, limits);
  for (const std::size_t size : {20u, 300u, 3000u}) {
    std::string value;
    for (std::size_t i = 0; i < size; ++i) value += static_cast<char>('a' + i % 26);
    entry* of = data.put_text("k", value, encoding::raw, {});
    of = data.put_text("k", of->text().substr(1), encoding::raw, {});
    CHECK(of->text() == value.substr(1));
  }
}

TEST_CASE("One look-up serves looking and storing", "[store][database]") {
  const hawser::base::key_hasher hash(1);
  database data(hash, limits);
  const auto free = data.locate("k");
  CHECK(free.item() == nullptr);
  entry* made = data.put_integer(free, "k", 7, std::nullopt);
  CHECK(data.find("k") == made);

  const auto taken = data.locate("k");
  CHECK(taken.item() == made);
  data.put_text(taken, "k", "text", encoding::embstr, 5000);
  CHECK(text_of(*data.find("k")) == "text");
  CHECK(data.find("k")->deadline() == 5000);
  CHECK(data.size() == 1);
  CHECK(data.deadline_count() == 1);
}

TEST_CASE("That an integer is a copy lasts until another is stored", "[store][database]") {
  const hawser::base::key_hasher hash(1);
  database data(hash, limits), other(hash, limits);
  data.put_integer("k", 7, std::nullopt);
  data.find("k")->set_copied_integer();
  data.set_deadline("k", 5000);
  data.rename("k", "renamed");
  CHECK(other.put_copy(*data.find("renamed"), "k")->is_copied_integer());
  CHECK_FALSE(other.put_integer("k", 8, 5000)->is_copied_integer());
}
