#include <store/hash_field.hpp>

#include <new>

namespace hawser::store {

namespace {

constexpr std::size_t longest_short = 0xff;

}  // namespace

std::uint8_t hash_field::value_form(std::size_t size) {
  if (size <= longest_short) return 0;
  return size <= largest_inside ? long_value : outside;
}

/// Bytes that a value takes in the record.
std::size_t hash_field::value_bytes(std::size_t size) {
  if (size <= longest_short) return size;
  return size <= largest_inside ? sizeof(std::uint32_t) + size : sizeof(char*);
}

std::size_t hash_field::head_size() const {
  return static_cast<std::size_t>(field_start() - reinterpret_cast<const char*>(this)) +
         field().size();
}

std::size_t hash_field::record_size() const { return head_size() + value_bytes(value().size()); }

std::size_t hash_field::block_size() const { return sizeof(std::uint64_t) + value().size(); }

std::size_t hash_field::memory() const {
  return arena::rounded(record_size()) + (flags_ & outside ? arena::rounded(block_size()) : 0);
}

/// A record whose value is still to be written; `flags` say whether it has room for a deadline.
hash_field* hash_field::make_head(arena& memory, std::string_view field, std::size_t value_bytes,
                                  std::uint8_t flags) {
  const bool is_long = field.size() > longest_short;
  const auto room = flags & deadline_room ? deadline_bytes : 0;
  auto* made =
      new (memory.allocate(sizeof(hash_field) + room + (is_long ? sizeof(std::uint32_t) : 0) +
                           field.size() + value_bytes)) hash_field;
  made->flags_ = static_cast<std::uint8_t>(flags | (is_long ? long_field : 0));
  made->field_size_ = is_long ? 0 : static_cast<std::uint8_t>(field.size());
  char* at = const_cast<char*>(made->field_start());
  if (is_long) base::store(at - sizeof(std::uint32_t), static_cast<std::uint32_t>(field.size()));
  if (!field.empty()) std::memcpy(at, field.data(), field.size());
  return made;
}

/// Writes a value for which there is room.
void hash_field::write_value(arena& memory, std::string_view value) {
  const auto form = value_form(value.size());
  flags_ = static_cast<std::uint8_t>((flags_ & ~(long_value | outside)) | form);
  value_size_ = form == 0 ? static_cast<std::uint8_t>(value.size()) : 0;
  char* at = value_start();
  if (form == outside) {
    auto* block = static_cast<char*>(memory.allocate(sizeof(std::uint64_t) + value.size()));
    base::store(block, std::uint64_t{value.size()});
    base::store(at, block);
    at = block + sizeof(std::uint64_t);
  } else if (form == long_value) {
    base::store(at, static_cast<std::uint32_t>(value.size()));
    at += sizeof(std::uint32_t);
  }
  if (!value.empty()) std::memcpy(at, value.data(), value.size());
}

void hash_field::free_block(arena& memory) {
  if (flags_ & outside) memory.free(base::load<char*>(value_start()), block_size());
}

hash_field* hash_field::make(arena& memory, std::string_view field, std::string_view value) {
  auto* made = make_head(memory, field, value_bytes(value.size()), 0);
  made->write_value(memory, value);
  return made;
}

void hash_field::destroy(arena& memory, hash_field* dead) {
  const auto size = dead->record_size();
  dead->free_block(memory);
  memory.free(dead, size);
}

hash_field* hash_field::clone(arena& memory, const hash_field& from) {
  const auto value = from.value();
  auto* made =
      make_head(memory, from.field(), value_bytes(value.size()), from.flags_ & deadline_room);
  if (from.has_deadline()) made->set_deadline(from.deadline());
  made->write_value(memory, value);
  return made;
}

hash_field* hash_field::assign(arena& memory, hash_field* to, std::string_view value) {
  const auto old_size = to->record_size();
  const auto new_size = to->head_size() + value_bytes(value.size());
  to->free_block(memory);
  if (arena::rounded(old_size) == arena::rounded(new_size)) {
    to->write_value(memory, value);
    return to;
  }
  auto* made =
      make_head(memory, to->field(), value_bytes(value.size()), to->flags_ & deadline_room);
  std::memcpy(made->after_header(), to->after_header(), to->has_deadline() ? deadline_bytes : 0);
  made->write_value(memory, value);
  memory.free(to, old_size);
  return made;
}

hash_field* hash_field::with_deadline(arena& memory, hash_field* old,
                                      std::optional<base::milliseconds_t> deadline) {
  auto* at = old;
  if (old->has_deadline() != deadline.has_value()) {
    const auto size = old->record_size();
    const auto tail = size - old->head_size();
    at = make_head(memory, old->field(), tail, deadline ? deadline_room : 0);
    at->flags_ = static_cast<std::uint8_t>(at->flags_ | (old->flags_ & (long_value | outside)));
    at->value_size_ = old->value_size_;
    std::memcpy(at->value_start(), old->value_start(), tail);
    memory.free(old, size);
  }
  if (deadline) at->set_deadline(*deadline);
  return at;
}

}  // namespace hawser::store
