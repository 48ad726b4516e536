#pragma once

#include <base/hash.hpp>
#include <store/collection.hpp>
#include <store/field_deadlines.hpp>
#include <store/hash_field.hpp>
#include <store/hash_table.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace hawser::store {

/// The fields of a large hash, in no order. Knows nothing of time: a field past its deadline is
/// here until somebody takes it out.
class field_table final : public large_collection {
 public:
  /// The hash function is the caller's and outlives the table.
  field_table(arena& memory, const base::key_hasher& hash)
      : memory_(&memory), hash_(&hash), table_(memory, hash) {}
  ~field_table() override;

  std::size_t size() const override { return table_.size(); }
  std::size_t memory() const override;
  large_collection* clone(arena& to) const override;
  bool release(std::size_t& budget) override;
  std::uint64_t prefetch_bucket(std::string_view element) const override {
    return table_.prefetch_bucket(element);
  }
  void prefetch_records(std::uint64_t hash) const override { table_.prefetch_items(hash); }

  /// Null: there is no such field. Valid until the next change of the table.
  const hash_field* find(std::string_view field) const;

  /// Gives a field a value, and adds the field when it is missing; returns whether it was. The
  /// texts may not lie in the table. A deadline stays if it is to be kept.
  bool set(std::string_view field, std::string_view value, bool keep_deadline);
  /// False: it was not there.
  bool remove(std::string_view field);
  /// Changes or takes away the deadline of a field that exists.
  void set_deadline(std::string_view field, std::optional<base::milliseconds_t> deadline);
  /// Takes the field out whose deadline is the nearest; there is one.
  void remove_first();
  /// Its name.
  std::string_view first_due() const;

  /// The fields that have a deadline; null when there is none.
  field_deadlines* deadlines() const { return deadlines_.get(); }
  /// Forgets deadlines() when they have become empty.
  void drop_empty_deadlines() {
    if (deadlines_ && deadlines_->empty()) deadlines_.reset();
  }

  template <class Random>
  const hash_field* random_field(Random& random) const {
    return table_.random_item(random);
  }
  /// Calls visit(const hash_field*) for each; `visit` may not change the table.
  template <class Visit>
  void for_each(Visit visit) const {
    table_.for_each(visit);
  }
  /// Visits the fields of one bucket; see hash_table::scan.
  template <class Visit>
  std::uint64_t scan(std::uint64_t cursor, Visit visit) const {
    return table_.scan(cursor, visit);
  }

 private:
  struct by_field {
    using item = hash_field;
    static std::string_view key(const hash_field& of) { return of.field(); }
  };

  void add_deadline(hash_field* of);
  void destroy(hash_field* dead);

  arena* memory_;
  const base::key_hasher* hash_;
  mutable hash_table<by_field, base::key_hasher> table_;
  std::unique_ptr<field_deadlines> deadlines_;
  std::size_t record_bytes_ = 0;
};

}  // namespace hawser::store
