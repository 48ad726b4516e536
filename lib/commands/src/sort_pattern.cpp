#include "sort_pattern.hpp"

#include <store/hash_value.hpp>

namespace hawser::commands {

sort_pattern::sort_pattern(std::string_view text) {
  // Marks are looked for up to the first NUL.
  const auto seen = text.substr(0, text.find('\0'));
  is_element_ = seen == "#";
  const auto asterisk = seen.find('*');
  has_asterisk_ = asterisk != seen.npos;
  if (!has_asterisk_) return;
  prefix_ = text.substr(0, asterisk);
  suffix_ = text.substr(asterisk + 1);
  const auto arrow = seen.find("->", asterisk + 1);
  if (arrow == seen.npos || arrow + 2 >= seen.size()) return;
  suffix_ = text.substr(asterisk + 1, arrow - asterisk - 1);
  field_ = text.substr(arrow + 2);
}

std::optional<element> pattern_finder::operator()(context& cx, const sort_pattern& pattern,
                                                  const element& of) {
  if (pattern.is_element()) return of;
  if (!pattern.has_asterisk()) return std::nullopt;
  store::digits room;
  key_.assign(pattern.prefix()).append(of.text(room.room)).append(pattern.suffix());
  auto* found = cx.keys.read(key_);
  if (found == nullptr) return std::nullopt;
  if (!pattern.field().empty()) {
    if (found->type() != store::value_type::hash) return std::nullopt;
    return cx.keys.as<store::hash_value>(found)->get(pattern.field());
  }
  if (found->type() != store::value_type::string) return std::nullopt;
  element value;
  value.string = nullptr;
  if (found->is_integer()) {
    value.integer = found->integer();
  } else {
    value.string = found->text().data();
    value.size = found->text().size();
  }
  return value;
}

}  // namespace hawser::commands
