#include "decoding.hpp"

#include "old_encodings.hpp"
#include <base/hash.hpp>
#include <base/numbers.hpp>

#include <algorithm>
#include <bit>
#include <vector>

namespace hawser::persistence {

namespace {

using store::listpack;

bool is_integer_as_text(const store::listpack_element& of) {
  return !of.is_integer() && of.size <= base::max_int_chars &&
         base::parse_int({of.string, of.size}).has_value();
}

/// Hashes of what has been seen; those of different elements are taken to be different, which they
/// are but for a chance of 2^-64: nobody knows the key of the hash function.
class seen_hashes {
 public:
  explicit seen_hashes(std::size_t most) : slots_(std::bit_ceil(2 * most + 1)) {}
  /// False: it was there.
  bool add(std::uint64_t hash) {
    const auto mask = slots_.size() - 1;
    hash = std::max<std::uint64_t>(hash, 1);
    auto at = hash & mask;
    for (; slots_[at] != 0; at = (at + 1) & mask)
      if (slots_[at] == hash) return false;
    slots_[at] = hash;
    return true;
  }

 private:
  std::vector<std::uint64_t> slots_;
};

template <class Append>
owned_pack read_old(const decoding& of, Append append, const char* reason) {
  owned_pack made(of.home.memory(), listpack::make(of.home.memory()));
  const auto block = of.in.text();
  of.in.require(append(of.home.memory(), *made, block), reason);
  return made;
}

}  // namespace

owned_pack copy_listpack(const decoding& of, std::string_view block) {
  of.in.require(listpack::validate(block).has_value(), "a listpack that is none");
  auto& memory = of.home.memory();
  owned_pack copy(memory, listpack::copy_of(memory, block));
  if (!any_element(*copy, is_integer_as_text)) return copy;
  owned_pack canonical(memory, listpack::make(memory));
  store::digits room;
  for (const auto& each : *copy) canonical->append(memory, each.text(room.room));
  return canonical;
}

owned_pack read_listpack(const decoding& of) { return copy_listpack(of, of.in.text()); }

owned_pack read_ziplist(const decoding& of) {
  return read_old(of, append_ziplist, "a ziplist that is none");
}

owned_pack read_zipmap(const decoding& of) {
  return read_old(of, append_zipmap, "a zipmap that is none");
}

void require_distinct(const decoding& of, const listpack& pack, unsigned step) {
  const auto size = pack.size();
  of.in.require(size % step == 0, "an element without its value");
  seen_hashes seen(size / step);
  store::digits room;
  for (auto at = pack.first(); at != listpack::none;) {
    of.in.require(seen.add(of.home.hasher()(pack.at(at).text(room.room))),
                  "an element that is there twice");
    for (unsigned i = 0; i < step; ++i) at = pack.next(at);
  }
}

decoded_value as_value(const decoding& of, store::value_type type, owned_pack pack) {
  const bool empty = pack->empty();
  return {of.home, type, {store::encoding::listpack, pack.take().data()}, empty};
}

}  // namespace hawser::persistence
