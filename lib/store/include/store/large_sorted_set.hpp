#pragma once

#include <base/hash.hpp>
#include <store/collection.hpp>
#include <store/hash_table.hpp>
#include <store/score_tree.hpp>
#include <store/scored_member.hpp>

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace hawser::store {

/// A sorted set of many members: records that a table finds by their bytes and a tree keeps in
/// order. What OBJECT ENCODING calls "skiplist".
class large_sorted_set final : public large_collection {
 public:
  large_sorted_set(arena& memory, const base::key_hasher& hash)
      : memory_(&memory), hash_(&hash), members_(memory, hash), order_(memory) {}
  ~large_sorted_set() override;

  std::size_t size() const override { return members_.size(); }
  std::size_t memory() const override;
  large_collection* clone(arena& to) const override;
  bool release(std::size_t& budget) override;
  std::uint64_t prefetch_bucket(std::string_view member) const override {
    return members_.prefetch_bucket(member);
  }
  void prefetch_records(std::uint64_t hash) const override { members_.prefetch_items(hash); }

  std::uint64_t hash_of(std::string_view member) const { return (*hash_)(member); }

  /// Null: there is no such member. Expected O(1).
  scored_member* find(std::string_view member, std::uint64_t hash) const;
  /// Adds a member that is not here yet. O(log n).
  void add(std::string_view member, double score, std::uint64_t hash) {
    adopt(make(member, score), hash);
  }
  void set_score(scored_member* of, double score) {
    before_change(*of);
    order_.update(of, score);
    mark(*of);
  }
  void erase(scored_member* dead);
  void erase_range(std::size_t first, std::size_t count);

  /// A set is also built in two steps: members come into the table first, where their scores may
  /// still change, and are put in order once all are there.
  scored_member* add_unordered(std::string_view member, double score, std::uint64_t hash);
  /// Puts members into a tree that has none. O(n log n). Calls `breathe` each millisecond or so,
  /// meanwhile nothing may change here.
  void put_in_order(const std::function<void()>& breathe = [] {});

  const score_tree& order() const { return order_; }

  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit visit) {
    return members_.scan(cursor, visit);
  }
  template <class Random>
  const scored_member* random_member(Random& random) {
    return members_.random_item(random);
  }

 private:
  struct by_member {
    using item = scored_member;
    static std::string_view key(const scored_member& of) { return of.member(); }
  };

  scored_member* make(std::string_view member, double score);
  void adopt(scored_member* made, std::uint64_t hash);
  void destroy(scored_member* dead);

  arena* memory_;
  const base::key_hasher* hash_;
  mutable hash_table<by_member, base::key_hasher> members_;
  score_tree order_;
  std::size_t record_bytes_ = 0;
};

}  // namespace hawser::store
