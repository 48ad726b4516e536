#pragma once

// A part of a large list: a listpack that lies somewhere in a buffer.
//
//   buffer   |  room  | listpack: header, elements, end |  room  |
//                     ^ start
//
// An element is added or taken at either end without moving the others: the listpack's header is
// written anew before its first element, wherever that lies. What happens inside moves the shorter
// part. A node that is compressed has the LZF form of its listpack at the front of its buffer.

#include <store/arena.hpp>
#include <store/listpack.hpp>
#include <store/listpack_encoding.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace hawser::store {

/// A handle, copied freely; nothing is freed until destroy(). Only bytes(), count(), memory(),
/// unpacked(), clone() and decompress() may be asked of a node that is compressed.
class list_node {
 public:
  /// On which side of the elements there is to be room, when room is made.
  enum class side : std::uint8_t { front, back, both };

  /// A node without elements and with room for at least so many bytes of them.
  static list_node make(arena& memory, std::size_t room, side where);
  /// A copy of a valid listpack of no more than 65,534 elements.
  static list_node copy_of(arena& memory, listpack from, std::size_t room, side where);
  list_node clone(arena& to) const;
  void destroy(arena& memory);

  std::size_t count() const { return count_; }
  /// Bytes of the listpack.
  std::size_t bytes() const { return compressed() ? start_ : pack().byte_count(); }
  /// Bytes taken from the arena.
  std::size_t memory() const { return arena::rounded(capacity_); }

  listpack pack() const { return listpack(buffer_ + start_); }

  /// Adds an element before another one, or at the end before listpack::none.
  void insert(arena& memory, listpack::position before, const encoded_element& added, side where);
  void replace(arena& memory, listpack::position at, const encoded_element& by);
  /// Takes out elements that are there; returns the position of the one that follows.
  listpack::position erase(listpack::position at, std::size_t count);
  /// Takes out the elements from this one on, which is not the first; they become a node of their
  /// own.
  list_node split(arena& memory, listpack::position at);
  /// Adds another node's elements to the end. That one is gone.
  void take_over(arena& memory, list_node& next);

  /// Gives back room that is not needed: all of it, or what is left over of a node that has shrunk.
  void trim(arena& memory);
  void trim_if_wasteful(arena& memory, side where);

  /// Whether a snapshot may have a handle to it as well; see snapshot_watch.hpp.
  bool shared() const { return shared_; }
  void set_shared(bool shared) { shared_ = shared; }

  bool compressed() const { return packed_ != 0; }
  /// Stays as it is if nothing is to be gained.
  void compress(arena& memory);
  void decompress(arena& memory);
  /// The listpack, which is put into `scratch` if it is compressed.
  listpack unpacked(std::unique_ptr<char[]>& scratch) const;

 private:
  static constexpr std::size_t header_bytes = 6;

  static std::size_t grown(std::size_t needed);
  char* begin() const { return buffer_ + start_; }
  void set_header(std::size_t bytes);
  void move_to(arena& memory, std::size_t capacity, side where);
  char* open(arena& memory, listpack::position at, std::size_t added, side where);
  void unpack_to(char* to) const;

  char* buffer_;
  std::uint32_t capacity_;
  std::uint32_t start_;       // of the listpack; its bytes if it is compressed
  std::uint32_t count_ : 31;  // elements
  std::uint32_t shared_ : 1 = 0;
  std::uint32_t packed_ = 0;  // bytes of the compressed form, 0: is not compressed
};
static_assert(sizeof(list_node) == 24);

}  // namespace hawser::store
