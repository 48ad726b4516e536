#include "catch.hpp"
#include <base/random.hpp>
#include <store/database.hpp>
#include <store/list_value.hpp>

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace hawser::store;
using hawser::base::key_hasher;

struct fixture {
  explicit fixture(encoding_limits with = {}) : limits(with) {
    entry* made = data.put_collection(data.locate("list"), "list", value_type::list,
                                      list_value::make_empty(data), std::nullopt);
    list.emplace(data, *made);
    item = made;
  }

  std::vector<std::string> elements(bool backward = false) const {
    std::vector<std::string> all;
    if (list->empty()) return all;
    list->walk(backward ? list->size() - 1 : 0, backward, [&](const auto& each) {
      all.push_back(each.to_string());
      return true;
    });
    return all;
  }

  bool is_large() const { return list->how() == encoding::quicklist; }
  const quicklist& large() const {
    return static_cast<const quicklist&>(*item->collection().large());
  }

  key_hasher hash{1};
  encoding_limits limits;
  database data{hash, limits};
  entry* item = nullptr;
  std::optional<list_value> list;
};

encoding_limits shaped(std::int64_t size, std::int64_t depth = 0) {
  encoding_limits limits;
  limits.list_max_listpack_size = size;
  limits.list_compress_depth = depth;
  return limits;
}

/// Elements of every kind, equal ones among them.
std::string random_element(hawser::base::random& random) {
  switch (random.below(12)) {
    case 0:
      return std::to_string(random.below(100));
    case 1:
      return std::to_string(static_cast<std::int64_t>(random.next()));
    case 2:
      return "";
    case 3:
      return std::string(random.below(300), static_cast<char>('a' + random.below(26)));
    case 4:
      if (random.below(20) == 0) return std::string(9000, 'L');
      return "same";
    default:
      return "element:" + std::to_string(random.below(1'000'000'000));
  }
}

/// What is true of every large list.
void check_invariants(const fixture& f) {
  if (!f.is_large()) return;
  const auto& large = f.large();
  const auto depth = static_cast<std::size_t>(f.limits.list_compress_depth);
  const auto fill = f.limits.list_max_listpack_size;
  std::size_t counted = 0;
  for (std::size_t i = 0; i < large.node_count(); ++i) {
    const auto& node = large.node(i);
    std::unique_ptr<char[]> scratch;
    const auto pack = node.unpacked(scratch);
    REQUIRE(listpack::validate(pack.bytes()) == node.count());
    REQUIRE(node.count() > 0);
    counted += node.count();
    if (fill > 0) REQUIRE(node.count() <= static_cast<std::size_t>(fill));
    if (fill < 0 && node.count() > 1)
      REQUIRE(node.bytes() <= std::size_t{2048} << static_cast<unsigned>(-fill));
    if (depth > 0 && (i < depth || i >= large.node_count() - depth)) REQUIRE(!node.compressed());
    if (depth == 0) REQUIRE(!node.compressed());
  }
  REQUIRE(counted == f.list->size());
}

class player {
 public:
  player(fixture& f, std::uint64_t seed, std::size_t goal) : f_(f), random_(seed), goal_(goal) {}

  void step() {
    const bool grow = model_.size() < goal_ ? random_.below(4) != 0 : random_.below(4) == 0;
    grow ? add() : take();
    if (!model_.empty() && random_.below(8) == 0) change();
  }

  void compare() {
    REQUIRE(f_.list->size() == model_.size());
    const auto all = f_.elements();
    REQUIRE(std::equal(all.begin(), all.end(), model_.begin(), model_.end()));
    const auto back = f_.elements(true);
    REQUIRE(std::equal(back.begin(), back.end(), model_.rbegin(), model_.rend()));
    check_invariants(f_);
  }

 private:
  void add() {
    const auto text = random_element(random_);
    switch (random_.below(3)) {
      case 0:
        f_.list->push(list_end::front, text);
        model_.push_front(text);
        break;
      case 1:
        f_.list->push(list_end::back, text);
        model_.push_back(text);
        break;
      default: {
        const auto at = random_.below(model_.size() + 1);
        f_.list->insert(at, text);
        model_.insert(model_.begin() + static_cast<std::ptrdiff_t>(at), text);
      }
    }
  }

  void take() {
    const auto count = random_.below(10) == 0 ? 1 + random_.below(200) : 1;
    switch (random_.below(4)) {
      case 0:
        pop(list_end::front, count);
        break;
      case 1:
        pop(list_end::back, count);
        break;
      case 2: {
        if (model_.empty()) return;
        const auto at = random_.below(model_.size());
        const auto taken = std::min<std::size_t>(count, model_.size() - at);
        f_.list->erase(at, taken);
        const auto from = model_.begin() + static_cast<std::ptrdiff_t>(at);
        model_.erase(from, from + static_cast<std::ptrdiff_t>(taken));
        break;
      }
      default:
        remove();
    }
  }

  void pop(list_end from, std::size_t count) {
    std::vector<std::string> taken, expected;
    f_.list->pop(from, count, [&](const auto& each) { taken.push_back(each.to_string()); });
    for (; count > 0 && !model_.empty(); --count) {
      const bool front = from == list_end::front;
      expected.push_back(front ? model_.front() : model_.back());
      front ? model_.pop_front() : model_.pop_back();
    }
    REQUIRE(taken == expected);
  }

  void remove() {
    const std::string text = random_.below(2) == 0 ? "same" : std::to_string(random_.below(100));
    const auto most = 1 + random_.below(3);
    const bool backward = random_.below(2) == 0;
    std::size_t expected = 0;
    for (std::size_t i = 0; i < model_.size() && expected < most;) {
      const auto at = backward ? model_.size() - 1 - i : i;
      if (model_[at] != text) {
        ++i;
        continue;
      }
      model_.erase(model_.begin() + static_cast<std::ptrdiff_t>(at));
      ++expected;
    }
    REQUIRE(f_.list->remove(text, most, backward) == expected);
  }

  void change() {
    const auto at = random_.below(model_.size());
    const auto text = random_element(random_);
    f_.list->replace(at, text);
    model_[at] = text;
    const auto other = random_element(random_);
    const auto found = std::find(model_.begin(), model_.end(), other);
    const auto index = f_.list->find(other);
    REQUIRE(index.has_value() == (found != model_.end()));
    if (index) REQUIRE(*index == static_cast<std::size_t>(found - model_.begin()));
  }

  fixture& f_;
  hawser::base::random random_;
  std::size_t goal_;
  std::deque<std::string> model_;
};

}  // namespace

TEST_CASE("A list behaves as a deque, whatever its shape", "[lists]") {
  for (const std::int64_t size : {-2, -1, -5, 1, 3, 100})
    for (const std::int64_t depth : {0, 1, 3}) {
      INFO("list-max-listpack-size " << size << ", list-compress-depth " << depth);
      fixture f(shaped(size, depth));
      player game(f, static_cast<std::uint64_t>(size * 10 + depth + 100), 900);
      for (int i = 0; i < 4000; ++i) {
        game.step();
        if (i % 50 == 0) game.compare();
      }
      game.compare();
    }
}

TEST_CASE("A short list is a listpack, a long one turns large and, emptied, back", "[lists]") {
  fixture f;
  for (int i = 0; i < 100; ++i) f.list->push(list_end::back, "element:" + std::to_string(i));
  CHECK(!f.is_large());
  for (int i = 100; i < 1000; ++i) f.list->push(list_end::back, "element:" + std::to_string(i));
  CHECK(f.is_large());
  f.list->pop(list_end::front, 990, [](const auto&) {});
  CHECK(!f.is_large());
  CHECK(f.elements().front() == "element:990");
  f.list->pop(list_end::front, 10, [](const auto&) {});
  CHECK(f.list->empty());
}

TEST_CASE("A million short elements take no more than 22 bytes each", "[lists]") {
  fixture f;
  char text[24];
  for (int i = 0; i < 1'000'000; ++i) {
    std::snprintf(text, sizeof text, "element:%09d", i);
    f.list->push(i % 2 == 0 ? list_end::back : list_end::front, text);
  }
  CHECK(f.item->memory() < 20'500'000);
}

TEST_CASE("A copy of a list lives by itself", "[lists]") {
  for (const std::int64_t depth : {0, 1}) {
    fixture f(shaped(-1, depth)), other;
    for (int i = 0; i < 3000; ++i) f.list->push(list_end::back, std::to_string(i) + "-element");
    const auto before = f.elements();
    entry* copy = other.data.put_copy(*f.item, "copy");
    f.list->erase(0, 2999);
    list_value copied(other.data, *copy);
    CHECK(copied.size() == 3000);
    std::size_t index = 0;
    copied.walk(0, false, [&](const auto& each) { return each.to_string() == before[index++]; });
    CHECK(index == 3000);
  }
}

TEST_CASE("A large list is freed in slices", "[lists]") {
  fixture f;
  for (int i = 0; i < 100'000; ++i) f.list->push(list_end::back, "element:" + std::to_string(i));
  f.data.remove("list");
  int slices = 0;
  while (f.data.free_slice(100)) ++slices;
  CHECK(slices > 10);
  CHECK(f.data.used_memory() < 20'000);
}
