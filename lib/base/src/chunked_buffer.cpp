#include <base/chunked_buffer.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

namespace hawser::base {

/// The header of a chunk; its bytes follow. `end` is out of date in the tail, where write_ counts.
struct chunked_buffer::chunk {
  chunk* next;
  char* begin;
  char* end;
  std::size_t capacity;

  char* data() { return reinterpret_cast<char*>(this + 1); }
  std::size_t size() const { return static_cast<std::size_t>(end - begin); }
  std::size_t memory() const { return sizeof(chunk) + capacity; }

  static chunk* make(std::size_t capacity) {
    auto* memory = std::malloc(sizeof(chunk) + capacity);
    if (memory == nullptr) throw std::bad_alloc();
    auto* made = ::new (memory) chunk{nullptr, nullptr, nullptr, capacity};
    made->begin = made->end = made->data();
    return made;
  }
};

void chunked_buffer::append_across(std::string_view bytes) {
  const auto fits = room();
  const auto rest = bytes.substr(fits);
  auto* next = take_chunk(rest.size());
  std::char_traits<char>::copy(write_, bytes.data(), fits);
  write_ += fits;
  push(next);
  std::memcpy(write_, rest.data(), rest.size());
  write_ += rest.size();
}

void chunked_buffer::rollback(position mark) {
  const auto target = static_cast<std::uint64_t>(mark);
  assert(consumed_ <= target && target <= end());
  if (target == end()) return;
  if (target == consumed_) return restart_at(target);
  const auto excess = end() - target;
  if (excess <= static_cast<std::size_t>(write_ - tail_->begin)) {
    write_ -= excess;
    return;
  }
  auto* last = head_;
  auto left = target - consumed_;
  for (; left > last->size(); last = last->next) left -= last->size();
  last->end = last->begin + left;
  discard_all(std::exchange(last->next, nullptr));
  continue_in(last);
  origin_ = target - reinterpret_cast<std::uintptr_t>(write_);
}

void chunked_buffer::splice(chunked_buffer&& other) {
  constexpr std::size_t cheap_to_copy = 1024;
  assert(this != &other);
  if (other.size() <= cheap_to_copy) {
    other.seal();
    for (auto* c = other.head_; c != nullptr; c = c->next) append({c->begin, c->size()});
    return other.clear();
  }
  other.seal();
  seal();
  const auto new_end = end() + other.size();
  (tail_ == nullptr ? head_ : tail_->next) = other.head_;
  continue_in(other.tail_);
  origin_ = new_end - reinterpret_cast<std::uintptr_t>(write_);

  const auto kept = other.spare_ == nullptr ? 0 : other.spare_->memory();
  memory_ += other.memory_ - kept;
  other.memory_ = kept;
  other.head_ = nullptr;
  other.clear();
}

std::size_t chunked_buffer::pieces(std::span<std::string_view> out) const {
  std::size_t count = 0;
  for (auto* c = head_; c != nullptr && count < out.size(); c = c->next) {
    const char* piece_end = c == tail_ ? write_ : c->end;
    if (piece_end != c->begin) out[count++] = {c->begin, piece_end};
  }
  return count;
}

std::string chunked_buffer::str() const {
  std::string copy;
  copy.reserve(size());
  for (auto* c = head_; c != nullptr; c = c->next) {
    copy.append(c->begin, c == tail_ ? write_ : c->end);
  }
  return copy;
}

void chunked_buffer::consume(std::size_t n) {
  assert(n <= size());
  if (n == size()) return clear();
  consumed_ += n;
  seal();
  while (n >= head_->size()) {
    n -= head_->size();
    discard(std::exchange(head_, head_->next));
  }
  head_->begin += n;
}

void chunked_buffer::clear() { restart_at(end()); }

void chunked_buffer::restart_at(std::uint64_t position) {
  consumed_ = origin_ = position;
  write_ = limit_ = nullptr;
  tail_ = nullptr;
  discard_all(std::exchange(head_, nullptr));
}

void chunked_buffer::release() {
  clear();
  std::free(std::exchange(spare_, nullptr));
  memory_ = 0;
}

void chunked_buffer::swap(chunked_buffer& other) noexcept {
  std::swap(head_, other.head_);
  std::swap(tail_, other.tail_);
  std::swap(write_, other.write_);
  std::swap(limit_, other.limit_);
  std::swap(origin_, other.origin_);
  std::swap(consumed_, other.consumed_);
  std::swap(spare_, other.spare_);
  std::swap(memory_, other.memory_);
}

void chunked_buffer::add_chunk(std::size_t capacity) { push(take_chunk(capacity)); }

chunked_buffer::chunk* chunked_buffer::take_chunk(std::size_t capacity) {
  capacity = std::max(capacity, chunk_bytes - sizeof(chunk));
  if (spare_ != nullptr && spare_->capacity >= capacity) return std::exchange(spare_, nullptr);
  auto* made = chunk::make(capacity);
  memory_ += made->memory();
  return made;
}

void chunked_buffer::push(chunk* next) {
  const auto position = end();
  seal();
  (tail_ == nullptr ? head_ : tail_->next) = next;
  continue_in(next);
  origin_ = position - reinterpret_cast<std::uintptr_t>(write_);
}

void chunked_buffer::seal() {
  if (tail_ != nullptr) tail_->end = write_;
}

void chunked_buffer::continue_in(chunk* tail) {
  tail_ = tail;
  write_ = tail->end;
  limit_ = tail->data() + tail->capacity;
}

void chunked_buffer::discard(chunk* unused) {
  if (spare_ == nullptr && unused->memory() == chunk_bytes) {
    unused->next = nullptr;
    unused->begin = unused->end = unused->data();
    spare_ = unused;
    return;
  }
  memory_ -= unused->memory();
  std::free(unused);
}

void chunked_buffer::discard_all(chunk* first) {
  while (first != nullptr) discard(std::exchange(first, first->next));
}

}  // namespace hawser::base
