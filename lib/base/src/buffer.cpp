#include <base/buffer.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

namespace hawser::base {

void byte_buffer::append(std::string_view bytes) {
  if (bytes.empty()) return;
  std::memcpy(prepare(bytes.size()).data(), bytes.data(), bytes.size());
  commit(bytes.size());
}

void byte_buffer::shrink_to(std::size_t capacity) {
  capacity = std::max(capacity, size());
  if (capacity >= capacity_) return;
  if (capacity == 0) return release();
  move_to_front();
  reallocate(capacity);
}

void byte_buffer::release() {
  std::free(memory_);
  memory_ = nullptr;
  head_ = tail_ = capacity_ = 0;
}

void byte_buffer::make_room(std::size_t n) {
  if (n > std::numeric_limits<std::size_t>::max() / 2 - capacity_) throw std::bad_alloc();
  const auto needed = size() + n;
  // Moving costs no more than what was consumed since the last move, which keeps it amortised.
  const bool moving_pays = needed <= capacity_ && head_ >= size();
  move_to_front();
  if (!moving_pays) reallocate(std::max(needed, capacity_ * 2));
}

void byte_buffer::move_to_front() {
  if (head_ == 0) return;
  std::memmove(memory_, memory_ + head_, size());
  tail_ -= head_;
  head_ = 0;
}

void byte_buffer::reallocate(std::size_t capacity) {
  auto* memory = static_cast<char*>(std::realloc(memory_, capacity));
  if (memory == nullptr) throw std::bad_alloc();
  memory_ = memory;
  capacity_ = capacity;
}

}  // namespace hawser::base
