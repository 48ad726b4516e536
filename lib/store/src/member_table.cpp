#include <store/member_table.hpp>

#include <limits>
#include <new>

namespace hawser::store {

set_member* set_member::make(arena& memory, std::string_view text) {
  void* room = memory.allocate(record_size(text.size()));
  const bool is_short = text.size() < long_text;
  auto* made = new (room) set_member(is_short ? static_cast<std::uint8_t>(text.size()) : long_text);
  auto* at = static_cast<char*>(room) + 1;
  if (!is_short) {
    const auto size = static_cast<std::uint32_t>(text.size());
    std::memcpy(at, &size, sizeof size);
    at += sizeof size;
  }
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return made;
}

void set_member::destroy(arena& memory, set_member* dead) {
  memory.free(dead, record_size(dead->text().size()));
}

member_table::~member_table() {
  auto all = std::numeric_limits<std::size_t>::max();
  release(all);
}

large_collection* member_table::clone(arena& to) const {
  auto* copy = new member_table(to, *hash_);
  for_each([&](const set_member* each) {
    copy->table_.insert(set_member::make(to, each->text()), (*hash_)(each->text()));
  });
  copy->record_bytes_ = record_bytes_;
  return copy;
}

bool member_table::release(std::size_t& budget) {
  return table_.drain(budget, [this](set_member* dead) {
    record_bytes_ -= dead->memory();
    set_member::destroy(*memory_, dead);
  });
}

bool member_table::add(std::string_view text) {
  const auto hash = (*hash_)(text);
  if (table_.find(text, hash) != nullptr) return false;
  auto* added = set_member::make(*memory_, text);
  mark(*added);
  record_bytes_ += added->memory();
  table_.insert(added, hash);
  return true;
}

bool member_table::remove(std::string_view text) {
  auto* removed = table_.remove(text, (*hash_)(text));
  if (removed == nullptr) return false;
  before_change(*removed);
  record_bytes_ -= removed->memory();
  set_member::destroy(*memory_, removed);
  return true;
}

}  // namespace hawser::store
