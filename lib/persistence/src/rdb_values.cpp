#include "decoding.hpp"
#include "encoding.hpp"

#include <fmt/format.h>

#include <persistence/rdb_values.hpp>
#include <utility>

namespace hawser::persistence {

using store::encoding;
using store::entry;
using store::value_type;

decoded_value::decoded_value(decoded_value&& other) noexcept
    : type_(other.type_),
      text_(other.text_),
      home_(other.home_),
      data_(std::exchange(other.data_, {})),
      empty_(other.empty_) {}

decoded_value::~decoded_value() {
  if (data_.data != nullptr) home_->bury(data_);
}

store::collection_data decoded_value::take() { return std::exchange(data_, {}); }

decoded_value value_reader::read(rdb_type type, store::database& home) {
  const decoding of{*in_, home, dialect_, scratch_};
  switch (type) {
    case rdb_type::string:
      return decoded_value(in_->string());
    case rdb_type::list:
    case rdb_type::list_ziplist:
    case rdb_type::list_quicklist:
    case rdb_type::list_quicklist_2:
      return read_list(of, type);
    case rdb_type::set:
    case rdb_type::set_intset:
    case rdb_type::set_listpack:
      return read_set(of, type);
    case rdb_type::zset:
    case rdb_type::zset_2:
    case rdb_type::zset_ziplist:
    case rdb_type::zset_listpack:
      return read_sorted_set(of, type);
    case rdb_type::hash:
    case rdb_type::hash_zipmap:
    case rdb_type::hash_ziplist:
    case rdb_type::hash_listpack:
    case rdb_type::hash_deadlines_rc:
    case rdb_type::hash_listpack_deadlines_rc:
    case rdb_type::hash_deadlines:
    case rdb_type::hash_listpack_deadlines:
      return read_hash(of, type);
    case rdb_type::stream_listpacks:
    case rdb_type::stream_listpacks_2:
    case rdb_type::stream_listpacks_3:
      return read_stream(of, type);
    default:
      in_->fail(fmt::format("a value of the unknown type {}", static_cast<int>(type)));
  }
}

rdb_type type_of(const entry& of, int version) {
  switch (of.type()) {
    case value_type::set:
      return set_type(of, version);
    case value_type::hash:
      return hash_type(of);
    case value_type::sorted_set:
      return of.how() == encoding::listpack ? rdb_type::zset_listpack : rdb_type::zset_2;
    case value_type::stream:
      return stream_type(version);
    case value_type::list:
      return rdb_type::list_quicklist_2;
    case value_type::string:
      break;
  }
  return rdb_type::string;
}

void write_value(rdb_output& to, store::database& home, entry& of) {
  switch (of.type()) {
    case value_type::string:
      return of.is_integer() ? to.integer(of.integer()) : to.string(of.text());
    case value_type::set:
      return write_set(to, home, of);
    case value_type::hash:
      return write_hash(to, of);
    case value_type::sorted_set:
      return write_sorted_set(to, home, of);
    case value_type::stream:
      return write_stream(to, of);
    case value_type::list:
      return write_list(to, of);
  }
}

}  // namespace hawser::persistence
