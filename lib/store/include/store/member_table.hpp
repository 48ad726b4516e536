#pragma once

#include <base/hash.hpp>
#include <base/unaligned.hpp>
#include <store/collection.hpp>
#include <store/hash_table.hpp>

#include <cstdint>
#include <string_view>

namespace hawser::store {

/// A member of a large set, in one record: a bit of a snapshot (see snapshot_watch.hpp) and its
/// length in a byte, in four more behind it when it does not fit there, and its bytes.
class set_member {
 public:
  set_member(const set_member&) = delete;
  set_member& operator=(const set_member&) = delete;

  static set_member* make(arena& memory, std::string_view text);
  static void destroy(arena& memory, set_member* dead);

  std::string_view text() const {
    const auto* at = reinterpret_cast<const char*>(this) + 1;
    if (const std::size_t size = head_ & long_text; size != long_text) return {at, size};
    return {at + sizeof(std::uint32_t), base::load<std::uint32_t>(at)};
  }

  bool parity() const { return head_ & parity_bit; }
  void set_parity(bool parity) {
    head_ = static_cast<std::uint8_t>((head_ & long_text) | (parity ? parity_bit : 0));
  }

  /// Bytes of its record in the arena.
  std::size_t memory() const { return arena::rounded(record_size(text().size())); }

 private:
  explicit set_member(std::uint8_t short_size) : head_(short_size) {}

  static constexpr std::uint8_t long_text = 0x7f;
  static constexpr std::uint8_t parity_bit = 0x80;
  static std::size_t record_size(std::size_t size) {
    return size < long_text ? 1 + size : 1 + sizeof(std::uint32_t) + size;
  }

  std::uint8_t head_;
};

/// The members of a large set, in no order.
class member_table final : public large_collection {
 public:
  /// The hash function is the caller's and outlives the table.
  member_table(arena& memory, const base::key_hasher& hash)
      : memory_(&memory), hash_(&hash), table_(memory, hash) {}
  ~member_table() override;

  std::size_t size() const override { return table_.size(); }
  std::size_t memory() const override { return sizeof *this + table_.memory() + record_bytes_; }
  large_collection* clone(arena& to) const override;
  bool release(std::size_t& budget) override;
  std::uint64_t prefetch_bucket(std::string_view element) const override {
    return table_.prefetch_bucket(element);
  }
  void prefetch_records(std::uint64_t hash) const override { table_.prefetch_items(hash); }

  bool contains(std::string_view text) { return table_.find(text, (*hash_)(text)) != nullptr; }
  /// False: it was there.
  bool add(std::string_view text);
  /// False: it was not there. The text may be that of the member itself.
  bool remove(std::string_view text);

  /// A member chosen uniformly; there is one.
  template <class Random>
  const set_member* random_member(Random& random) {
    return table_.random_item(random);
  }

  /// Calls visit(const set_member*) for each; `visit` may not change the table.
  template <class Visit>
  void for_each(Visit visit) const {
    table_.for_each(visit);
  }

  /// Visits the members of one bucket; see hash_table::scan.
  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit visit) {
    return table_.scan(cursor, visit);
  }

  std::vector<std::size_t> chain_lengths() const { return table_.chain_lengths(); }

 private:
  struct by_text {
    using item = set_member;
    static std::string_view key(const set_member& of) { return of.text(); }
  };

  arena* memory_;
  const base::key_hasher* hash_;
  mutable hash_table<by_text, base::key_hasher> table_;
  std::size_t record_bytes_ = 0;
};

}  // namespace hawser::store
