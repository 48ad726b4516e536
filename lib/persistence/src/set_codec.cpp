#include "decoding.hpp"
#include "encoding.hpp"
#include <base/numbers.hpp>
#include <store/set_value.hpp>

namespace hawser::persistence {

namespace {

using store::set_value;

constexpr const char* twice = "a member that is there twice";

decoded_value read_members(const decoding& of) {
  store::draft<set_value> made(of.home);
  auto set = made.value();
  for (auto left = of.in.length(); left > 0; --left) of.in.require(set.add(of.in.text()), twice);
  return as_value(of, std::move(made));
}

/// A larger intset than is allowed here becomes a table.
decoded_value read_intset(const decoding& of) {
  const auto block = of.in.text();
  const auto size = store::intset::validate(block);
  of.in.require(size.has_value(), "an intset that is none");
  auto copy = store::intset::copy_of(of.home.memory(), block);
  const store::collection_data data{store::encoding::intset, copy.data()};
  decoded_value compact(of.home, set_value::type, data, *size == 0);
  if (within(*size, of.home.limits().set_max_intset_entries)) return compact;
  store::draft<set_value> made(of.home);
  for (std::size_t i = 0; i < *size; ++i) {
    store::digits room;
    made.value().add(std::string_view(room.room, base::format_int(room.room, copy.at(i))));
  }
  return as_value(of, std::move(made));
}

decoded_value read_packed(const decoding& of) {
  auto pack = read_listpack(of);
  require_distinct(of, *pack, 1);
  if (within(pack->size(), of.home.limits().set_max_listpack_entries))
    return as_value(of, set_value::type, std::move(pack));
  store::draft<set_value> made(of.home);
  for (const auto& each : *pack) made.value().add(each);
  return as_value(of, std::move(made));
}

}  // namespace

decoded_value read_set(const decoding& of, rdb_type type) {
  if (type == rdb_type::set) return read_members(of);
  return type == rdb_type::set_intset ? read_intset(of) : read_packed(of);
}

rdb_type set_type(const store::entry& of, int version) {
  if (of.how() == store::encoding::intset) return rdb_type::set_intset;
  const bool packed =
      of.how() == store::encoding::listpack && version >= rdb_version_with_packed_sets;
  return packed ? rdb_type::set_listpack : rdb_type::set;
}

void write_set(rdb_output& to, store::database& home, store::entry& of) {
  const auto type = set_type(of, to.version());
  if (type == rdb_type::set_listpack) return write_pack(to, of);
  if (type == rdb_type::set_intset) return to.string(store::intset(of.collection().data).bytes());
  const set_value set(home, of);
  to.length(set.size());
  set.for_each([&](const auto& each) { write_element(to, each); });
}

}  // namespace hawser::persistence
