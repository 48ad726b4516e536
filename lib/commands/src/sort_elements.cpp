#include "sort_elements.hpp"

#include <base/numbers.hpp>
#include <store/list_value.hpp>
#include <store/set_value.hpp>
#include <store/sorted_set_value.hpp>

namespace hawser::commands {

namespace {

using store::list_value;
using store::set_value;
using store::sorted_set_value;
using store::value_type;

/// The digits of a member that is kept as an integer are only lent: it becomes that integer again.
element lasting(std::string_view member) {
  element made;
  const auto value = base::parse_int(member);
  made.string = value ? nullptr : member.data();
  if (value)
    made.integer = *value;
  else
    made.size = member.size();
  return made;
}

}  // namespace

sort_source::sort_source(context& cx, std::string_view key) : cx_(&cx), of_(cx.keys.read(key)) {
  if (of_ == nullptr) return;
  switch (of_->type()) {
    case value_type::list:
      size_ = cx.keys.as<list_value>(of_)->size();
      return;
    case value_type::set:
      size_ = cx.keys.as<set_value>(of_)->size();
      return;
    case value_type::sorted_set:
      size_ = cx.keys.as<sorted_set_value>(of_)->size();
      return;
    default:
      throw command_error(errors::wrong_type);
  }
}

std::vector<element> sort_source::all() const {
  if (!is_set()) return part({0, size_}, false);
  std::vector<element> found;
  found.reserve(size_);
  cx_->keys.as<set_value>(of_)->for_each([&](const element& each) { found.push_back(each); });
  return found;
}

std::vector<element> sort_source::part(sort_range which, bool backward) const {
  std::vector<element> found;
  if (which.count == 0) return found;
  found.reserve(which.count);
  if (of_->type() == value_type::list) {
    const auto from = backward ? size_ - 1 - which.first : which.first;
    cx_->keys.as<list_value>(of_)->walk(from, backward, [&](const element& each) {
      found.push_back(each);
      return found.size() < which.count;
    });
    return found;
  }
  using way = sorted_set_value::direction;
  const auto first = backward ? size_ - which.first - which.count : which.first;
  cx_->keys.as<sorted_set_value>(of_)->for_range(
      {first, which.count}, backward ? way::down : way::up,
      [&](const auto& each) { found.push_back(lasting(each.member())); });
  return found;
}

}  // namespace hawser::commands
