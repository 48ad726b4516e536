#include <store/arena.hpp>

#include <new>
#include <sys/mman.h>

namespace hawser::store {

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool use_pages = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
constexpr bool use_pages = false;
#else
constexpr bool use_pages = true;
#endif
#else
constexpr bool use_pages = true;
#endif

// Classes: every 8 bytes up to 512, then every 32 up to 2048.
constexpr std::size_t fine_step = 8;
constexpr std::size_t fine_limit = 512;
constexpr std::size_t coarse_step = 32;
constexpr std::size_t fine_classes = fine_limit / fine_step;

struct free_record {
  free_record* next;
};

}  // namespace

/// The head of a page; records follow from the next cache line on.
struct alignas(64) arena::page {
  page* next;
  page* previous;
  free_record* freed;   // records given back
  std::uint32_t fresh;  // offset of the first record never handed out
  std::uint32_t used;   // records handed out
  std::uint32_t size_class;
  std::uint32_t record_size;
  bool full() const { return freed == nullptr && fresh + record_size > page_size; }
};

std::size_t arena::class_of(std::size_t size) {
  if (size <= fine_limit) return size == 0 ? 0 : (size - 1) / fine_step;
  return fine_classes + (size - fine_limit - 1) / coarse_step;
}

std::size_t arena::class_size(std::size_t index) {
  if (index < fine_classes) return (index + 1) * fine_step;
  return fine_limit + (index - fine_classes + 1) * coarse_step;
}

std::size_t arena::rounded(std::size_t size) {
  return size > largest_record ? (size + 15) & ~std::size_t{15} : class_size(class_of(size));
}

arena::~arena() {
  for (void* region : regions_) munmap(region, page_size * region_pages);
}

void* arena::allocate(std::size_t size) {
  const auto bytes = rounded(size);
  used_ += bytes;
  if (!use_pages || size > largest_record) {
    held_ += bytes;
    return ::operator new (bytes, std::align_val_t{64});
  }
  const auto index = class_of(size);
  page* from = open_[index];
  if (from == nullptr) from = add_page(index);
  ++from->used;
  void* record;
  if (from->freed != nullptr) {
    record = from->freed;
    from->freed = from->freed->next;
  } else {
    record = reinterpret_cast<char*>(from) + from->fresh;
    from->fresh += from->record_size;
  }
  if (from->full()) unlink(open_[index], from);
  return record;
}

void arena::free(void* record, std::size_t size) {
  const auto bytes = rounded(size);
  used_ -= bytes;
  if (!use_pages || size > largest_record) {
    held_ -= bytes;
    ::operator delete (record, std::align_val_t{64});
    return;
  }
  auto* home = reinterpret_cast<page*>(reinterpret_cast<std::uintptr_t>(record) & ~(page_size - 1));
  const bool was_full = home->full();
  auto* freed = static_cast<free_record*>(record);
  freed->next = home->freed;
  home->freed = freed;
  auto& open = open_[home->size_class];
  if (was_full) link(open, home);
  if (--home->used == 0) {
    unlink(open, home);
    give_back(home);
  }
}

arena::page* arena::add_page(std::size_t index) {
  page* added = take_page();
  const auto record_size = static_cast<std::uint32_t>(class_size(index));
  *added = page{nullptr,    nullptr, nullptr, sizeof(page), 0, static_cast<std::uint32_t>(index),
                record_size};
  link(open_[index], added);
  return added;
}

arena::page* arena::take_page() {
  if (idle_.empty() && cold_.empty()) map_region();
  const bool warm = !idle_.empty();
  auto& pool = warm ? idle_ : cold_;
  page* taken = pool.back();
  pool.pop_back();
  if (!warm) held_ += page_size;
  return taken;
}

void arena::give_back(page* empty) {
  if (idle_.size() < reserve_pages) {
    idle_.push_back(empty);
    return;
  }
  madvise(empty, page_size, MADV_DONTNEED);
  held_ -= page_size;
  cold_.push_back(empty);
}

void arena::map_region() {
  constexpr auto length = page_size * region_pages;
  // Mapped with one page to spare, so that an aligned run can be cut out of it.
  void* mapped = mmap(nullptr, length + page_size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  const auto start = reinterpret_cast<std::uintptr_t>(mapped);
  const auto aligned = (start + page_size - 1) & ~(page_size - 1);
  if (aligned != start) munmap(mapped, aligned - start);
  const auto tail = start + length + page_size - (aligned + length);
  if (tail != 0) munmap(reinterpret_cast<void*>(aligned + length), tail);
  regions_.push_back(reinterpret_cast<void*>(aligned));
  for (std::size_t i = region_pages; i-- > 0;)
    cold_.push_back(reinterpret_cast<page*>(aligned + i * page_size));
}

void arena::link(page*& head, page* added) {
  added->previous = nullptr;
  added->next = head;
  if (head != nullptr) head->previous = added;
  head = added;
}

void arena::unlink(page*& head, page* removed) {
  if (removed->previous != nullptr) removed->previous->next = removed->next;
  if (removed->next != nullptr) removed->next->previous = removed->previous;
  if (head == removed) head = removed->next;
}

}  // namespace hawser::store
