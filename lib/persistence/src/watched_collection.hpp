#pragma once

#include <store/collection.hpp>
#include <store/database.hpp>
#include <store/snapshot_watch.hpp>

#include <memory>
#include <persistence/rdb_writer.hpp>
#include <persistence/snapshot.hpp>
#include <string>

namespace hawser::persistence {

/// A large collection that a snapshot has begun with: its key and size as they were when the
/// snapshot began, and what has left it since.
class watched_collection : public store::collection_watch {
 public:
  /// What a snapshot has just reached, and how it is written.
  struct start {
    store::database& home;
    const store::entry& of;
    key_facts facts;
    int version;        // of the format
    std::size_t& kept;  // counts bytes that have to be kept because something changes
  };
  /// Begins to watch the collection of that entry.
  static std::unique_ptr<watched_collection> make(const start& from);
  watched_collection(const watched_collection&) = delete;
  watched_collection& operator=(const watched_collection&) = delete;
  /// Ends to watch, and has the collection freed if it is nobody's.
  ~watched_collection() override;

  store::database& home() const { return *home_; }

  void write_head(rdb_writer& to) const { to.key_head(key_, type_, facts_); }
  /// Writes on, the size first; true when all is written.
  virtual bool write(rdb_output& to, time_slice& limit) = 0;

  void orphaned(std::unique_ptr<store::large_collection> gone) override {
    owned_ = std::move(gone);
  }

 protected:
  explicit watched_collection(const start& from);
  void count_kept(std::size_t bytes) { *kept_ += bytes; }
  store::arena& memory() const { return home_->memory(); }

 private:
  store::database* home_;
  store::large_collection* data_;
  std::size_t* kept_;
  std::string key_;
  rdb_type type_;
  key_facts facts_;
  std::unique_ptr<store::large_collection> owned_;
};

}  // namespace hawser::persistence
