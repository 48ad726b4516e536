#include "catch.hpp"
#include <base/random.hpp>
#include <store/score_tree.hpp>

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace hawser::store {

/// Looks into a tree and throws the name of the first invariant that does not hold.
class score_tree_inspector {
 public:
  explicit score_tree_inspector(const score_tree& of) : tree_(of) {}

  void check() {
    if (tree_.root_ == nullptr) {
      expect(tree_.size_ == 0 && tree_.height_ == 0, "an empty tree has nothing");
    } else {
      expect(visit(tree_.root_, tree_.height_, true) == tree_.size_, "size");
    }
    expect(last_ == nullptr || last_->next == nullptr, "the last leaf has no next");
    expect(leaves_ == tree_.leaves_ && inners_ == tree_.inners_, "nodes are counted");
  }

 private:
  static void expect(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
  }

  std::uint64_t visit(const void* node, std::size_t height, bool last) {
    return height == 0 ? visit_leaf(*static_cast<const score_tree::leaf*>(node), last)
                       : visit_inner(*static_cast<const score_tree::inner*>(node), height, last);
  }

  std::uint64_t visit_inner(const score_tree::inner& node, std::size_t height, bool last) {
    ++inners_;
    expect(node.count <= score_tree::inner_room, "an inner node's room");
    expect(node.count >= (last ? 1 : score_tree::inner_least), "an inner node's fill");
    if (height == tree_.height_) expect(node.count >= 2, "a root has two children");
    std::uint64_t total = 0;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const auto first = order_.size();
      const auto below = visit(node.nodes[i], height - 1, last && i + 1 == node.count);
      expect(below == node.records[i], "counts");
      const auto* least = order_[first];
      expect(node.least[i] == least && node.scores[i] == least->score(), "separators");
      total += below;
    }
    return total;
  }

  std::uint64_t visit_leaf(const score_tree::leaf& node, bool last) {
    ++leaves_;
    expect(node.count <= score_tree::leaf_room, "a leaf's room");
    expect(node.count >= (last ? 1 : score_tree::leaf_least), "a leaf's fill");
    expect(node.previous == last_, "links back");
    expect(last_ == nullptr || last_->next == &node, "links forward");
    last_ = &node;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      const auto* record = node.records[i];
      if (record_ != nullptr)
        expect(ordered_before(record_->score(), record_->member(), *record), "order");
      order_.push_back(record);
      record_ = record;
    }
    return node.count;
  }

  const score_tree& tree_;
  const score_tree::leaf* last_ = nullptr;
  const scored_member* record_ = nullptr;
  std::vector<const scored_member*> order_;
  std::size_t leaves_ = 0;
  std::size_t inners_ = 0;
};

}  // namespace hawser::store

namespace {

using hawser::store::arena;
using hawser::store::score_tree;
using hawser::store::scored_member;

struct in_order {
  bool operator()(const scored_member* a, const scored_member* b) const {
    return hawser::store::ordered_before(a->score(), a->member(), *b);
  }
};

/// A tree, and a std::set of the same records.
struct fixture {
  ~fixture() {
    tree.clear();
    for (auto* each : model) scored_member::destroy(memory, each);
    CHECK(memory.used() == 0);
  }

  void add(const std::string& member, double score) {
    auto* made = scored_member::make(memory, member, score);
    if (!model.insert(made).second) return scored_member::destroy(memory, made);
    tree.insert(made);
  }
  void remove(scored_member* dead) {
    tree.erase(dead);
    model.erase(dead);
    scored_member::destroy(memory, dead);
  }
  void update(scored_member* changed, double score) {
    model.erase(changed);
    auto* probe = scored_member::make(memory, changed->member(), score);
    if (!model.contains(probe)) tree.update(changed, score);
    scored_member::destroy(memory, probe);
    model.insert(changed);
  }
  scored_member* any(hawser::base::random& random) { return *tree.at(random.below(tree.size())); }
  void check() {
    hawser::store::score_tree_inspector(tree).check();
    REQUIRE(tree.size() == model.size());
    if (model.empty()) return;
    auto at = tree.at(0);
    for (auto* each : model) {
      REQUIRE(*at == each);
      at.next();
    }
    at = tree.at(tree.size() - 1);
    for (auto each = model.rbegin(); each != model.rend(); ++each) {
      REQUIRE(*at == *each);
      at.previous();
    }
  }

  arena memory;
  score_tree tree{memory};
  std::set<scored_member*, in_order> model;
};

std::size_t below(const score_tree& tree, double score) {
  return tree.count_before([=](double other, const scored_member*) { return other < score; });
}

std::size_t not_above(const score_tree& tree, double score) {
  return tree.count_before([=](double other, const scored_member*) { return other <= score; });
}

}  // namespace

TEST_CASE("A scored member keeps its score and its bytes", "[store][score_tree]") {
  arena memory;
  for (const std::size_t size : {0, 1, 7, 17, 254, 255, 256, 5000}) {
    std::string text(size, 'x');
    if (size > 0) text.back() = '\0';
    auto* made = scored_member::make(memory, text, -1.5);
    CHECK(made->member() == text);
    CHECK(made->score() == -1.5);
    CHECK(memory.used() == scored_member::memory_for(size));
    scored_member::destroy(memory, made);
  }
  CHECK(scored_member::memory_for(17) == 32);
  CHECK(memory.used() == 0);
}

TEST_CASE("The score tree agrees with a set under random work", "[store][score_tree]") {
  const auto seed = GENERATE(1u, 2u, 3u, 4u, 5u, 6u);
  // Few scores make many ties, many make few.
  const std::uint64_t scores = seed % 3 == 0 ? 1 : seed % 3 == 1 ? 40 : 1'000'000;
  fixture db;
  hawser::base::random random(seed);
  const auto score = [&] {
    const auto drawn = random.below(scores);
    return drawn == 7 ? std::numeric_limits<double>::infinity() : static_cast<double>(drawn) - 20;
  };
  for (int step = 0; step < 24'000; ++step) {
    const bool growing = step / 6000 % 2 == 0;
    const auto kind = random.below(8);
    if (db.tree.empty() || kind < (growing ? 5u : 2u))
      db.add("m" + std::to_string(random.below(100'000)), score());
    else if (kind < 6)
      db.remove(db.any(random));
    else if (kind == 6)
      db.update(db.any(random), score());
    else
      db.update(db.any(random), db.any(random)->score());
    if (step % 500 == 0) db.check();
    if (db.tree.empty()) continue;
    const auto rank = random.below(db.tree.size());
    auto* record = *db.tree.at(rank);
    REQUIRE(db.tree.rank(record) == rank);
    REQUIRE(below(db.tree, record->score()) <= rank);
    REQUIRE(not_above(db.tree, record->score()) > rank);
  }
  db.check();
  while (!db.tree.empty()) db.remove(db.any(random));
  db.check();
}

TEST_CASE("Bounds by score and by member find the first record of a range", "[store][score_tree]") {
  fixture db;
  for (int i = 0; i < 3000; ++i) db.add("m" + std::to_string(i), i / 10);
  for (int i = -1; i <= 300; ++i) {
    CHECK(below(db.tree, i) == static_cast<std::size_t>(std::max(0, i) * 10));
    CHECK(not_above(db.tree, i) == static_cast<std::size_t>(std::min(i + 1, 300) * 10));
  }
  fixture words;
  for (int i = 1000; i < 4000; ++i) words.add(std::to_string(i), 0);
  for (int i = 1000; i < 4000; i += 7) {
    const auto word = std::to_string(i);
    CHECK(words.tree.count_before([&](double, const scored_member* other) {
      return other->member() < word;
    }) == static_cast<std::size_t>(i - 1000));
  }
}

TEST_CASE("Ranges of ranks are erased whole", "[store][score_tree]") {
  const auto seed = GENERATE(1u, 2u, 3u);
  hawser::base::random random(seed);
  for (int round = 0; round < 60; ++round) {
    fixture db;
    const auto size = 1 + random.below(5000);
    for (std::uint64_t i = 0; i < size; ++i)
      db.add(std::to_string(i),
             round % 2 == 0 ? static_cast<double>(i) : static_cast<double>(random.below(500)));
    while (!db.tree.empty()) {
      const auto first = random.below(db.tree.size());
      const auto count = 1 + random.below(db.tree.size() - first);
      auto expected = std::next(db.model.begin(), static_cast<std::ptrdiff_t>(first));
      db.tree.erase_range(first, count, [&](scored_member* gone) {
        REQUIRE(gone == *expected);
        expected = db.model.erase(expected);
        scored_member::destroy(db.memory, gone);
      });
      db.check();
    }
  }
}

TEST_CASE("A tree is taken apart in slices", "[store][score_tree]") {
  fixture db;
  for (int i = 0; i < 20'000; ++i) db.add(std::to_string(i), i % 100);
  const auto whole = db.tree.memory();
  int slices = 0;
  bool done = false;
  while (!done) {
    const auto before = db.tree.memory();
    std::size_t budget = 10;
    done = db.tree.drain(budget);
    CHECK(before - db.tree.memory() <= 20 * 1024);
    ++slices;
  }
  CHECK(slices >= static_cast<int>(whole / (20 * 1024)));
  CHECK(db.tree.memory() == 0);
  CHECK(db.tree.empty());
}

TEST_CASE("A tree costs few bytes a member", "[store][score_tree]") {
  fixture ordered;
  for (int i = 0; i < 100'000; ++i) ordered.add("x", i);
  CHECK(ordered.tree.memory() / 100'000.0 < 9.1);
  hawser::base::random random(7);
  fixture scattered;
  for (int i = 0; i < 100'000; ++i) scattered.add("x", random.unit());
  CHECK(scattered.tree.memory() / 100'000.0 < 11.7);
}

TEST_CASE("Many members are added and found in time", "[store][score_tree]") {
  arena memory;
  score_tree tree(memory);
  hawser::base::random random(3);
  std::vector<scored_member*> records;
  for (int i = 0; i < 300'000; ++i) {
    records.push_back(scored_member::make(memory, "member:0123456789", random.unit()));
    tree.insert(records.back());
  }
  hawser::store::score_tree_inspector(tree).check();
  for (int i = 0; i < 100'000; ++i) {
    auto* record = records[random.below(records.size())];
    REQUIRE(*tree.at(tree.rank(record)) == record);
    tree.update(record, random.unit());
  }
  hawser::store::score_tree_inspector(tree).check();
  for (auto* record : records) {
    tree.erase(record);
    scored_member::destroy(memory, record);
  }
  CHECK(tree.empty());
}
