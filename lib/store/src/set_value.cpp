#include <store/set_value.hpp>

#include <algorithm>

namespace hawser::store {

namespace {

/// More would not be counted by the format's 32 bits, nor moved in one piece.
constexpr std::int64_t most_integers = std::int64_t{1} << 30;

std::optional<std::int64_t> as_integer(std::string_view text) {
  if (text.empty() || text.size() > base::max_int_chars) return std::nullopt;
  return base::parse_int(text);
}

std::size_t digits_of(std::int64_t value) {
  digits room;
  return base::format_int(room.room, value);
}

/// Characters of the longest integer, which is the first or the last.
std::size_t longest_of(const intset& of) {
  return of.empty() ? 0 : std::max(digits_of(of.at(0)), digits_of(of.at(of.size() - 1)));
}

}  // namespace

collection_data set_value::make_empty(database& home) {
  return {encoding::intset, intset::make(home.memory()).data()};
}

std::size_t set_value::size() const {
  if (is_intset()) return integers().size();
  return is_pack() ? pack().size() : table().size();
}

bool set_value::contains(std::string_view text) const {
  if (is_intset()) {
    const auto value = as_integer(text);
    return value && integers().contains(*value);
  }
  if (is_pack()) return pack().find(pack().first(), text) != listpack::none;
  return table().contains(text);
}

bool set_value::contains(const member& of) const {
  if (of.is_integer() && is_intset()) return integers().contains(of.integer);
  digits room;
  return contains(of.text(room.room));
}

bool set_value::add(std::string_view text) {
  if (how() == encoding::hashtable) return table().add(text);
  if (is_intset()) {
    if (const auto value = as_integer(text)) return add_integer(*value);
    leave_intset(1, text.size());
    return add(text);
  }
  auto members = pack();
  if (members.find(members.first(), text) != listpack::none) return false;
  if (!fits_pack(members.size() + 1, text.size())) {
    become_table();
    return table().add(text);
  }
  members.append(memory(), text);
  set_pack(members);
  return true;
}

bool set_value::add(const member& of) {
  if (of.is_integer() && is_intset()) return add_integer(of.integer);
  digits room;
  return add(of.text(room.room));
}

bool set_value::add_integer(std::int64_t value) {
  auto numbers = integers();
  if (!numbers.add(memory(), value)) return false;
  set_integers(numbers);
  const auto most = std::min(limits().set_max_intset_entries, most_integers);
  if (numbers.size() > static_cast<std::size_t>(most)) leave_intset(0, 0);
  return true;
}

bool set_value::remove(std::string_view text) {
  if (how() == encoding::hashtable) return table().remove(text);
  if (is_intset()) {
    const auto value = as_integer(text);
    return value && remove_integer(*value);
  }
  auto members = pack();
  const auto at = members.find(members.first(), text);
  if (at == listpack::none) return false;
  members.erase(memory(), at);
  set_pack(members);
  return true;
}

bool set_value::remove(const member& of) {
  if (of.is_integer() && is_intset()) return remove_integer(of.integer);
  digits room;
  return remove(of.text(room.room));
}

bool set_value::remove_integer(std::int64_t value) {
  auto numbers = integers();
  if (!numbers.remove(memory(), value)) return false;
  set_integers(numbers);
  return true;
}

void set_value::replace(draft<set_value> with) {
  const auto old = item().collection();
  item().set_collection(std::move(with).take());
  home().bury(old);
}

set_value::member set_value::random_member(base::random& random) const {
  if (is_intset()) {
    const auto numbers = integers();
    return integer(numbers.at(random.below(numbers.size())));
  }
  if (!is_pack()) return string(table().random_member(random)->text());
  const auto members = pack();
  return members.at(members.seek(static_cast<std::int64_t>(random.below(members.size()))));
}

/// Whether so many members, none of them longer, may be a listpack.
bool set_value::fits_pack(std::size_t count, std::size_t longest) const {
  return count <= static_cast<std::size_t>(limits().set_max_listpack_entries) &&
         longest <= static_cast<std::size_t>(limits().set_max_listpack_value) &&
         (!is_pack() || pack().byte_count() + longest < listpack::largest);
}

/// Takes the form that has room for some more members, as long as `longest`.
void set_value::leave_intset(std::size_t room, std::size_t longest) {
  const auto numbers = integers();
  if (fits_pack(numbers.size() + room, std::max(longest, longest_of(numbers))))
    become_pack();
  else
    become_table();
}

void set_value::become_pack() {
  auto numbers = integers();
  auto made = listpack::make(memory());
  for (std::size_t i = 0; i < numbers.size(); ++i) made.append(memory(), numbers.at(i));
  set_pack(made);
  numbers.destroy(memory());
}

void set_value::become_table() {
  auto* made = new member_table(memory(), hasher());
  digits room;
  for_each([&](const member& each) { made->add(each.text(room.room)); });
  const auto old = item().collection();
  set_large(encoding::hashtable, made);
  old.destroy(memory());
}

}  // namespace hawser::store
