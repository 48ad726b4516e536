#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace hawser::fuzz {

inline void require(bool holds) {
  if (!holds) std::abort();
}

/// Bytes in a block of exactly their size, so that a sanitizer sees what is read past its end.
class hostile_block {
 public:
  hostile_block(const std::uint8_t* bytes, std::size_t size)
      : bytes_(std::make_unique<char[]>(size)), size_(size) {
    std::copy_n(bytes, size, bytes_.get());
  }
  char* data() const { return bytes_.get(); }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t size_;
};

/// Lets a block that passes for a `Block` of `count` elements be exercised by
/// `exercise(block, memory, count)`.
template <class Block, class Memory, class Exercise>
void try_as(const hostile_block& bytes, Exercise exercise) {
  const auto count = Block::validate(bytes.view());
  if (!count) return;
  Memory memory;
  auto made = Block::copy_of(memory, bytes.view());
  exercise(made, memory, *count);
  made.destroy(memory);
}

}  // namespace hawser::fuzz
