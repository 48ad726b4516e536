#include "module_data.hpp"
#include <base/bytes.hpp>
#include <store/string_encoding.hpp>

#include <fmt/format.h>

#include <persistence/rdb_reader.hpp>

namespace hawser::persistence {

rdb_reader::rdb_reader(byte_source& from, rdb_receiver& to, rdb_reading how)
    : in_(from, how.verify_checksum), to_(to), how_(how), values_(in_) {}

std::optional<rdb_failure> rdb_reader::read_all() {
  while (true) switch (step()) {
      case state::more:
        break;
      case state::done:
        return std::nullopt;
      case state::failed:
        return failure_;
    }
}

rdb_reader::state rdb_reader::step() {
  try {
    return read_item();
  } catch (rdb_failure& failure) {
    failure_ = std::move(failure);
    return state::failed;
  }
}

void rdb_reader::read_header() {
  constexpr std::size_t size = 9;
  constexpr std::string_view redis = "REDIS", valkey = "VALKEY";
  const auto header = in_.bytes(size);
  const bool of_valkey = header.starts_with(valkey);
  in_.require(of_valkey || header.starts_with(redis), "this is not an RDB file");
  for (const char digit : header.substr(of_valkey ? valkey.size() : redis.size())) {
    in_.require(digit >= '0' && digit <= '9', "a version that is no number");
    version_ = version_ * 10 + (digit - '0');
  }
  if (of_valkey) values_ = value_reader(in_, rdb_dialect::valkey);
  const bool known =
      of_valkey ? version_ == valkey_version : version_ >= 1 && version_ <= newest_redis_version;
  if (!known) in_.fail(fmt::format("RDB version {} is not known", version_));
  home_ = to_.database(0);
}

rdb_reader::state rdb_reader::read_item() {
  if (version_ == 0) read_header();
  const auto what = in_.byte();
  if (what >= static_cast<std::uint8_t>(rdb_opcode::slot_import))
    return read_opcode(static_cast<rdb_opcode>(what));
  read_key(static_cast<rdb_type>(what));
  return state::more;
}

rdb_reader::state rdb_reader::read_opcode(rdb_opcode what) {
  switch (what) {
    case rdb_opcode::slot_import:
      skip_slot_import();
      break;
    case rdb_opcode::slot_info:
      for (int i = 0; i < 3; ++i) in_.length();
      break;
    case rdb_opcode::function:
      read_function();
      break;
    case rdb_opcode::old_function:
      in_.fail("functions of a release candidate of Redis 7.0");
    case rdb_opcode::module_aux:
      read_module_aux();
      break;
    case rdb_opcode::idle:
      facts_.idle_seconds = in_.length();
      break;
    case rdb_opcode::frequency:
      facts_.frequency = in_.byte();
      break;
    case rdb_opcode::aux:
      read_aux();
      break;
    case rdb_opcode::resize_db:
      for (int i = 0; i < 2; ++i) in_.length();
      break;
    case rdb_opcode::deadline_ms:
      facts_.deadline = static_cast<base::milliseconds_t>(in_.u64());
      break;
    case rdb_opcode::deadline_s:
      facts_.deadline = base::milliseconds_t{static_cast<std::int32_t>(in_.u32())} * 1000;
      break;
    case rdb_opcode::select_db:
      select_database();
      break;
    case rdb_opcode::end:
      read_trailer();
      return state::done;
  }
  return state::more;
}

void rdb_reader::read_trailer() {
  constexpr int first_with_checksum = 5;
  if (version_ < first_with_checksum) return;
  const auto computed = in_.checksum();
  const auto kept = in_.u64();
  if (kept != 0 && how_.verify_checksum && kept != computed)
    in_.fail(fmt::format("the checksum is {:016x}, {:016x} is expected", computed, kept));
}

void rdb_reader::read_aux() {
  const std::string name(in_.text());
  to_.aux(name, in_.text());
}

void rdb_reader::read_function() {
  if (const auto refused = to_.function_library(in_.text()))
    in_.fail("functions that cannot be loaded: " + *refused);
}

void rdb_reader::read_module_aux() {
  const auto name = module_name(in_.length());
  for (int i = 0; i < 2; ++i) in_.length();
  skip_module_data(in_);
  to_.skipped("auxiliary data of the module " + name);
}

void rdb_reader::skip_slot_import() {
  in_.text();
  const auto ranges = in_.length();
  for (std::uint64_t i = 0; i < ranges; ++i) {
    in_.length();
    in_.length();
  }
  to_.skipped("the state of an import of slots");
}

void rdb_reader::select_database() {
  index_ = in_.length();
  home_ = to_.database(index_);
  if (home_ == nullptr)
    in_.fail(fmt::format("there is no database {} here: see the directive databases", index_));
}

void rdb_reader::refuse_module_value() {
  in_.fail(fmt::format("the key {} holds a value of the module {}", base::quoted(key_),
                       module_name(in_.length())));
}

void rdb_reader::read_key(rdb_type type) {
  key_ = in_.text();
  if (type == rdb_type::old_module || type == rdb_type::module_2) refuse_module_value();
  auto value = values_.read(type, *home_);
  if (how_.now && facts_.deadline && *facts_.deadline <= *how_.now) {
    ++expired_;
    to_.expired(key_);
  } else if (value.empty()) {
    to_.skipped(fmt::format("the key {}, which holds nothing", base::quoted(key_)));
  } else {
    put(key_, value);
  }
  facts_ = {};
}

void rdb_reader::put(std::string_view key, decoded_value& value) {
  const auto at = home_->locate(key);
  if (at.item() != nullptr && !how_.replace)
    in_.fail(fmt::format("the key {} is there twice in database {}", base::quoted(key), index_));
  store::entry* made;
  if (value.type() != store::value_type::string) {
    made = home_->put_collection(at, key, value.type(), value.take(), facts_.deadline);
  } else if (const auto& text = value.string(); text.is_integer) {
    made = home_->put_integer(at, key, text.integer, facts_.deadline);
  } else {
    made = store::put_string(*home_, at, key, text.text, facts_.deadline);
  }
  to_.loaded(*made, facts_);
}

}  // namespace hawser::persistence
