#include <base/numbers.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <persistence/rdb_values.hpp>
#include <persistence/rdb_writer.hpp>

namespace hawser::persistence {

void rdb_writer::begin(const rdb_origin& from) {
  const int needed = from.field_deadlines ? rdb_version_with_field_deadlines : rdb_version;
  out_.raw(fmt::format("REDIS{:04}", std::max(needed, out_.version())));
  aux("redis-ver", from.redis_version);
  aux("redis-bits", 8 * sizeof(void*));
  aux("ctime", from.seconds);
  aux("used-mem", static_cast<std::int64_t>(from.used_memory));
  aux("aof-base", from.aof_base);
}

void rdb_writer::aux(std::string_view name, std::string_view value) {
  out_.opcode(rdb_opcode::aux);
  out_.string(name);
  out_.string(value);
}

void rdb_writer::aux(std::string_view name, std::int64_t value) {
  aux(name, fmt::format_int(value).str());
}

void rdb_writer::function_library(std::string_view code) {
  out_.opcode(rdb_opcode::function);
  out_.string(code);
}

void rdb_writer::select(int index) {
  out_.opcode(rdb_opcode::select_db);
  out_.length(static_cast<std::uint64_t>(index));
}

void rdb_writer::database(int index, std::size_t keys, std::size_t deadlines) {
  select(index);
  out_.opcode(rdb_opcode::resize_db);
  out_.length(keys);
  out_.length(deadlines);
}

void rdb_writer::key_head(std::string_view key, rdb_type type, const key_facts& facts) {
  if (facts.deadline) {
    out_.opcode(rdb_opcode::deadline_ms);
    out_.u64(static_cast<std::uint64_t>(*facts.deadline));
  }
  if (facts.idle_seconds) {
    out_.opcode(rdb_opcode::idle);
    out_.length(*facts.idle_seconds);
  }
  if (facts.frequency) {
    out_.opcode(rdb_opcode::frequency);
    out_.byte(*facts.frequency);
  }
  out_.type(type);
  out_.string(key);
}

void rdb_writer::key(store::database& home, store::entry& of, const key_facts& facts) {
  key_head(of.key(), type_of(of, out_.version()), facts);
  write_value(out_, home, of);
}

std::error_code rdb_writer::end() {
  out_.opcode(rdb_opcode::end);
  out_.u64(out_.checksum());
  return out_.flush();
}

}  // namespace hawser::persistence
