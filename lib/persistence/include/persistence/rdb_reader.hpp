#pragma once

#include <store/database.hpp>

#include <optional>
#include <persistence/rdb_input.hpp>
#include <persistence/rdb_values.hpp>
#include <persistence/rdb_writer.hpp>
#include <string>
#include <string_view>

namespace hawser::persistence {

/// Takes what an RDB file brings.
class rdb_receiver {
 public:
  virtual ~rdb_receiver() = default;

  /// Where the keys of a database go; null when there is no such database.
  virtual store::database* database(std::uint64_t index) = 0;
  /// A key that has been put into a database.
  virtual void loaded(store::entry&, const key_facts&) {}
  /// A key of the database asked for last that is left out because of its deadline.
  virtual void expired(std::string_view /*key*/) {}
  virtual void aux(std::string_view /*name*/, std::string_view /*value*/) {}
  /// Code of functions; the reason when it cannot be taken.
  virtual std::optional<std::string> function_library(std::string_view /*code*/) { return {}; }
  /// Something that was left out.
  virtual void skipped(const std::string& /*what*/) {}
};

struct rdb_reading {
  /// Keys whose deadline is not after this are left out; none: all are kept.
  std::optional<base::milliseconds_t> now;
  bool verify_checksum = true;
  /// Keys that are there already are replaced, instead of being an error.
  bool replace = false;
};

/// Reads an RDB file of any version into databases.
class rdb_reader {
 public:
  /// All outlive the reader.
  rdb_reader(byte_source& from, rdb_receiver& to, rdb_reading how);

  enum class state { more, done, failed };

  /// Reads the next item: a key with its value, or something shorter.
  state step();
  /// Reads to the end; the failure if there was one.
  std::optional<rdb_failure> read_all();

  const rdb_failure& failure() const { return failure_; }
  std::uint64_t bytes_read() const { return in_.offset(); }
  /// What has been read behind the end of the file.
  std::string read_ahead() const { return std::string(in_.ahead()); }
  /// Keys that were left out because of their deadlines.
  std::uint64_t expired_keys() const { return expired_; }

 private:
  state read_item();
  void read_header();
  state read_opcode(rdb_opcode what);
  void read_trailer();
  void read_aux();
  void read_function();
  void read_module_aux();
  void select_database();
  void skip_slot_import();
  void read_key(rdb_type type);
  void put(std::string_view key, decoded_value& value);
  [[noreturn]] void refuse_module_value();

  rdb_input in_;
  rdb_receiver& to_;
  const rdb_reading how_;
  value_reader values_;
  int version_ = 0;
  store::database* home_ = nullptr;
  std::uint64_t index_ = 0;
  key_facts facts_;
  std::string key_;
  std::uint64_t expired_ = 0;
  rdb_failure failure_;
};

}  // namespace hawser::persistence
