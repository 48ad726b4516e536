#pragma once

// Values that are not strings. An entry points to one of two things, which its encoding tells
// apart:
//
//   listpack, intset                        a flat block of the arena, all of the value
//   hashtable, skiplist, quicklist, stream  a large_collection
//
// Commands see neither: they use a value class (list_value, hash_value...), a handle made of an
// entry and its database that knows both forms and when to change from one to the other.

#include <store/entry.hpp>
#include <store/listpack.hpp>
#include <store/snapshot_watch.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hawser::base {
class key_hasher;
}

namespace hawser::store {

class database;
struct encoding_limits;

/// What the store does with a value of many elements, whatever its type.
class large_collection {
 public:
  /// Frees what is left.
  virtual ~large_collection() = default;

  virtual std::size_t size() const = 0;
  /// Bytes held, the object itself included.
  virtual std::size_t memory() const = 0;
  /// A copy whose memory comes from another arena.
  virtual large_collection* clone(arena& to) const = 0;
  /// Frees elements, each of which takes one from `budget`; true when none is left.
  virtual bool release(std::size_t& budget) = 0;

  /// Ask the cache for what a search for an element will touch: first for its bucket, whose number
  /// is returned, later for the records in there. Nothing happens where there are no buckets.
  virtual std::uint64_t prefetch_bucket(std::string_view) const { return 0; }
  virtual void prefetch_records(std::uint64_t) const {}

  /// A snapshot begins and ends to watch the collection; see snapshot_watch.hpp. Between them every
  /// record is marked.
  void begin_watch(collection_watch& by) {
    watch_ = &by;
    parity_ = !parity_;
  }
  void end_watch() { watch_ = nullptr; }
  /// Null: nobody watches.
  collection_watch* watch() const { return watch_; }
  /// Whether a record has been marked.
  template <class Record>
  bool has_seen(const Record& record) const {
    return record.parity() == parity_;
  }
  template <class Record>
  void mark(Record& record) const {
    record.set_parity(parity_);
  }

 protected:
  /// Comes before any change of a record.
  template <class Record>
  void before_change(const Record& record) {
    if (watch_ != nullptr && !has_seen(record)) [[unlikely]]
      watch_->leaving(record);
  }

 private:
  collection_watch* watch_ = nullptr;
  bool parity_ = false;
};

/// A value without its key: what an entry of a collection points to.
struct collection_data {
  encoding how;
  void* data;

  bool is_large() const { return how != encoding::listpack && how != encoding::intset; }
  large_collection* large() const { return static_cast<large_collection*>(data); }
  std::size_t memory() const;
  collection_data clone(arena& to) const;
  void destroy(arena& from) const;
};

collection_data entry::collection() const { return {how(), base::load<void*>(value_start())}; }

/// The name OBJECT ENCODING replies: of lists "quicklist", whatever they are.
std::string_view shown_encoding(const entry& of);

/// The base of the value classes: reaches the data through the entry, so that a change of its
/// form is seen at once by every handle. Valid as long as the entry.
class collection {
 public:
  collection(database& home, entry& at) : home_(&home), at_(&at) {}

  encoding how() const { return at_->how(); }

 protected:
  arena& memory() const;
  const base::key_hasher& hasher() const;
  const encoding_limits& limits() const;
  database& home() const { return *home_; }
  entry& item() const { return *at_; }

  bool is_pack() const { return how() == encoding::listpack; }
  listpack pack() const { return listpack(at_->collection().data); }
  /// After a change that may have moved the block.
  void set_pack(listpack changed) { at_->set_collection({encoding::listpack, changed.data()}); }

  template <class Large>
  Large& large() const {
    return static_cast<Large&>(*at_->collection().large());
  }
  /// Puts another form of the same value in the place of the present one, which is not freed.
  void set_large(encoding how, large_collection* made) { at_->set_collection({how, made}); }

 private:
  database* home_;
  entry* at_;
};

}  // namespace hawser::store
