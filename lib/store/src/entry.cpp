#include <store/collection.hpp>
#include <store/entry.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <new>

namespace hawser::store {

namespace {

/// What allocators round a large size to, four sizes to a doubling.
std::size_t size_class(std::size_t bytes) {
  const auto step = std::bit_floor(std::max<std::size_t>(bytes, 64) - 1) / 4;
  return (bytes + step - 1) / step * step;
}

}  // namespace

big_string* big_string::make(std::size_t capacity) {
  const auto bytes = size_class(sizeof(big_string) + capacity);
  return new (::operator new(bytes)) big_string{0, bytes - sizeof(big_string)};
}

void big_string::destroy(big_string* string) { ::operator delete(string); }

std::size_t entry::length_bytes(std::size_t size) { return size < 0xff ? 1 : 5; }

char* entry::write_length(char* at, std::size_t size) {
  if (size < 0xff) {
    *at = static_cast<char>(size);
    return at + 1;
  }
  *at = static_cast<char>(0xff);
  base::store(at + 1, static_cast<std::uint32_t>(size));
  return at + 5;
}

std::size_t entry::head_size(std::string_view key, bool deadline_room) {
  return sizeof(entry) + (deadline_room ? deadline_bytes : 0) +
         (key.size() >= long_key ? sizeof(std::uint32_t) : 0) + key.size();
}

entry* entry::make(arena& memory, std::string_view key, std::size_t value_bytes, value_type type,
                   encoding how, bool room) {
  auto* made = new (memory.allocate(head_size(key, room) + value_bytes)) entry;
  made->kind_ =
      static_cast<std::uint8_t>(static_cast<unsigned>(type) | static_cast<unsigned>(how) << 4);
  made->flags_ = room ? deadline_room : 0;
  made->access_ = 0;
  char* at = made->after_header() + (room ? deadline_bytes : 0);
  if (key.size() < long_key) {
    made->short_key_ = static_cast<std::uint16_t>(key.size());
  } else {
    made->short_key_ = long_key;
    base::store(at, static_cast<std::uint32_t>(key.size()));
    at += sizeof(std::uint32_t);
  }
  std::memcpy(at, key.data(), key.size());
  return made;
}

entry* entry::make_string(arena& memory, std::string_view key, std::string_view value, encoding how,
                          bool deadline_room) {
  if (value.size() > largest_inside) {
    auto* string = big_string::make(value.size());
    std::memcpy(string->bytes(), value.data(), value.size());
    string->size = value.size();
    return make_outside(memory, key, string, deadline_room);
  }
  auto* made = make(memory, key, length_bytes(value.size()) + value.size(), value_type::string, how,
                    deadline_room);
  std::memcpy(write_length(made->value_start(), value.size()), value.data(), value.size());
  return made;
}

entry* entry::make_integer(arena& memory, std::string_view key, std::int64_t value,
                           bool deadline_room) {
  const bool fits = value >= std::numeric_limits<std::int32_t>::min() &&
                    value <= std::numeric_limits<std::int32_t>::max();
  auto* made =
      make(memory, key, fits ? 4 : 8, value_type::string, encoding::integer, deadline_room);
  if (fits) made->flags_ |= narrow;
  made->replace_integer(value);
  return made;
}

entry* entry::make_outside(arena& memory, std::string_view key, big_string* value,
                           bool deadline_room) {
  auto* made = make(memory, key, sizeof value, value_type::string, encoding::raw, deadline_room);
  made->flags_ |= outside;
  made->set_outside_string(value);
  return made;
}

entry* entry::make_collection(arena& memory, std::string_view key, value_type type,
                              collection_data value, bool deadline_room) {
  auto* made = make(memory, key, sizeof value.data, type, value.how, deadline_room);
  made->set_collection(value);
  return made;
}

void entry::set_collection(collection_data value) {
  set_how(value.how);
  base::store(value_start(), value.data);
}

bool entry::replace_integer(std::int64_t value) {
  if ((flags_ & narrow) == 0) {
    base::store(value_start(), value);
  } else {
    const auto small = static_cast<std::int32_t>(value);
    if (small != value) return false;
    base::store(value_start(), small);
  }
  flags_ = static_cast<std::uint8_t>(flags_ & ~copied);
  return true;
}

bool entry::replace_text(std::string_view value, encoding how) {
  if (is_outside() || is_integer() || value.size() > largest_inside) return false;
  char* start = value_start();
  const auto head = static_cast<std::size_t>(start - reinterpret_cast<char*>(this));
  const auto wanted = head + length_bytes(value.size()) + value.size();
  const char* old = start;
  const auto old_size = read_length(old);
  const auto present = static_cast<std::size_t>(old - reinterpret_cast<char*>(this)) + old_size;
  if (arena::rounded(wanted) != arena::rounded(present)) return false;
  std::memmove(write_length(start, value.size()), value.data(), value.size());
  set_how(how);
  return true;
}

std::size_t entry::value_bytes() const {
  if (is_integer()) return flags_ & narrow ? 4 : 8;
  if (is_outside() || is_collection()) return sizeof(void*);
  const auto size = text().size();
  return length_bytes(size) + size;
}

std::size_t entry::record_size() const {
  return static_cast<std::size_t>(value_start() - reinterpret_cast<const char*>(this)) +
         value_bytes();
}

std::size_t entry::memory() const {
  const auto record = arena::rounded(record_size());
  if (is_collection()) return record + collection().memory();
  return record + (is_outside() ? outside_string()->memory() : 0);
}

void entry::destroy(arena& memory, entry* dead) {
  if (dead->is_outside()) big_string::destroy(dead->outside_string());
  if (dead->is_collection()) dead->collection().destroy(memory);
  destroy_record(memory, dead);
}

void entry::destroy_record(arena& memory, entry* dead) { memory.free(dead, dead->record_size()); }

entry* entry::rebuilt(arena& memory, entry* old, std::string_view key, bool room) {
  const auto bytes = old->value_bytes();
  entry* made = make(memory, key, bytes, old->type(), old->how(), room);
  made->flags_ =
      static_cast<std::uint8_t>((old->flags_ & ~deadline_room) | (room ? deadline_room : 0));
  made->access_ = old->access_;
  std::memcpy(made->value_start(), old->value_start(), bytes);
  memory.free(old, old->record_size());
  return made;
}

entry* entry::with_deadline_room(arena& memory, entry* old, bool room) {
  return rebuilt(memory, old, old->key(), room);
}

entry* entry::with_key(arena& memory, entry* old, std::string_view key) {
  return rebuilt(memory, old, key, old->has_deadline_room());
}

entry* entry::clone(arena& memory, const entry& from, std::string_view key, bool deadline_room) {
  entry* made =
      from.is_collection() ? make_collection(memory, key, from.type(),
                                             from.collection().clone(memory), deadline_room)
      : from.is_integer()  ? make_integer(memory, key, from.integer(), deadline_room)
                           : make_string(memory, key, from.text(), from.how(), deadline_room);
  made->flags_ |= from.flags_ & copied;
  made->access_ = from.access_ & access_mask;
  return made;
}

}  // namespace hawser::store
