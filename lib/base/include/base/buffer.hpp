#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace hawser::base {

/// Contiguous bytes that grow at the end and are consumed from the front; memory is not zeroed.
/// Growing and consuming cost amortised constant time a byte. Pointers and views into it hold until
/// the next prepare, append, shrink_to, release or move.
class byte_buffer {
 public:
  byte_buffer() = default;
  byte_buffer(byte_buffer&& other) noexcept { swap(other); }
  byte_buffer& operator=(byte_buffer&& other) noexcept {
    byte_buffer(std::move(other)).swap(*this);
    return *this;
  }
  ~byte_buffer() { release(); }

  char* data() { return memory_ + head_; }
  const char* data() const { return memory_ + head_; }
  std::size_t size() const { return tail_ - head_; }
  bool empty() const { return head_ == tail_; }
  std::string_view view() const { return {data(), size()}; }

  /// Bytes of memory held.
  std::size_t capacity() const { return capacity_; }

  /// Room for at least n bytes behind the last one, all that there is; commit what was filled.
  /// Throws std::bad_alloc.
  std::span<char> prepare(std::size_t n) {
    if (capacity_ - tail_ < n) make_room(n);
    return {memory_ + tail_, capacity_ - tail_};
  }

  /// Adds the first n bytes of what prepare returned.
  void commit(std::size_t n) {
    assert(n <= capacity_ - tail_);
    tail_ += n;
  }

  /// Drops n bytes from the front; the others stay where they are.
  void consume(std::size_t n) {
    assert(n <= size());
    head_ += n;
    if (head_ == tail_) clear();
  }

  /// Throws std::bad_alloc.
  void append(std::string_view bytes);

  /// Drops all bytes and keeps the memory.
  void clear() { head_ = tail_ = 0; }

  /// Gives memory back down to the given capacity, or to the size where that is larger.
  void shrink_to(std::size_t capacity);

  /// Drops all bytes and gives all memory back.
  void release();

  void swap(byte_buffer& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(head_, other.head_);
    std::swap(tail_, other.tail_);
    std::swap(capacity_, other.capacity_);
  }

 private:
  void make_room(std::size_t n);
  void move_to_front();
  void reallocate(std::size_t capacity);

  char* memory_ = nullptr;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace hawser::base
