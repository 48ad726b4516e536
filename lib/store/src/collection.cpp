#include <store/collection.hpp>
#include <store/database.hpp>

namespace hawser::store {

std::size_t collection_data::memory() const {
  return is_large() ? large()->memory() : listpack(data).memory();
}

collection_data collection_data::clone(arena& to) const {
  if (is_large()) return {how, large()->clone(to)};
  return {how, listpack::copy_of(to, listpack(data).bytes()).data()};
}

void collection_data::destroy(arena& from) const {
  if (is_large())
    delete large();
  else
    listpack(data).destroy(from);
}

arena& collection::memory() const { return home_->memory(); }
const base::key_hasher& collection::hasher() const { return home_->hasher(); }
const encoding_limits& collection::limits() const { return home_->limits(); }

}  // namespace hawser::store
