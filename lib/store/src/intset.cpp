#include <store/intset.hpp>

#include <bit>

namespace hawser::store {

static_assert(std::endian::native == std::endian::little);

namespace {

std::size_t width_of(std::int64_t value) {
  if (value == static_cast<std::int16_t>(value)) return 2;
  return value == static_cast<std::int32_t>(value) ? 4 : 8;
}

}  // namespace

/// Small blocks are as large as they must be; larger ones have some room to grow, up to a quarter.
std::size_t intset::capacity(std::size_t size) {
  if (size <= 512) return size;
  const auto step = std::bit_floor(size) / (size <= arena::largest_record ? 8 : 4);
  return (size + step - 1) / step * step;
}

intset intset::make(arena& memory) {
  intset made(memory.allocate(capacity(empty_bytes)));
  made.set_head(2, 0);
  return made;
}

intset intset::copy_of(arena& memory, std::string_view block) {
  intset made(memory.allocate(capacity(block.size())));
  std::memcpy(made.block_, block.data(), block.size());
  return made;
}

std::optional<std::size_t> intset::validate(std::string_view block) {
  if (block.size() < empty_bytes) return std::nullopt;
  const intset seen(const_cast<char*>(block.data()));
  const auto width = seen.width(), size = seen.size();
  if (width != 2 && width != 4 && width != 8) return std::nullopt;
  if (block.size() - empty_bytes != size * width) return std::nullopt;
  for (std::size_t i = 1; i < size; ++i)
    if (seen.at(i - 1) >= seen.at(i)) return std::nullopt;
  return size;
}

void intset::set_head(std::size_t width, std::size_t size) {
  const std::uint32_t head[] = {static_cast<std::uint32_t>(width),
                                static_cast<std::uint32_t>(size)};
  std::memcpy(block_, head, sizeof head);
}

/// The index of the first integer that is not below `value`.
std::size_t intset::lower_bound(std::int64_t value) const {
  std::size_t first = 0, left = size();
  if (left > 0 && at(left - 1) < value) return left;  // numbers often come in ascending order
  while (left > 0) {
    const auto half = left / 2;
    const bool below = at(first + half) < value;
    first = below ? first + half + 1 : first;
    left = below ? left - half - 1 : half;
  }
  return first;
}

bool intset::contains(std::int64_t value) const {
  if (width_of(value) > width()) return false;
  const auto where = lower_bound(value);
  return where < size() && at(where) == value;
}

/// Makes `new_bytes` of room at a place that has `old_bytes` now; what follows moves. The head is
/// left as it was.
void intset::reshape(arena& memory, std::size_t at, std::size_t old_bytes, std::size_t new_bytes) {
  const auto before = byte_count();
  const auto after = before - old_bytes + new_bytes;
  const auto tail = before - at - old_bytes;
  const auto room = capacity(before), wanted = capacity(after);
  if (arena::rounded(room) == arena::rounded(wanted)) {
    std::memmove(block_ + at + new_bytes, block_ + at + old_bytes, tail);
    return;
  }
  auto* moved = static_cast<char*>(memory.allocate(wanted));
  std::memcpy(moved, block_, at);
  std::memcpy(moved + at + new_bytes, block_ + at + old_bytes, tail);
  memory.free(block_, room);
  block_ = moved;
}

/// Adds an integer that needs a larger width than the others, so that it is the first or the last.
void intset::widen(arena& memory, std::size_t width, std::int64_t added) {
  const intset old = *this;
  const auto count = old.size();
  block_ = static_cast<char*>(memory.allocate(capacity(empty_bytes + (count + 1) * width)));
  set_head(width, count + 1);
  const std::size_t offset = added < 0 ? 1 : 0;
  for (std::size_t i = 0; i < count; ++i) put(i + offset, old.at(i));
  put(added < 0 ? 0 : count, added);
  intset(old).destroy(memory);
}

bool intset::add(arena& memory, std::int64_t value) {
  const auto needed = width_of(value);
  if (needed > width()) {
    widen(memory, needed, value);
    return true;
  }
  const auto where = lower_bound(value), count = size();
  if (where < count && at(where) == value) return false;
  reshape(memory, empty_bytes + where * width(), 0, width());
  set_head(width(), count + 1);
  put(where, value);
  return true;
}

bool intset::remove(arena& memory, std::int64_t value) {
  const auto where = lower_bound(value);
  if (where == size() || at(where) != value) return false;
  erase(memory, where);
  return true;
}

void intset::erase(arena& memory, std::size_t index) {
  reshape(memory, empty_bytes + index * width(), width(), 0);
  set_head(width(), size() - 1);
}

}  // namespace hawser::store
