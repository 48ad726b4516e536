#include <store/arena.hpp>

#include <new>
#include <sys/mman.h>

namespace hawser::store {

namespace {

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
  for (void* region : regions_) munmap(region, region_size);
}

void* arena::allocate(std::size_t size) {
  const auto bytes = rounded(size);
  used_ += bytes;
  if (!uses_pages || size > largest_record) {
    held_ += bytes;
    loose_ += bytes;
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
  if (!uses_pages || size > largest_record) {
    held_ -= bytes;
    loose_ -= bytes;
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
  auto* added = static_cast<page*>(take_page());
  const auto record_size = static_cast<std::uint32_t>(class_size(index));
  *added = page{nullptr,    nullptr, nullptr, sizeof(page), 0, static_cast<std::uint32_t>(index),
                record_size};
  link(open_[index], added);
  return added;
}

void* arena::allocate_page() {
  used_ += page_size;
  if (uses_pages) return take_page();
  held_ += page_size;
  loose_ += page_size;
  return ::operator new (page_size, std::align_val_t{page_size});
}

void arena::free_page(void* page) {
  used_ -= page_size;
  if (uses_pages) return give_back(page);
  held_ -= page_size;
  loose_ -= page_size;
  ::operator delete (page, std::align_val_t{page_size});
}

void* arena::take_page() {
  if (idle_.empty() && cold_.empty()) map_region();
  const bool warm = !idle_.empty();
  auto& pool = warm ? idle_ : cold_;
  void* taken = pool.back();
  pool.pop_back();
  if (!warm) held_ += page_size;
  return taken;
}

void arena::give_back(void* empty) {
  if (idle_.size() < reserve_pages) {
    idle_.push_back(empty);
    return;
  }
  // Without this the kernel might put a huge page back where the memory of one small page was given
  // up.
  const auto region = reinterpret_cast<std::uintptr_t>(empty) & ~(region_size - 1);
  madvise(reinterpret_cast<void*>(region), region_size, MADV_NOHUGEPAGE);
  madvise(empty, page_size, MADV_DONTNEED);
  held_ -= page_size;
  cold_.push_back(empty);
}

void arena::map_region() {
  // Mapped with room to spare, so that an aligned region can be cut out of it.
  void* mapped = mmap(nullptr, 2 * region_size, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  const auto start = reinterpret_cast<std::uintptr_t>(mapped);
  const auto aligned = (start + region_size - 1) & ~(region_size - 1);
  if (aligned != start) munmap(mapped, aligned - start);
  if (const auto tail = start + region_size - aligned; tail != 0)
    munmap(reinterpret_cast<void*>(aligned + region_size), tail);
  auto* region = reinterpret_cast<void*>(aligned);
  // A small store stays small: its first region is backed page by page.
  madvise(region, region_size, regions_.empty() ? MADV_NOHUGEPAGE : MADV_HUGEPAGE);
  regions_.push_back(region);
  for (auto at = aligned + region_size; at > aligned;)
    cold_.push_back(reinterpret_cast<void*>(at -= page_size));
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
