#pragma once

#include <store/database.hpp>

#include <cstdint>
#include <optional>
#include <persistence/rdb_output.hpp>
#include <string_view>

namespace hawser::persistence {

/// What is known of a key beside its value.
struct key_facts {
  std::optional<base::milliseconds_t> deadline;
  std::optional<std::uint64_t> idle_seconds;
  std::optional<std::uint8_t> frequency;  // the counter of LFU
};

/// What the header of a file says of the server that wrote it.
struct rdb_origin {
  std::string_view redis_version;
  std::int64_t seconds;  // since the epoch
  std::uint64_t used_memory;
  bool field_deadlines = false;  // whether hashes have any
  bool aof_base = false;
};

/// Writes an RDB file: the header, then databases with their keys, then the end.
class rdb_writer {
 public:
  rdb_writer(byte_sink& to, rdb_options options) : out_(to, options) {}
  rdb_writer(deferring_sink& to, int version) : out_(to, version) {}

  void begin(const rdb_origin& from);
  void aux(std::string_view name, std::string_view value);
  void aux(std::string_view name, std::int64_t value);
  void function_library(std::string_view code);
  /// The keys that follow are of this database.
  void database(int index, std::size_t keys, std::size_t deadlines);
  /// The same without sizes.
  void select(int index);
  void key(store::database& home, store::entry& of, const key_facts& facts);
  /// What comes before a key's value.
  void key_head(std::string_view key, rdb_type type, const key_facts& facts);
  /// Writes the trailer and hands everything to the sink; the first failure there was.
  std::error_code end();

  std::uint64_t bytes_written() const { return out_.bytes_written(); }
  rdb_output& output() { return out_; }

 private:
  rdb_output out_;
};

}  // namespace hawser::persistence
