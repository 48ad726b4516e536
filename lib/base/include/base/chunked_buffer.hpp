#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hawser::base {

/// Output that grows at the end and is consumed from the front, held in chunks: bytes once written
/// never move, so a gather write may go on while more is appended.
///
/// One emptied chunk is kept for reuse; release() gives that back too, and an idle buffer then
/// holds nothing. Move-only.
class chunked_buffer {
 public:
  /// Memory of a usual chunk; one that takes a larger append is as large as that needs.
  static constexpr std::size_t chunk_bytes = std::size_t{16} * 1024;

  /// A place in the stream of all bytes ever appended.
  enum class position : std::uint64_t {};

  chunked_buffer() = default;
  chunked_buffer(chunked_buffer&& other) noexcept { swap(other); }
  chunked_buffer& operator=(chunked_buffer&& other) noexcept {
    chunked_buffer(std::move(other)).swap(*this);
    return *this;
  }
  ~chunked_buffer() { release(); }

  std::size_t size() const { return end() - consumed_; }
  bool empty() const { return end() == consumed_; }

  /// Bytes of memory held.
  std::size_t memory() const { return memory_; }

  /// Throws std::bad_alloc.
  void append(std::string_view bytes) {
    if (bytes.size() > room()) return append_across(bytes);
    std::char_traits<char>::copy(write_, bytes.data(), bytes.size());
    write_ += bytes.size();
  }

  /// A contiguous place for n bytes behind the last one, meant for small n; commit what was filled
  /// before anything else is appended. Throws std::bad_alloc.
  char* reserve(std::size_t n) {
    if (n > room()) add_chunk(n);
    return write_;
  }

  /// Adds the first n bytes of what reserve returned.
  void commit(std::size_t n) {
    assert(n <= room());
    write_ += n;
  }

  /// Where the next byte goes, for rollback.
  position mark() const { return position{end()}; }

  /// Bytes appended since the mark, consumed or not, and not taken back.
  std::size_t written_since(position mark) const {
    return end() - static_cast<std::uint64_t>(mark);
  }

  /// Takes back all bytes since the mark, none of which may have been consumed or be part of a
  /// write under way. Constant time while the mark is in the last chunk.
  void rollback(position mark);

  /// Appends all bytes of another buffer, which is left empty; its chunks are taken over, only a
  /// few bytes are copied instead. Views into the other buffer end.
  void splice(chunked_buffer&& other);

  /// Fills `out` with the first pieces of the content, in order and none of them empty; returns how
  /// many. They hold until they are consumed, rolled back or cleared.
  std::size_t pieces(std::span<std::string_view> out) const;

  /// A copy of the content.
  std::string str() const;

  /// Drops n bytes from the front.
  void consume(std::size_t n);

  /// Drops all bytes.
  void clear();

  /// Drops all bytes and gives all memory back.
  void release();

  void swap(chunked_buffer& other) noexcept;

 private:
  struct chunk;

  std::size_t room() const { return static_cast<std::size_t>(limit_ - write_); }
  std::uint64_t end() const { return origin_ + reinterpret_cast<std::uintptr_t>(write_); }

  void append_across(std::string_view bytes);
  void add_chunk(std::size_t capacity);
  chunk* take_chunk(std::size_t capacity);
  void push(chunk* next);
  void restart_at(std::uint64_t position);
  void seal();
  void continue_in(chunk* tail);
  void discard(chunk* unused);
  void discard_all(chunk* first);

  chunk* head_ = nullptr;
  chunk* tail_ = nullptr;
  char* write_ = nullptr;  // where the next byte goes in the tail, up to limit_
  char* limit_ = nullptr;
  std::uint64_t origin_ = 0;    // the position of a byte in the tail less its address
  std::uint64_t consumed_ = 0;  // the position of the first byte
  chunk* spare_ = nullptr;
  std::size_t memory_ = 0;
};

}  // namespace hawser::base
