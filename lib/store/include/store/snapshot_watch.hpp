#pragma once

// How a snapshot sees a value as it was when the snapshot began, while commands go on.
//
// Every entry has a bit, its parity, and every database says which parity is the present one. While
// nothing happens all entries have it. A snapshot begins by flipping the database's: now every
// entry is of the other parity, which says that the snapshot has yet to see it. An entry is seen
// once,
//
//   when the snapshot comes to it    or    before it changes or goes, whichever is first,
//
// and then it gets the present parity, as new entries do from the start. So at the end all entries
// are of one parity again, and there is nothing to clean up. It does not matter that the table
// divides and joins buckets meanwhile: what is met twice has been marked the first time.
//
// What a snapshot sees it writes at once, unless it is a collection too large for that. Such a
// collection gets a watch, and within it the same goes on: its parity is flipped, its records carry
// a bit of it, and each record is shown to the watch once, before it changes or when the walk
// comes to it. Blocks that lists and streams consist of are shared with the watch instead: a block
// that is about to change or to go is left to the watch, and the collection goes on with a copy.

#include <memory>

namespace hawser::store {

class database;
class entry;
class hash_field;
class large_collection;
class list_node;
class scored_member;
class set_member;
struct stream_id;

/// What a large collection that a snapshot has begun with tells it of.
class collection_watch {
 public:
  virtual ~collection_watch() = default;

  /// A record that has not been seen is about to change or to go.
  virtual void leaving(const set_member&) {}
  virtual void leaving(const hash_field&) {}
  virtual void leaving(const scored_member&) {}
  /// A shared node of a list is the watch's alone from now on.
  virtual void keep(const list_node&) {}
  /// A node of a stream is about to change or to go: true when it is the watch's from now on.
  virtual bool keep(const stream_id&, void* /*block*/) { return false; }
  /// The collection is under no key any more: it is the watch's from now on.
  virtual void orphaned(std::unique_ptr<large_collection> gone) = 0;
};

/// What a database tells the snapshot of it.
class database_watch {
 public:
  virtual ~database_watch() = default;

  /// An entry that has not been seen is about to change or to go. It has been marked.
  virtual void reached(database& home, entry& of) = 0;
  /// The database has been taken out of use with all that is in it.
  virtual void flushed(std::shared_ptr<database> gone) = 0;
};

}  // namespace hawser::store
