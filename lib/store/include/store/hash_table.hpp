#pragma once

// A hash table of pointers that never stops to rehash.
//
// Items live in buckets of one cache line:
//
//   byte 0        bytes 1..7       bytes 8..63
//   control       seven tags       seven item pointers
//
// `control` has a bit for each occupied slot; its top bit says that the last pointer is not an item
// but the next bucket of a chain. A tag is the top byte of the item's hash, so a look-up reads the
// bucket's line and, but for one false match in 256, only the item it wants.
//
// The table grows by linear hashing (W. Litwin, "Linear hashing: a new tool for file and table
// addressing", VLDB 1980): with 2^level + split buckets, bucket `split` is the next to be divided
// in two. One insertion divides at most one bucket, one removal joins at most one pair, so there is
// no moment at which the table is copied and the memory a key costs stays nearly the same at every
// size. Buckets live in pages of 64 KiB that never move (a small table has one page that doubles).
//
// Scanning visits buckets in the order of the reversed bits of their index, which is the order in
// which buckets divide: whatever was visited stays visited when the table grows or shrinks between
// two calls.

#include <base/equal.hpp>
#include <base/prefetch.hpp>
#include <store/arena.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace hawser::store {

/// A set of `Traits::item*`, found by key.
///
/// Traits: `using item`, `static std::string_view key(const item&)`; the hash function comes in
/// with each call, the table's own calls go through the `Hash` given at construction. The table
/// owns buckets, not items. Not thread-safe; pointers to slots are valid until the next insertion
/// or removal.
template <class Traits, class Hash>
class hash_table {
 public:
  using item = typename Traits::item;

  hash_table(arena& memory, const Hash& hash) : memory_(&memory), hash_(&hash) {}
  ~hash_table() { release(); }
  hash_table(hash_table&& other) noexcept { swap(other); }
  hash_table& operator=(hash_table&& other) noexcept {
    swap(other);
    return *this;
  }

  void swap(hash_table& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(hash_, other.hash_);
    pages_.swap(other.pages_);
    std::swap(first_page_buckets_, other.first_page_buckets_);
    std::swap(level_, other.level_);
    std::swap(split_, other.split_);
    std::swap(size_, other.size_);
    std::swap(chained_, other.chained_);
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  /// Buckets addressed by hash, and those added to them in chains.
  std::size_t bucket_count() const {
    return pages_.empty() ? 0 : (std::size_t{1} << level_) + split_;
  }
  std::size_t chained_bucket_count() const { return chained_; }

  /// Bytes in buckets and their directory.
  std::size_t memory() const {
    const auto pages =
        pages_.empty() ? 0 : (pages_.size() - 1) * page_buckets + first_page_buckets_;
    return (pages + chained_) * sizeof(bucket) + pages_.capacity() * sizeof(bucket*);
  }

  /// The part of it that is not in the arena.
  std::size_t memory_outside() const { return pages_.capacity() * sizeof(bucket*); }

  /// Asks the cache for the bucket of a key; returns the key's hash.
  std::uint64_t prefetch_bucket(std::string_view key) const {
    const auto hash = (*hash_)(key);
    if (!pages_.empty()) base::prefetch(&bucket_at(index_of(hash)));
    return hash;
  }

  /// Asks the cache for the items that may have `hash`; reads their bucket.
  void prefetch_items(std::uint64_t hash) const {
    if (pages_.empty()) return;
    const bucket& home = bucket_at(index_of(hash));
    for (auto found = home.matches(tag_of(hash)); found != 0; found &= found - 1)
      base::prefetch(home.items[std::countr_zero(found)]);
    if (home.chained()) base::prefetch(home.next());
  }

  /// The slot of the item with this key, null if there is none.
  item** find(std::string_view key, std::uint64_t hash) {
    if (pages_.empty()) return nullptr;
    for (bucket* at = &bucket_at(index_of(hash)); at != nullptr; at = at->next())
      for (auto found = at->matches(tag_of(hash)); found != 0; found &= found - 1) {
        item*& slot = at->items[std::countr_zero(found)];
        if (base::equal(Traits::key(*slot), key)) return &slot;
      }
    return nullptr;
  }

  /// Adds an item whose key is not in the table yet.
  void insert(item* added, std::uint64_t hash) {
    if (pages_.empty()) open_first_page();
    place(bucket_at(index_of(hash)), added, tag_of(hash));
    ++size_;
    if (size_ > bucket_count() * grow_above) divide();
  }

  /// Takes the item with this key out and returns it, null if there is none.
  item* remove(std::string_view key, std::uint64_t hash) {
    if (pages_.empty()) return nullptr;
    bucket& home = bucket_at(index_of(hash));
    for (bucket* at = &home; at != nullptr; at = at->next())
      for (auto found = at->matches(tag_of(hash)); found != 0; found &= found - 1) {
        const int slot = std::countr_zero(found);
        if (!base::equal(Traits::key(*at->items[slot]), key)) continue;
        item* removed = at->items[slot];
        fill_hole(home, *at, slot);
        --size_;
        if (size_ < bucket_count() * shrink_below) join();
        return removed;
      }
    return nullptr;
  }

  /// Calls visit(item*) for the items of one bucket and returns where to go on; begin and end with
  /// 0. Every item that is in the table from the first call to the last is visited at least once.
  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit visit) {
    if (pages_.empty()) return 0;
    std::uint64_t mask = (std::uint64_t{1} << level_) - 1;
    if ((cursor & mask) < split_) mask = 2 * mask + 1;
    for (bucket* at = &bucket_at(cursor & mask); at != nullptr; at = at->next())
      for (unsigned used = at->occupied(); used != 0; used &= used - 1)
        visit(at->items[std::countr_zero(used)]);
    return reversed(reversed(cursor | ~mask) + 1);
  }

  /// Calls visit(item*) for every item; `visit` may free the item but not touch the table.
  template <class Visit>
  void for_each(Visit visit) {
    for (std::size_t i = 0; i < bucket_count(); ++i)
      for (bucket* at = &bucket_at(i); at != nullptr; at = at->next())
        for (unsigned used = at->occupied(); used != 0; used &= used - 1)
          visit(at->items[std::countr_zero(used)]);
  }

  /// An item chosen uniformly; the table is not empty. Expected O(1).
  template <class Random>
  item* random_item(Random& random) {
    // A bucket of n items is accepted with a chance of n / 32, so that every item is equally likely
    // (a chain of more than 32 is unheard of with five items a bucket; its items are drawn a little
    // less).
    constexpr std::uint64_t likely_most = 32;
    for (;;) {
      bucket* at = &bucket_at(random.below(bucket_count()));
      auto pick = random.below(likely_most);
      if (const auto items = chain_items(*at); items > likely_most) pick = random.below(items);
      for (; at != nullptr; at = at->next()) {
        const auto here = static_cast<std::uint64_t>(std::popcount(at->occupied()));
        if (pick < here) return at->items[pick];  // slots fill from the lowest on, without holes
        pick -= here;
      }
    }
  }

  /// Calls visit(item*) for the items of a bucket chosen by chance, of which there may be none; the
  /// table is not empty. Items of shorter chains come up no more often than those of longer ones.
  template <class Random, class Visit>
  void sample(Random& random, Visit visit) {
    for (bucket* at = &bucket_at(random.below(bucket_count())); at != nullptr; at = at->next())
      for (unsigned used = at->occupied(); used != 0; used &= used - 1)
        visit(at->items[std::countr_zero(used)]);
  }

  /// How many buckets have chains of n items, for DEBUG HTSTATS.
  std::vector<std::size_t> chain_lengths() const {
    std::vector<std::size_t> counts;
    for (std::size_t i = 0; i < bucket_count(); ++i) {
      const auto items = chain_items(bucket_at(i));
      if (counts.size() <= items) counts.resize(items + 1);
      ++counts[items];
    }
    return counts;
  }

  /// Forgets all items and gives the buckets back.
  void clear() { release(); }

  /// The same when the arena goes next: what lies in it is left there. O(1) in the number of items.
  void abandon() { forget(); }

  /// Takes the items of the last buckets out, as visit(item*) sees them; every one takes one from
  /// `budget`, and the last bucket may take more. True when none is left. Buckets that are empty
  /// are given back as it goes, so that a large table can be emptied in slices.
  template <class Visit>
  bool drain(std::size_t& budget, Visit visit) {
    while (!pages_.empty() && budget > 0) {
      bucket& last = bucket_at(bucket_count() - 1);
      for (bucket* at = &last; at != nullptr; at = at->next())
        for (unsigned used = at->occupied(); used != 0; used &= used - 1) {
          visit(at->items[std::countr_zero(used)]);
          --size_;
          if (budget > 0) --budget;
        }
      if (budget > 0) --budget;  // for the bucket itself
      free_chain(last);
      last.control = 0;
      drop_last_bucket();
    }
    return pages_.empty();
  }

 private:
  static constexpr int slots = 7;
  static constexpr std::size_t page_buckets = arena::page_size / 64;
  static constexpr std::size_t page_shift = 10;
  // Items a bucket on average: growing above five keeps chains rare, and the wide gap to three
  // keeps a table whose size swings from dividing and joining the same buckets over and over.
  static constexpr std::size_t grow_above = 5;
  static constexpr std::size_t shrink_below = 3;

  struct alignas(64) bucket {
    std::uint8_t control = 0;
    std::uint8_t tags[slots] = {};
    item* items[slots] = {};

    static constexpr std::uint8_t chain_bit = 0x80;

    bool chained() const { return control & chain_bit; }
    unsigned occupied() const { return control & 0x7fu; }
    bucket* next() const {
      return chained() ? reinterpret_cast<bucket*>(items[slots - 1]) : nullptr;
    }

    /// A bit for each occupied slot whose tag is `tag`.
    unsigned matches(std::uint8_t tag) const {
      std::uint64_t word;
      std::memcpy(&word, this, sizeof word);
      constexpr std::uint64_t low7 = 0x7f7f7f7f7f7f7f7f;
      const std::uint64_t x = word ^ (std::uint64_t{0x0101010101010101} * tag);
      const std::uint64_t zero = ~(((x & low7) + low7) | x | low7);  // 0x80 where a byte is equal
      // Gather the eight flags into eight bits; the lowest is the control byte's.
      const auto flags =
          static_cast<unsigned>((zero >> 7) * std::uint64_t{0x0102040810204080} >> 56);
      return flags >> 1 & occupied();
    }
  };
  static_assert(sizeof(bucket) == 64);
  static_assert(std::endian::native == std::endian::little);

  static std::uint8_t tag_of(std::uint64_t hash) { return static_cast<std::uint8_t>(hash >> 56); }

  static std::uint64_t reversed(std::uint64_t v) {
    v = __builtin_bswap64(v);
    v = (v >> 4 & 0x0f0f0f0f0f0f0f0f) | (v & 0x0f0f0f0f0f0f0f0f) << 4;
    v = (v >> 2 & 0x3333333333333333) | (v & 0x3333333333333333) << 2;
    return (v >> 1 & 0x5555555555555555) | (v & 0x5555555555555555) << 1;
  }

  std::size_t index_of(std::uint64_t hash) const {
    const std::uint64_t mask = (std::uint64_t{1} << level_) - 1;
    const auto index = hash & mask;
    return index < split_ ? hash & (2 * mask + 1) : index;
  }

  bucket& bucket_at(std::size_t index) const {
    return pages_[index >> page_shift][index & (page_buckets - 1)];
  }

  static std::size_t chain_items(const bucket& home) {
    std::size_t items = 0;
    for (const bucket* at = &home; at != nullptr; at = at->next())
      items += static_cast<std::size_t>(std::popcount(at->occupied()));
    return items;
  }

  /// A page of `page_buckets` is a page of the arena, the smaller first page of a small table a
  /// record.
  bucket* new_page(std::size_t buckets) {
    void* memory = buckets == page_buckets ? memory_->allocate_page()
                                           : memory_->allocate(buckets * sizeof(bucket));
    auto* page = static_cast<bucket*>(memory);
    for (std::size_t i = 0; i < buckets; ++i) new (page + i) bucket;
    return page;
  }

  void free_page(bucket* page, std::size_t buckets) {
    if (buckets == page_buckets)
      memory_->free_page(page);
    else
      memory_->free(page, buckets * sizeof(bucket));
  }

  void open_first_page() {
    pages_.push_back(new_page(1));
    first_page_buckets_ = 1;
  }

  /// Makes room for one bucket more than there are.
  void extend() {
    const auto next = bucket_count();
    if (next >= page_buckets) {
      if ((next & (page_buckets - 1)) == 0) pages_.push_back(new_page(page_buckets));
      return;
    }
    if (next == first_page_buckets_) resize_first_page(first_page_buckets_ * 2);
  }

  void resize_first_page(std::size_t buckets) {
    bucket* page = new_page(buckets);
    std::memcpy(static_cast<void*>(page), pages_[0],
                std::min(buckets, first_page_buckets_) * sizeof(bucket));
    free_page(pages_[0], first_page_buckets_);
    pages_[0] = page;
    first_page_buckets_ = buckets;
  }

  void place(bucket& home, item* added, std::uint8_t tag) {
    bucket* at = &home;
    while (at->chained()) {
      if (at->occupied() != 0x3f) break;
      at = at->next();
    }
    const unsigned room = at->chained() ? ~at->occupied() & 0x3f : ~at->occupied() & 0x7f;
    if (room == 0) {
      at = chain(*at);
      put(*at, 1, added, tag);
      return;
    }
    put(*at, std::countr_zero(room), added, tag);
  }

  static void put(bucket& at, int slot, item* added, std::uint8_t tag) {
    at.items[slot] = added;
    at.tags[slot] = tag;
    at.control = static_cast<std::uint8_t>(at.control | 1u << slot);
  }

  /// Moves the last slot of a full bucket into a new one behind it.
  bucket* chain(bucket& full) {
    auto* next = new (memory_->allocate(sizeof(bucket))) bucket;
    put(*next, 0, full.items[slots - 1], full.tags[slots - 1]);
    full.items[slots - 1] = reinterpret_cast<item*>(next);
    full.control = 0x3f | bucket::chain_bit;
    ++chained_;
    return next;
  }

  /// Empties a slot; the last item of the chain moves into it, so that chains have no holes but at
  /// their end, and a chained bucket that has become empty goes.
  void fill_hole(bucket& home, bucket& at, int slot) {
    bucket* last = &at;
    bucket* before = nullptr;
    while (last->chained()) {
      before = last;
      last = last->next();
    }
    const int donor = std::bit_width(last->occupied()) - 1;
    at.items[slot] = last->items[donor];
    at.tags[slot] = last->tags[donor];
    last->control = static_cast<std::uint8_t>(last->control & ~(1u << donor));
    if (last->occupied() != 0 || last == &home) return;
    if (before == nullptr) before = predecessor(home, *last);
    unchain(*before, last);
  }

  static bucket* predecessor(bucket& home, const bucket& of) {
    bucket* at = &home;
    while (at->next() != &of) at = at->next();
    return at;
  }

  void unchain(bucket& before, bucket* empty) {
    before.control = static_cast<std::uint8_t>(before.control & ~bucket::chain_bit);
    before.items[slots - 1] = nullptr;
    memory_->free(empty, sizeof(bucket));
    --chained_;
  }

  /// Takes a bucket's items out, to be placed anew.
  void empty_into(bucket& from, std::vector<std::pair<item*, std::uint8_t>>& out) {
    for (bucket* at = &from; at != nullptr; at = at->next())
      for (unsigned used = at->occupied(); used != 0; used &= used - 1) {
        const int slot = std::countr_zero(used);
        base::prefetch(at->items[slot]);
        out.emplace_back(at->items[slot], at->tags[slot]);
      }
    free_chain(from);
    from.control = 0;
  }

  void free_chain(bucket& home) {
    bucket* at = home.next();
    while (at != nullptr) {
      bucket* next = at->next();
      memory_->free(at, sizeof(bucket));
      --chained_;
      at = next;
    }
  }

  /// Divides bucket `split_` between itself and a new last bucket.
  void divide() {
    extend();
    moved_.clear();
    empty_into(bucket_at(split_), moved_);
    const auto old_count = std::uint64_t{1} << level_;
    bucket& low = bucket_at(split_);
    bucket& high = bucket_at(split_ + old_count);
    for (const auto& [moved, tag] : moved_)
      place((*hash_)(Traits::key(*moved)) & old_count ? high : low, moved, tag);
    if (++split_ == old_count) {
      ++level_;
      split_ = 0;
    }
  }

  /// Joins the last bucket to the one it was divided from.
  void join() {
    if (bucket_count() <= 1) return;
    if (split_ == 0) {
      --level_;
      split_ = std::size_t{1} << level_;
    }
    --split_;
    const auto last = (std::size_t{1} << level_) + split_;
    moved_.clear();
    empty_into(bucket_at(last), moved_);
    for (const auto& [moved, tag] : moved_) place(bucket_at(split_), moved, tag);
    give_back_pages(last);
  }

  /// The last bucket, which is empty, goes.
  void drop_last_bucket() {
    const auto last = bucket_count() - 1;
    if (last == 0) return release();
    if (split_ == 0) {
      --level_;
      split_ = std::size_t{1} << level_;
    }
    --split_;
    give_back_pages(last);
  }

  /// After bucket `last`, the last one, has gone.
  void give_back_pages(std::size_t last) {
    if (last <= first_page_buckets_ / 4) resize_first_page(first_page_buckets_ / 2);
    if (last >= page_buckets && (last & (page_buckets - 1)) == 0) {
      free_page(pages_.back(), page_buckets);
      pages_.pop_back();
    }
  }

  void release() {
    for (std::size_t i = 0; i < bucket_count(); ++i) free_chain(bucket_at(i));
    for (std::size_t i = 0; i < pages_.size(); ++i)
      free_page(pages_[i], i == 0 ? first_page_buckets_ : page_buckets);
    forget();
  }

  void forget() {
    pages_.clear();
    pages_.shrink_to_fit();
    first_page_buckets_ = 0;
    level_ = 0;
    split_ = 0;
    size_ = 0;
    chained_ = 0;
  }

  arena* memory_ = nullptr;
  const Hash* hash_ = nullptr;
  std::vector<bucket*> pages_;
  std::size_t first_page_buckets_ = 0;
  unsigned level_ = 0;     // 2^level_ buckets, and
  std::size_t split_ = 0;  // as many more as have been divided at this level
  std::size_t size_ = 0;
  std::size_t chained_ = 0;
  std::vector<std::pair<item*, std::uint8_t>> moved_;  // scratch of divide and join
};

}  // namespace hawser::store
