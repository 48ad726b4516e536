#include "decoding.hpp"
#include "encoding.hpp"
#include <store/list_value.hpp>

#include <memory>

namespace hawser::persistence {

namespace {

using store::list_value;

/// A list that grows at its end.
class list_builder {
 public:
  explicit list_builder(const decoding& of) : of_(of), made_(of.home), list_(made_.value()) {}

  /// Reads the next string.
  void add_next() {
    constexpr std::size_t largest = store::listpack::largest / 2;
    const auto text = of_.in.text();
    of_.in.require(text.size() <= largest, "an element that is too large");
    list_.push(store::list_end::back, text);
  }
  void add_all(owned_pack pack) {
    store::digits room;
    for (const auto& each : *pack) list_.push(store::list_end::back, each.text(room.room));
  }
  decoded_value finish() { return as_value(of_, std::move(made_)); }

 private:
  const decoding& of_;
  store::draft<list_value> made_;
  list_value list_;
};

void read_node(const decoding& of, list_builder& to) {
  switch (of.in.length()) {
    case static_cast<std::uint64_t>(list_node_kind::single):
      return to.add_next();
    case static_cast<std::uint64_t>(list_node_kind::packed):
      return to.add_all(read_listpack(of));
    default:
      of.in.fail("a node of a list of an unknown kind");
  }
}

}  // namespace

decoded_value read_list(const decoding& of, rdb_type type) {
  list_builder list(of);
  if (type == rdb_type::list_ziplist) {
    list.add_all(read_ziplist(of));
    return list.finish();
  }
  for (auto left = of.in.length(); left > 0; --left) {
    if (type == rdb_type::list)
      list.add_next();
    else if (type == rdb_type::list_quicklist)
      list.add_all(read_ziplist(of));
    else
      read_node(of, list);
  }
  return list.finish();
}

void write_list_node(rdb_output& to, store::listpack pack) {
  to.length(static_cast<std::uint64_t>(list_node_kind::packed));
  to.string(pack.bytes());
}

void write_list(rdb_output& to, const store::entry& of) {
  if (of.how() == store::encoding::listpack) {
    to.length(1);
    return write_list_node(to, store::listpack(of.collection().data));
  }
  const auto& list = static_cast<const store::quicklist&>(*of.collection().large());
  to.length(list.node_count());
  std::unique_ptr<char[]> scratch;
  for (std::size_t i = 0; i < list.node_count(); ++i)
    write_list_node(to, list.node(i).unpacked(scratch));
}

}  // namespace hawser::persistence
