#include <store/database.hpp>
#include <store/hash_value.hpp>

namespace hawser::store {

namespace {

/// More than the heads of two elements of a listpack take.
constexpr std::size_t pair_overhead = 32;

}  // namespace

collection_data hash_value::make_empty(database& home) {
  return {encoding::listpack, listpack::make(home.memory()).data()};
}

std::size_t hash_value::size_with_due() const {
  return is_pack() ? pack().size() / 2 : table().size();
}

std::size_t hash_value::size() const {
  if (is_pack()) return pack().size() / 2;
  const auto* deadlines = table().deadlines();
  return table().size() - (deadlines == nullptr ? 0 : deadlines->due(now_));
}

const hash_field* hash_value::find(std::string_view field) const {
  const hash_field* found = table().find(field);
  return found == nullptr || found->expired(now_) ? nullptr : found;
}

std::optional<hash_value::element> hash_value::get(std::string_view field) const {
  if (is_pack()) {
    const auto fields = pack();
    const auto at = fields.find(fields.first(), field, 1);
    if (at == listpack::none) return std::nullopt;
    return fields.at(fields.next(at));
  }
  const hash_field* found = find(field);
  if (found == nullptr) return std::nullopt;
  return string(found->value());
}

bool hash_value::fits_pack(std::string_view field, std::string_view value) const {
  const auto longest = static_cast<std::int64_t>(std::max(field.size(), value.size()));
  return longest <= limits().hash_max_listpack_value &&
         pack().byte_count() + field.size() + value.size() + pair_overhead <= listpack::largest;
}

bool hash_value::set_in_pack(std::string_view field, std::string_view value) {
  auto fields = pack();
  const auto at = fields.find(fields.first(), field, 1);
  if (at != listpack::none) {
    fields.replace(memory(), fields.next(at), value);
  } else {
    fields.append(memory(), field);
    fields.append(memory(), value);
  }
  set_pack(fields);
  if (static_cast<std::int64_t>(fields.size() / 2) > limits().hash_max_listpack_entries)
    become_table();
  return at == listpack::none;
}

bool hash_value::set(std::string_view field, std::string_view value, keep_deadline keep) {
  if (is_pack()) {
    if (fits_pack(field, value)) return set_in_pack(field, value);
    become_table();
  }
  if (table().deadlines() == nullptr) return table().set(field, value, false);
  const bool was_due = table().find(field) != nullptr && find(field) == nullptr;
  const bool added = table().set(field, value, keep == keep_deadline::yes && !was_due);
  deadlines_changed();
  return added || was_due;
}

bool hash_value::remove(std::string_view field) {
  if (is_pack()) {
    auto fields = pack();
    const auto at = fields.find(fields.first(), field, 1);
    if (at == listpack::none) return false;
    fields.erase(memory(), at, 2);
    set_pack(fields);
    return true;
  }
  if (table().deadlines() == nullptr) return table().remove(field);
  if (find(field) == nullptr) return false;
  table().remove(field);
  deadlines_changed();
  return true;
}

hash_value::deadline_t hash_value::deadline(std::string_view field) const {
  if (is_pack()) return std::nullopt;
  const hash_field* found = find(field);
  return found->has_deadline() ? deadline_t(found->deadline()) : std::nullopt;
}

void hash_value::set_deadline(std::string_view field, deadline_t deadline) {
  if (is_pack()) {
    if (!deadline) return;
    become_table();
  }
  table().set_deadline(field, deadline);
  deadlines_changed();
}

hash_value::deadline_t hash_value::nearest_deadline() const {
  if (is_pack() || table().deadlines() == nullptr) return std::nullopt;
  return table().deadlines()->nearest();
}

std::size_t hash_value::remove_due(std::size_t budget, const field_visitor& dying) {
  if (is_pack()) return 0;
  std::size_t removed = 0;
  const auto* deadlines = table().deadlines();
  while (deadlines != nullptr && removed < budget && !deadlines->empty() &&
         deadlines->nearest() <= now_) {
    if (dying) dying(table().first_due());
    table().remove_first();
    ++removed;
  }
  if (removed > 0) deadlines_changed();
  return removed;
}

void hash_value::deadlines_changed() {
  if (auto* deadlines = table().deadlines()) home().reschedule(*deadlines, item());
  table().drop_empty_deadlines();
}

void hash_value::become_table() {
  auto* made = new field_table(memory(), hasher());
  digits field_digits, value_digits;
  const auto add = [&](const element& field, const element& value) {
    made->set(field.text(field_digits.room), value.text(value_digits.room), false);
  };
  auto fields = pack();
  for_each_in(fields, add);
  set_large(encoding::hashtable, made);
  fields.destroy(memory());
}

const hash_field* hash_value::draw_from_table(base::random& random) const {
  for (;;) {
    const hash_field* picked = table().random_field(random);
    if (!picked->expired(now_)) return picked;
  }
}

}  // namespace hawser::store
