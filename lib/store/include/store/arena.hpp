#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hawser::store {

/// Memory for the many small, unaligned records of a store: size classes eight bytes apart, no
/// header per record, exact accounting.
///
/// Records of one class share 64 KiB pages; a page all of whose records are free goes back to a
/// pool that any class draws from, and pages beyond a small reserve give their memory back to the
/// system. The caller names the size again when it frees, so a record carries nothing but itself.
/// Records above `largest_record` come from the system's allocator. Every operation is O(1); not
/// thread-safe.
///
/// Under AddressSanitizer every record is a block of its own, so that overruns are seen.
class arena {
 public:
  static constexpr std::size_t largest_record = 2048;
  static constexpr std::size_t page_size = 64 * 1024;

#if defined(__SANITIZE_ADDRESS__)
#define HAWSER_ARENA_PAGES 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAWSER_ARENA_PAGES 0
#endif
#endif
#ifndef HAWSER_ARENA_PAGES
#define HAWSER_ARENA_PAGES 1
#endif
  /// False: every record is a block of its own.
  static constexpr bool uses_pages = HAWSER_ARENA_PAGES;
#undef HAWSER_ARENA_PAGES

  arena() = default;
  ~arena();
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;

  /// Room for `size` bytes, aligned to 8 (to 64 when the rounded size is a multiple of 64).
  void* allocate(std::size_t size);

  /// Takes back what allocate(size) gave; `size` may differ as long as it rounds to the same.
  void free(void* record, std::size_t size);

  /// A whole page of page_size bytes, aligned to its size, and its return.
  void* allocate_page();
  void free_page(void* page);

  /// Bytes that a record of `size` really takes.
  static std::size_t rounded(std::size_t size);

  /// Bytes in records that are handed out, after rounding.
  std::size_t used() const { return used_; }

  /// Bytes in records and pages of their own, which do not go with the arena: they must be freed
  /// before it.
  std::size_t loose() const { return loose_; }

  /// Bytes held from the system: pages, whether their records are free or not, and large records.
  std::size_t held() const { return held_; }

 private:
  struct page;
  static constexpr std::size_t region_size = 2 * 1024 * 1024;
  static constexpr std::size_t reserve_pages = 64;
  static constexpr std::size_t class_count = 128;

  static std::size_t class_of(std::size_t size);
  static std::size_t class_size(std::size_t index);

  page* add_page(std::size_t index);
  void* take_page();
  void give_back(void* empty);
  void map_region();
  static void link(page*& head, page* added);
  static void unlink(page*& head, page* removed);

  std::array<page*, class_count> open_{};  // pages with room, by class; the first one is used
  std::vector<void*> idle_;                // empty pages, memory still resident
  std::vector<void*> cold_;                // empty pages without memory behind them
  std::vector<void*> regions_;
  std::size_t used_ = 0;
  std::size_t held_ = 0;
  std::size_t loose_ = 0;
};

}  // namespace hawser::store
