#include <store/list_node.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <liblzf/lzf.h>

namespace hawser::store {

namespace {

constexpr std::size_t smallest_buffer = 64;
constexpr std::size_t largest_grown = 64 * 1024;
constexpr std::size_t least_to_compress = 48;  // bytes, as Redis has it
constexpr std::size_t least_gain = 8;
constexpr char terminator = '\xff';

std::size_t offset_of(list_node::side where, std::size_t room) {
  if (where == list_node::side::both) return room / 2;
  return where == list_node::side::front ? room : 0;
}

}  // namespace

/// Buffers double up to the size of the largest class of nodes; larger ones hold a single element
/// and are as large as it.
std::size_t list_node::grown(std::size_t needed) {
  if (needed > largest_grown) return needed;
  return std::max(smallest_buffer, std::bit_ceil(needed));
}

list_node list_node::make(arena& memory, std::size_t room, side where) {
  const auto capacity = room + listpack::empty_bytes;
  list_node made;
  made.buffer_ = static_cast<char*>(memory.allocate(capacity));
  made.capacity_ = static_cast<std::uint32_t>(capacity);
  made.start_ = static_cast<std::uint32_t>(offset_of(where, room));
  made.count_ = 0;
  made.set_header(listpack::empty_bytes);
  made.begin()[header_bytes] = terminator;
  return made;
}

list_node list_node::copy_of(arena& memory, listpack from, std::size_t room, side where) {
  const auto bytes = from.byte_count();
  auto made = make(memory, bytes - listpack::empty_bytes + room, where);
  made.start_ = static_cast<std::uint32_t>(offset_of(where, room));
  std::memcpy(made.begin(), from.data(), bytes);
  made.count_ = static_cast<std::uint32_t>(from.size());
  return made;
}

list_node list_node::clone(arena& to) const {
  if (!compressed()) return copy_of(to, pack(), 0, side::back);
  list_node made = *this;
  made.buffer_ = static_cast<char*>(to.allocate(capacity_));
  made.shared_ = 0;
  std::memcpy(made.buffer_, buffer_, packed_);
  return made;
}

void list_node::destroy(arena& memory) { memory.free(buffer_, capacity_); }

void list_node::set_header(std::size_t bytes) {
  const auto size = static_cast<std::uint32_t>(bytes);
  const auto count = static_cast<std::uint16_t>(count_);
  std::memcpy(begin(), &size, sizeof size);
  std::memcpy(begin() + sizeof size, &count, sizeof count);
}

/// Gives the listpack another buffer.
void list_node::move_to(arena& memory, std::size_t capacity, side where) {
  const auto bytes = pack().byte_count();
  auto* moved = static_cast<char*>(memory.allocate(capacity));
  const auto start = offset_of(where, capacity - bytes);
  std::memcpy(moved + start, begin(), bytes);
  memory.free(buffer_, capacity_);
  buffer_ = moved;
  capacity_ = static_cast<std::uint32_t>(capacity);
  start_ = static_cast<std::uint32_t>(start);
}

/// Makes room for `added` bytes before the element at a position, and returns the place. The size
/// in the header is the new one.
char* list_node::open(arena& memory, listpack::position at, std::size_t added, side where) {
  const auto bytes = pack().byte_count();
  const auto before = at - header_bytes, behind = bytes - at;
  // The shorter part moves; to move the other is cheaper than another buffer only if it is short.
  constexpr std::size_t short_part = 64;
  const bool front_moves = before < behind - 1;
  const auto has_room = [&](bool front) {
    return (front ? start_ : capacity_ - start_ - bytes) >= added;
  };
  bool front = front_moves;
  if (!has_room(front)) {
    const auto other = front ? behind : before;
    if (has_room(!front) && other <= short_part) {
      front = !front;
    } else {
      const auto needed = bytes + added;
      const bool slides = needed <= capacity_ / 2;
      move_to(memory, slides ? capacity_ : grown(needed), where);
      if (!has_room(front)) front = !front;
      // Whichever side the room was asked for on, what is inside needs it on one of both.
      if (!has_room(front)) move_to(memory, grown(needed + added), side::both);
    }
  }
  char* from = begin();
  if (front) {
    std::memmove(from - added + header_bytes, from + header_bytes, before);
    start_ -= static_cast<std::uint32_t>(added);
  } else {
    std::memmove(from + at + added, from + at, behind);
  }
  set_header(bytes + added);
  return begin() + at;
}

void list_node::insert(arena& memory, listpack::position before, const encoded_element& added,
                       side where) {
  const auto at =
      before != listpack::none ? before : static_cast<listpack::position>(pack().byte_count() - 1);
  ++count_;
  added.write(open(memory, at, added.size(), where));
}

void list_node::replace(arena& memory, listpack::position at, const encoded_element& by) {
  const auto next = pack().next(at);
  const auto end = next != listpack::none ? next : pack().byte_count() - 1;
  if (end - at == by.size()) return by.write(begin() + at);
  insert(memory, at, by, side::both);
  erase(static_cast<listpack::position>(at + by.size()), 1);
}

listpack::position list_node::erase(listpack::position at, std::size_t count) {
  const auto seen = pack();
  const auto bytes = seen.byte_count();
  std::size_t end = bytes - 1;
  if (count < count_) {
    auto next = at;
    for (std::size_t i = 0; i < count && next != listpack::none; ++i) next = seen.next(next);
    if (next != listpack::none) end = next;
  }
  const auto gone = end - at;
  count_ -= static_cast<std::uint32_t>(count);
  char* from = begin();
  if (at - header_bytes < bytes - end) {
    std::memmove(from + header_bytes + gone, from + header_bytes, at - header_bytes);
    start_ += static_cast<std::uint32_t>(gone);
  } else {
    std::memmove(from + at, from + end, bytes - end);
  }
  set_header(bytes - gone);
  return at == bytes - gone - 1 ? listpack::none : at;
}

list_node list_node::split(arena& memory, listpack::position at) {
  const auto bytes = pack().byte_count();
  const auto taken = bytes - 1 - at;
  auto made = make(memory, taken, side::back);
  std::memcpy(made.begin() + header_bytes, begin() + at, taken + 1);
  made.set_header(listpack::empty_bytes + taken);
  std::uint32_t kept = 0;
  for (auto each = pack().first(); each != at; each = pack().next(each)) ++kept;
  made.count_ = count_ - kept;
  made.set_header(listpack::empty_bytes + taken);
  count_ = kept;
  begin()[at] = terminator;
  set_header(at + 1);
  return made;
}

void list_node::take_over(arena& memory, list_node& next) {
  const auto bytes = pack().byte_count();
  const auto added = next.pack().byte_count() - listpack::empty_bytes;
  const auto moved = next.count_;
  if (capacity_ - start_ - bytes < added)
    move_to(memory, std::max<std::size_t>(capacity_, bytes + added), side::back);
  std::memcpy(begin() + bytes - 1, next.begin() + header_bytes, added + 1);
  count_ += moved;
  set_header(bytes + added);
  next.destroy(memory);
}

void list_node::trim(arena& memory) {
  if (compressed()) return;
  const auto bytes = pack().byte_count();
  if (arena::rounded(bytes) < arena::rounded(capacity_)) move_to(memory, bytes, side::back);
}

void list_node::trim_if_wasteful(arena& memory, side where) {
  constexpr std::size_t worth_it = 512;
  if (capacity_ <= worth_it || pack().byte_count() > capacity_ / 4) return;
  move_to(memory, capacity_ / 2, where);
}

void list_node::compress(arena& memory) {
  if (compressed()) return;
  const auto bytes = pack().byte_count();
  if (bytes < least_to_compress) return;
  // Compressors of this family want some room beyond what they produce.
  const auto most = bytes - least_gain;
  const auto scratch = std::make_unique<char[]>(most);
  const auto size = lzf_compress(begin(), static_cast<unsigned>(bytes), scratch.get(),
                                 static_cast<unsigned>(most));
  if (size == 0) return;
  memory.free(buffer_, capacity_);
  buffer_ = static_cast<char*>(memory.allocate(size));
  std::memcpy(buffer_, scratch.get(), size);
  capacity_ = packed_ = size;
  start_ = static_cast<std::uint32_t>(bytes);
}

void list_node::unpack_to(char* to) const { lzf_decompress(buffer_, packed_, to, start_); }

void list_node::decompress(arena& memory) {
  if (!compressed()) return;
  auto* plain = static_cast<char*>(memory.allocate(start_));
  unpack_to(plain);
  memory.free(buffer_, capacity_);
  buffer_ = plain;
  capacity_ = start_;
  start_ = 0;
  packed_ = 0;
}

listpack list_node::unpacked(std::unique_ptr<char[]>& scratch) const {
  if (!compressed()) return pack();
  scratch = std::make_unique<char[]>(start_);
  unpack_to(scratch.get());
  return listpack(scratch.get());
}

}  // namespace hawser::store
