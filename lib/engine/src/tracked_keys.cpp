#include "tracked_keys.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <new>

namespace hawser::engine {

std::size_t tracked_key::room_for(std::uint32_t count) { return std::bit_ceil(count); }

std::size_t tracked_key::record_size(std::size_t key_size, std::uint32_t count) {
  return sizeof(tracked_key) + room_for(count) * sizeof(std::uint64_t) + key_size;
}

tracked_key* tracked_key::make_room(store::arena& memory, std::string_view key,
                                    std::uint32_t count) {
  void* room = memory.allocate(record_size(key.size(), count));
  auto* made = new (room) tracked_key(key.size(), count);
  if (!key.empty()) std::memcpy(made->ids() + room_for(count), key.data(), key.size());
  return made;
}

tracked_key* tracked_key::make(store::arena& memory, std::string_view key, std::uint64_t reader) {
  auto* made = make_room(memory, key, 1);
  *made->ids() = reader;
  return made;
}

void tracked_key::destroy(store::arena& memory, tracked_key* dead) {
  memory.free(dead, record_size(dead->key_size_, dead->count_));
}

tracked_key* tracked_key::add(store::arena& memory, tracked_key* to, std::uint64_t reader) {
  const auto known = to->readers();
  const auto at = std::ranges::lower_bound(known, reader);
  if (at != known.end() && *at == reader) return to;
  auto* made = to;
  if (known.size() == room_for(to->count_)) {
    made = make_room(memory, to->key(), to->count_ + 1);
    std::copy(known.begin(), at, made->ids());
  } else {
    ++made->count_;
  }
  auto* place = made->ids() + (at - known.begin());
  std::copy_backward(at, known.end(), made->ids() + known.size() + 1);
  *place = reader;
  if (made != to) destroy(memory, to);
  return made;
}

/// Records go with their arena, all at once, but for those that are too large to lie in it.
tracked_keys::~tracked_keys() {
  if (memory_.loose() == 0) {
    table_.abandon();
  } else {
    table_.for_each([this](tracked_key* dead) { tracked_key::destroy(memory_, dead); });
    table_.clear();
  }
}

bool tracked_keys::add(std::string_view key, std::uint64_t reader) {
  const auto hash = hash_(key);
  auto** slot = table_.find(key, hash);
  if (slot == nullptr) {
    table_.insert(tracked_key::make(memory_, key, reader), hash);
    return true;
  }
  const auto known = (*slot)->readers().size();
  *slot = tracked_key::add(memory_, *slot, reader);
  return (*slot)->readers().size() > known;
}

}  // namespace hawser::engine
