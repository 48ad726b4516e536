#include <store/field_table.hpp>

namespace hawser::store {

field_table::~field_table() {
  table_.for_each([this](hash_field* dead) { hash_field::destroy(*memory_, dead); });
}

std::size_t field_table::memory() const {
  return sizeof *this + table_.memory() + record_bytes_ + (deadlines_ ? deadlines_->memory() : 0);
}

large_collection* field_table::clone(arena& to) const {
  auto made = std::make_unique<field_table>(to, *hash_);
  table_.for_each([&](const hash_field* each) {
    auto* copy = hash_field::clone(to, *each);
    made->record_bytes_ += copy->memory();
    made->table_.insert(copy, (*hash_)(copy->field()));
    if (copy->has_deadline()) made->add_deadline(copy);
  });
  return made.release();
}

bool field_table::release(std::size_t& budget) {
  deadlines_.reset();
  return table_.drain(budget, [this](hash_field* dead) { destroy(dead); });
}

const hash_field* field_table::find(std::string_view field) const {
  auto* const* slot = table_.find(field, (*hash_)(field));
  return slot == nullptr ? nullptr : *slot;
}

bool field_table::set(std::string_view field, std::string_view value, bool keep_deadline) {
  const auto hash = (*hash_)(field);
  hash_field** slot = table_.find(field, hash);
  if (slot == nullptr) {
    auto* made = hash_field::make(*memory_, field, value);
    mark(*made);
    record_bytes_ += made->memory();
    table_.insert(made, hash);
    return true;
  }
  before_change(**slot);
  record_bytes_ -= (*slot)->memory();
  if ((*slot)->has_deadline() && !keep_deadline) {
    deadlines_->remove(*slot);
    *slot = hash_field::with_deadline(*memory_, *slot, std::nullopt);
  }
  *slot = hash_field::assign(*memory_, *slot, value);
  mark(**slot);
  if ((*slot)->has_deadline()) deadlines_->relocate(*slot);
  record_bytes_ += (*slot)->memory();
  return false;
}

void field_table::destroy(hash_field* dead) {
  record_bytes_ -= dead->memory();
  hash_field::destroy(*memory_, dead);
}

bool field_table::remove(std::string_view field) {
  hash_field* dead = table_.remove(field, (*hash_)(field));
  if (dead == nullptr) return false;
  before_change(*dead);
  if (dead->has_deadline()) deadlines_->remove(dead);
  destroy(dead);
  return true;
}

std::string_view field_table::first_due() const { return deadlines_->first()->field(); }

void field_table::remove_first() {
  hash_field* dead = deadlines_->first();
  before_change(*dead);
  deadlines_->remove(dead);
  table_.remove(dead->field(), (*hash_)(dead->field()));
  destroy(dead);
}

void field_table::add_deadline(hash_field* of) {
  if (!deadlines_) deadlines_ = std::make_unique<field_deadlines>();
  deadlines_->add(of);
}

void field_table::set_deadline(std::string_view field,
                               std::optional<base::milliseconds_t> deadline) {
  hash_field*& slot = *table_.find(field, (*hash_)(field));
  before_change(*slot);
  record_bytes_ -= slot->memory();
  if (slot->has_deadline()) deadlines_->remove(slot);
  slot = hash_field::with_deadline(*memory_, slot, deadline);
  mark(*slot);
  if (deadline) add_deadline(slot);
  record_bytes_ += slot->memory();
}

}  // namespace hawser::store
