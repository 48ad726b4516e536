#include <base/numbers.hpp>
#include <store/database.hpp>
#include <store/hash_value.hpp>

#include <algorithm>
#include <utility>

namespace hawser::store {

namespace {

std::size_t outside_bytes(const entry& of) {
  return of.is_outside() ? of.outside_string()->memory() : 0;
}

/// The deadlines of a hash's fields; null if there are none.
field_deadlines* fields_of(const entry& of) {
  if (!database::may_have_field_deadlines(of)) return nullptr;
  return static_cast<field_table*>(of.collection().large())->deadlines();
}

}  // namespace

database::database(const base::key_hasher& hash, const encoding_limits& limits)
    : memory_(std::make_unique<arena>()), hash_(&hash), limits_(&limits), table_(*memory_, hash) {}

database::~database() {
  if (!memory_) return;
  // Records go with their arena, all at once; only what lies outside of it has to be looked for.
  if (outside_bytes_ > 0 || collections_ > 0 || memory_->loose() > 0) {
    table_.for_each([this](entry* dead) { entry::destroy(*memory_, dead); });
    table_.clear();
  } else {
    table_.abandon();
  }
}

entry* database::find(std::string_view key) { return locate(key).item(); }

database::place database::locate(std::string_view key) {
  const auto hash = (*hash_)(key);
  return {table_.find(key, hash), hash};
}

void database::change_deadline(entry* of, deadline_t deadline) {
  if (!deadline || of->deadline() == deadline) return;
  before_change(*of);
  deadlines_.remove(of);
  of->set_deadline(*deadline);
  deadlines_.add(of);
}

entry* database::put(place at, entry* made, deadline_t deadline) {
  made->set_parity(parity_);
  outside_bytes_ += outside_bytes(*made);
  collections_ += made->is_collection();
  adopt_fields(made);
  if (deadline) {
    made->set_deadline(*deadline);
    deadlines_.add(made);
  }
  if (at.slot_ == nullptr) {
    table_.insert(made, at.hash_);
    return made;
  }
  before_change(**at.slot_);
  entry* old = std::exchange(*at.slot_, made);
  made->set_access(old->access());
  if (old->has_deadline_room()) deadlines_.remove(old);
  destroy(old);
  return made;
}

entry* database::put_text(place at, std::string_view key, std::string_view value, encoding how,
                          deadline_t deadline) {
  entry* old = at.item();
  if (old != nullptr) before_change(*old);
  if (old != nullptr && old->type() == value_type::string &&
      old->has_deadline_room() == deadline.has_value() && old->replace_text(value, how)) {
    change_deadline(old, deadline);
    return old;
  }
  return put(at, entry::make_string(*memory_, key, value, how, deadline.has_value()), deadline);
}

entry* database::put_integer(place at, std::string_view key, std::int64_t value,
                             deadline_t deadline) {
  entry* old = at.item();
  if (old != nullptr) before_change(*old);
  if (old != nullptr && old->is_integer() && old->has_deadline_room() == deadline.has_value() &&
      old->replace_integer(value)) {
    change_deadline(old, deadline);
    return old;
  }
  return put(at, entry::make_integer(*memory_, key, value, deadline.has_value()), deadline);
}

/// Room for a string that has begun to grow: twice its size up to a MiB, then a MiB more.
std::size_t database::grown(std::size_t size) {
  constexpr std::size_t step = 1024 * 1024;
  return size < step ? size * 2 : size + step;
}

std::span<char> database::resize_text(std::string_view key, std::size_t size) {
  const auto at = locate(key);
  entry* of = at.item();
  before_change(*of);
  if (!of->is_outside()) {
    char digits[24];
    const auto old = of->is_integer()
                         ? std::string_view(digits, base::format_int(digits, of->integer()))
                         : of->text();
    auto* string = big_string::make(size <= old.size() ? size : grown(size));
    const auto kept = std::min(old.size(), size);
    std::memcpy(string->bytes(), old.data(), kept);
    std::memset(string->bytes() + kept, 0, size - kept);
    string->size = size;
    const auto deadline = of->deadline();
    put(at, entry::make_outside(*memory_, key, string, deadline.has_value()), deadline);
    return {string->bytes(), size};
  }
  big_string* string = of->outside_string();
  if (string->capacity < size) {
    auto* larger = big_string::make(grown(size));
    std::memcpy(larger->bytes(), string->bytes(), string->size);
    larger->size = string->size;
    outside_bytes_ += larger->memory() - string->memory();
    big_string::destroy(string);
    of->set_outside_string(larger);
    string = larger;
  }
  if (size > string->size) std::memset(string->bytes() + string->size, 0, size - string->size);
  string->size = size;
  of->set_how(encoding::raw);
  return {string->bytes(), size};
}

entry* database::set_deadline(std::string_view key, deadline_t deadline) {
  const auto at = locate(key);
  entry* of = at.item();
  if (of->has_deadline_room() && deadline) {
    change_deadline(of, deadline);
    return of;
  }
  if (of->has_deadline_room() == deadline.has_value()) return of;
  before_change(*of);
  if (of->has_deadline_room()) deadlines_.remove(of);
  *at.slot_ = of = entry::with_deadline_room(*memory_, of, deadline.has_value());
  adopt_fields(of);
  if (deadline) {
    of->set_deadline(*deadline);
    deadlines_.add(of);
  }
  return of;
}

void database::forget(entry* dead) {
  before_change(*dead);
  table_.remove(dead->key(), (*hash_)(dead->key()));
  destroy(dead);
}

/// Frees an entry that is in no table any more.
void database::destroy(entry* dead) {
  outside_bytes_ -= outside_bytes(*dead);
  if (!dead->is_collection()) return entry::destroy(*memory_, dead);
  --collections_;
  if (auto* fields = fields_of(*dead); fields != nullptr && fields->deadline())
    field_deadlines_.remove(fields);
  bury(dead->collection());
  entry::destroy_record(*memory_, dead);
}

/// After an entry was made or has moved.
void database::adopt_fields(entry* of) {
  auto* fields = fields_of(*of);
  if (fields == nullptr) return;
  fields->owner = of;
  reschedule(*fields, *of);
}

void database::reschedule(field_deadlines& changed, entry& of) {
  if (changed.owner == nullptr) {
    if (find(of.key()) != &of) return;
    changed.owner = &of;
  }
  const auto wanted = changed.empty() ? std::nullopt : deadline_t(changed.nearest());
  if (changed.deadline() == wanted) return;
  if (changed.deadline()) field_deadlines_.remove(&changed);
  changed.schedule(wanted);
  if (wanted) field_deadlines_.add(&changed);
}

bool database::all_fields_due(const entry& of, base::milliseconds_t now) {
  const auto* fields = fields_of(of);
  return fields != nullptr && fields->size() == of.collection().large()->size() &&
         fields->due(now) == fields->size();
}

/// Takes due fields out of a hash that has some; `all` tells whether the hash is empty now.
std::size_t database::take_due_fields(entry& of, base::milliseconds_t now, std::size_t budget,
                                      bool& all, const field_visitor& dying) {
  before_change(of);
  hash_value hash(*this, of, now);
  hash_value::field_visitor field_dying;
  if (dying) field_dying = [&](std::string_view field) { dying(of, field); };
  const auto taken = hash.remove_due(std::max<std::size_t>(budget, 1), field_dying);
  all = hash.size_with_due() == 0;
  return taken;
}

void database::bury(collection_data dead) {
  if (dead.is_large() && dead.large()->watch() != nullptr)
    return dead.large()->watch()->orphaned(std::unique_ptr<large_collection>(dead.large()));
  constexpr std::size_t small = 64;  // elements, that are freed faster than looked after
  if (dead.is_large() && dead.large()->size() > small)
    buried_.emplace_back(dead.large());
  else
    dead.destroy(*memory_);
}

bool database::free_slice(std::size_t budget) {
  while (!buried_.empty() && budget > 0)
    if (buried_.back()->release(budget)) buried_.pop_back();
  return !buried_.empty();
}

bool database::remove(std::string_view key) {
  entry* dead = table_.remove(key, (*hash_)(key));
  if (dead == nullptr) return false;
  before_change(*dead);
  if (dead->has_deadline_room()) deadlines_.remove(dead);
  destroy(dead);
  return true;
}

void database::rename(std::string_view from, std::string_view to) {
  entry* moved = table_.remove(from, (*hash_)(from));
  before_change(*moved);
  const auto deadline = moved->deadline();
  if (deadline) deadlines_.remove(moved);
  moved = entry::with_key(*memory_, moved, to);
  adopt_fields(moved);
  if (deadline) {
    moved->set_deadline(*deadline);
    deadlines_.add(moved);
  }
  table_.insert(moved, (*hash_)(to));
}

entry* database::put_copy(const entry& from, std::string_view key) {
  const auto deadline = from.deadline();
  return put({nullptr, (*hash_)(key)}, entry::clone(*memory_, from, key, deadline.has_value()),
             deadline);
}

std::size_t database::used_memory() const {
  return memory_->used() + outside_bytes_ + table_.memory_outside() + deadline_memory();
}

std::size_t database::held_memory() const {
  return memory_->held() + outside_bytes_ + table_.memory_outside() + deadline_memory();
}

std::size_t database::heap_memory() const {
  return memory_->loose() + outside_bytes_ + table_.memory_outside() + deadline_memory();
}

std::size_t database::memory_of(const entry& item) const {
  const auto share = table_.size() == 0 ? 0 : table_.memory() / table_.size();
  return item.memory() + share + (item.has_deadline_room() ? sizeof(entry*) : 0);
}

}  // namespace hawser::store
