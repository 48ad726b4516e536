#pragma once

#include "loading_pace.hpp"
#include <commands/data_file.hpp>

#include <cstdint>
#include <persistence/rdb_reader.hpp>
#include <string>

namespace hawser::commands {

/// An RDB file on its way into a node.
class rdb_load {
 public:
  using state = engine::data_load::state;

  /// All outlive this.
  rdb_load(engine::node& server, persistence::byte_source& from, persistence::rdb_reading how);
  /// Into databases that are not the node's yet; functions are not loaded but kept.
  rdb_load(engine::node& server, persistence::byte_source& from, persistence::rdb_reading how,
           engine::node::databases& into);

  /// Loads until the slice is over; so many bytes have been loaded before this file. A failure is
  /// not in the log.
  state slice(loading_pace& pace, std::uint64_t before = 0);

  /// Why it has failed, and where.
  std::string failure() const;
  saved_history& history() { return to_.history; }
  const saved_history& history() const { return to_.history; }
  const std::vector<std::string>& libraries() const { return to_.libraries; }
  /// Of the file, once it has been read.
  std::uint64_t size() const { return reader_.bytes_read(); }
  /// What has been read behind it.
  std::string ahead() const { return reader_.read_ahead(); }

 private:
  class receiver final : public persistence::rdb_receiver {
   public:
    explicit receiver(engine::node& server, engine::node::databases* into = nullptr)
        : server_(server), into_(into) {}

    store::database* database(std::uint64_t index) override;
    void expired(std::string_view key) override;
    void loaded(store::entry& item, const persistence::key_facts& facts) override;
    void aux(std::string_view name, std::string_view value) override;
    std::optional<std::string> function_library(std::string_view code) override;
    void skipped(const std::string& what) override;

    saved_history history;
    std::vector<std::string> libraries;

   private:
    engine::node& server_;
    engine::node::databases* into_;  // null: the node's
    int db_ = 0;
  };

  engine::node& server_;
  receiver to_;
  persistence::rdb_reader reader_;
};

/// How an RDB file is read that may hold what has expired since, as it is in a file of a log or a
/// primary's: no key is left out, for what comes later says what becomes of it.
persistence::rdb_reading with_expired_keys(const engine::node& server);

}  // namespace hawser::commands
