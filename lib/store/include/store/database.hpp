#pragma once

#include <base/hash.hpp>
#include <base/random.hpp>
#include <store/arena.hpp>
#include <store/collection.hpp>
#include <store/deadline_index.hpp>
#include <store/encoding_limits.hpp>
#include <store/entry.hpp>
#include <store/field_deadlines.hpp>
#include <store/hash_table.hpp>
#include <store/snapshot_watch.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace hawser::store {

/// One numbered database: the keys, their deadlines and the memory of both.
///
/// Knows nothing of time: an entry past its deadline is here until somebody removes it. A pointer
/// to an entry is valid until the next change of its key. Self-contained, so that a whole database
/// can be handed to another thread to be destroyed there. Not thread-safe.
class database {
 public:
  using deadline_t = std::optional<base::milliseconds_t>;

  /// The hash function and the limits are the caller's and outlive the database.
  database(const base::key_hasher& hash, const encoding_limits& limits);
  ~database();
  database(database&&) noexcept = default;
  database& operator=(database&&) noexcept = delete;

  std::size_t size() const { return table_.size(); }
  bool empty() const { return table_.empty(); }

  /// Keys that have a deadline.
  std::size_t deadline_count() const { return deadlines_.size(); }

  /// The two steps of reading ahead for a key that a later command is going to look up.
  std::uint64_t prefetch_bucket(std::string_view key) const { return table_.prefetch_bucket(key); }
  void prefetch_entry(std::uint64_t hash) const { table_.prefetch_items(hash); }

  /// The entry of a key, null if there is none. Expected O(1).
  entry* find(std::string_view key);

  /// Where a key is or would be, so that looking and then storing take one look-up. Valid until the
  /// next change of the database.
  class place {
   public:
    entry* item() const { return slot_ == nullptr ? nullptr : *slot_; }

   private:
    friend class database;
    place(entry** slot, std::uint64_t hash) : slot_(slot), hash_(hash) {}
    entry** slot_;
    std::uint64_t hash_;
  };
  place locate(std::string_view key);

  /// Stores a string or an integer under a key, whatever it held before; the deadline is as given.
  /// The arguments may point into the entry that is replaced. Returns the entry.
  entry* put_text(std::string_view key, std::string_view value, encoding how, deadline_t deadline) {
    return put_text(locate(key), key, value, how, deadline);
  }
  entry* put_integer(std::string_view key, std::int64_t value, deadline_t deadline) {
    return put_integer(locate(key), key, value, deadline);
  }
  /// The same with the key's place.
  entry* put_text(place at, std::string_view key, std::string_view value, encoding how,
                  deadline_t deadline);
  entry* put_integer(place at, std::string_view key, std::int64_t value, deadline_t deadline);

  /// Stores a value that is not a string, and takes ownership of it.
  entry* put_collection(place at, std::string_view key, value_type type, collection_data value,
                        deadline_t deadline) {
    return put(at, entry::make_collection(*memory_, key, type, value, deadline.has_value()),
               deadline);
  }

  /// Gives the string under a key a new size, keeping its bytes; new bytes are zero. The key exists
  /// and holds a string. The encoding becomes raw. Returns the bytes to write to.
  std::span<char> resize_text(std::string_view key, std::size_t size);

  /// Changes an existing key's deadline. Returns the entry, which may have moved.
  entry* set_deadline(std::string_view key, deadline_t deadline);

  /// False: there is no such key.
  bool remove(std::string_view key);

  /// Large values that were removed or replaced are freed bit by bit: frees about `budget` elements
  /// of them. True: there are more.
  bool free_slice(std::size_t budget);
  /// There are large values still to be freed.
  bool has_buried() const { return !buried_.empty(); }
  /// Removing an entry would free its memory, at once or in slices. False while a snapshot has to
  /// write it first.
  bool frees_when_removed(const entry& of) const {
    if (watch_ == nullptr || !of.is_collection() || !of.collection().is_large()) return true;
    return has_seen(of) && of.collection().large()->watch() == nullptr;
  }
  /// Has a value freed that belongs to nobody any more, bit by bit if it is large.
  void bury(collection_data dead);

  /// Gives an existing key another name, which must not exist, deadline and all.
  void rename(std::string_view from, std::string_view to);

  /// Puts a copy of an entry (of any database) under a key that does not exist here, with its
  /// deadline.
  entry* put_copy(const entry& from, std::string_view key);

  /// Visits the entries of one bucket; see hash_table::scan.
  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit visit) {
    return table_.scan(cursor, visit);
  }

  /// Visits every entry; `visit` may not change the database.
  template <class Visit>
  void for_each(Visit visit) {
    table_.for_each(visit);
  }

  /// A key chosen uniformly; the database is not empty.
  entry* random_entry(base::random& random) { return table_.random_item(random); }

  /// Visits the entries of a bucket chosen by chance, of which there may be none; the database is
  /// not empty.
  template <class Visit>
  void sample(base::random& random, Visit visit) {
    table_.sample(random, visit);
  }
  /// An entry chosen uniformly among those that have a deadline; there is one.
  entry* random_entry_with_deadline(base::random& random) { return deadlines_.random_item(random); }
  /// Visits entries whose deadlines are the nearest; see deadline_index::sample_nearest.
  template <class Visit>
  void sample_nearest(base::random& random, std::uint32_t most, Visit visit) {
    deadlines_.sample_nearest(random, most, visit);
  }

  /// Takes entries out whose deadline is not after `now`, at most `budget` steps; `dying(const
  /// entry&)` sees each before it goes. False: the budget did not suffice.
  template <class Dying>
  bool expire(base::milliseconds_t now, std::size_t budget, Dying dying) {
    return deadlines_.advance(now, budget, [&](entry* due) {
      dying(*due);
      forget(due);
    });
  }

  /// Whether an entry is past its deadline, or a hash all of whose fields are past theirs.
  static bool expired(const entry& of, base::milliseconds_t now) {
    return of.expired(now) || (may_have_field_deadlines(of) && all_fields_due(of, now));
  }
  /// Whether fields of it may have deadlines.
  static bool may_have_field_deadlines(const entry& of) {
    return of.type() == value_type::hash && of.how() == encoding::hashtable;
  }

  /// Takes fields of hashes out whose deadline is not after `now`, at most `budget` steps. Each
  /// hash that has lost some is told of: dying(const entry&, std::size_t fields, bool all); it goes
  /// when they were all. `field_dying`, if there is one, sees each field before it goes. False: the
  /// budget did not suffice.
  using field_visitor = std::function<void(const entry& of, std::string_view field)>;
  template <class Dying>
  bool expire_fields(base::milliseconds_t now, std::size_t budget, Dying dying,
                     const field_visitor& field_dying = {}) {
    return field_deadlines_.advance(now, budget, [&](field_deadlines* due) {
      entry* of = due->owner;
      due->schedule(std::nullopt);
      bool all = false;
      const auto fields = take_due_fields(*of, now, budget, all, field_dying);
      budget -= std::min(budget, fields);
      dying(*of, fields, all);
      if (all) remove(of->key());
    });
  }

  /// Hashes that have fields with a deadline.
  std::size_t field_deadline_count() const { return field_deadlines_.size(); }

  /// After the deadlines of the fields of a hash changed, which is under a key or a draft.
  void reschedule(field_deadlines& changed, entry& of);

  base::milliseconds_t average_time_left(base::milliseconds_t now) const {
    return deadlines_.average_time_left(now);
  }

  /// What values need of their database.
  arena& memory() { return *memory_; }
  const base::key_hasher& hasher() const { return *hash_; }
  const encoding_limits& limits() const { return *limits_; }

  /// A snapshot begins and ends; see snapshot_watch.hpp. Between them it has every entry marked.
  void begin_watch(database_watch& by) {
    watch_ = &by;
    parity_ = !parity_;
  }
  void end_watch() { watch_ = nullptr; }
  /// Null: no snapshot goes on.
  database_watch* watch() const { return watch_; }
  bool has_seen(const entry& of) const { return of.parity() == parity_; }
  /// Marks an entry and shows it to the snapshot, if there is one that has not seen it. Comes
  /// before any change of an entry or its value; what changes it in here does it itself.
  void before_change(entry& of) {
    if (watch_ == nullptr || has_seen(of)) [[likely]]
      return;
    of.set_parity(parity_);
    watch_->reached(*this, of);
  }

  /// Bytes in records and buckets that are in use, and all that is held for them.
  std::size_t used_memory() const;
  std::size_t held_memory() const;
  /// The part of both that comes from the process's allocator and is counted there too.
  std::size_t heap_memory() const;
  /// The part that does not; O(1), unlike the others.
  std::size_t page_memory() const { return memory_->used() - memory_->loose(); }
  /// Bytes that this key costs: its record, what it holds outside, and its share of table and
  /// index.
  std::size_t memory_of(const entry& item) const;
  /// Bytes of the table's buckets and of the deadline index.
  std::size_t table_memory() const { return table_.memory(); }
  std::size_t deadline_memory() const { return deadlines_.memory() + field_deadlines_.memory(); }

  std::size_t bucket_count() const { return table_.bucket_count(); }
  std::vector<std::size_t> chain_lengths() const { return table_.chain_lengths(); }

 private:
  struct by_key {
    using item = entry;
    static std::string_view key(const entry& of) { return of.key(); }
  };

  entry* put(place at, entry* made, deadline_t deadline);
  void change_deadline(entry* of, deadline_t deadline);
  void forget(entry* dead);
  void destroy(entry* dead);
  void adopt_fields(entry* of);
  static bool all_fields_due(const entry& of, base::milliseconds_t now);
  std::size_t take_due_fields(entry& of, base::milliseconds_t now, std::size_t budget, bool& all,
                              const field_visitor& dying);
  static std::size_t grown(std::size_t size);

  std::unique_ptr<arena> memory_;
  const base::key_hasher* hash_;
  const encoding_limits* limits_;
  hash_table<by_key, base::key_hasher> table_;
  deadline_index deadlines_;
  field_deadline_index field_deadlines_;
  std::size_t outside_bytes_ = 0;
  std::size_t collections_ = 0;  // entries that hold one
  std::vector<std::unique_ptr<large_collection>> buried_;
  database_watch* watch_ = nullptr;
  bool parity_ = false;
};

}  // namespace hawser::store
