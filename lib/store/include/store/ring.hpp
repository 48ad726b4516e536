#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

namespace hawser::store {

/// A sequence with random access that grows at both ends: an array whose end meets its beginning.
/// Adding and removing costs a move of what lies between the place and the nearer end.
template <class T>
class ring {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::size_t memory() const { return capacity_ * sizeof(T); }

  T& operator[](std::size_t index) { return items_[slot(index)]; }
  const T& operator[](std::size_t index) const { return items_[slot(index)]; }
  T& front() { return (*this)[0]; }
  T& back() { return (*this)[size_ - 1]; }

  void insert(std::size_t index, const T& added) {
    if (size_ == capacity_) resize(std::max(smallest, 2 * capacity_));
    if (index < size_ - index) {
      first_ = slot(capacity_ - 1);
      for (std::size_t i = 0; i < index; ++i) (*this)[i] = (*this)[i + 1];
    } else {
      for (std::size_t i = size_; i > index; --i) (*this)[i] = (*this)[i - 1];
    }
    ++size_;
    (*this)[index] = added;
  }

  void erase(std::size_t index, std::size_t count = 1) {
    const auto behind = size_ - index - count;
    if (index < behind) {
      for (std::size_t i = index; i-- > 0;) (*this)[i + count] = (*this)[i];
      first_ = slot(count);
    } else {
      for (std::size_t i = 0; i < behind; ++i) (*this)[index + i] = (*this)[index + count + i];
    }
    size_ -= count;
    if (capacity_ > smallest && size_ <= capacity_ / 8) resize(capacity_ / 4);
  }

 private:
  static constexpr std::size_t smallest = 2;

  std::size_t slot(std::size_t index) const { return (first_ + index) & (capacity_ - 1); }

  void resize(std::size_t capacity) {
    capacity = std::max(capacity, smallest);
    auto made = std::make_unique<T[]>(capacity);
    for (std::size_t i = 0; i < size_; ++i) made[i] = (*this)[i];
    items_ = std::move(made);
    capacity_ = capacity;
    first_ = 0;
  }

  std::unique_ptr<T[]> items_;
  std::size_t capacity_ = 0;  // a power of two
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace hawser::store
