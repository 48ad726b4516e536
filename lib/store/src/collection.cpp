#include <store/collection.hpp>
#include <store/database.hpp>
#include <store/intset.hpp>

namespace hawser::store {

std::size_t collection_data::memory() const {
  if (is_large()) return large()->memory();
  return how == encoding::intset ? intset(data).memory() : listpack(data).memory();
}

collection_data collection_data::clone(arena& to) const {
  if (is_large()) return {how, large()->clone(to)};
  if (how == encoding::intset) return {how, intset::copy_of(to, intset(data).bytes()).data()};
  return {how, listpack::copy_of(to, listpack(data).bytes()).data()};
}

void collection_data::destroy(arena& from) const {
  if (is_large())
    delete large();
  else if (how == encoding::intset)
    intset(data).destroy(from);
  else
    listpack(data).destroy(from);
}

std::string_view shown_encoding(const entry& of) {
  return name_of(of.type() == value_type::list ? encoding::quicklist : of.how());
}

arena& collection::memory() const { return home_->memory(); }
const base::key_hasher& collection::hasher() const { return home_->hasher(); }
const encoding_limits& collection::limits() const { return home_->limits(); }

}  // namespace hawser::store
