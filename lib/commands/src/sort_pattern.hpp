#pragma once

#include "sort_elements.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hawser::commands {

/// A pattern of BY or GET: `prefix*suffix` names a string for each element, `prefix*suffix->field`
/// a field of a hash, `#` the element itself.
class sort_pattern {
 public:
  explicit sort_pattern(std::string_view text);

  bool is_element() const { return is_element_; }
  /// Without one it leads nowhere.
  bool has_asterisk() const { return has_asterisk_; }
  std::string_view prefix() const { return prefix_; }
  std::string_view suffix() const { return suffix_; }
  /// The field of a hash; empty: a string is meant.
  std::string_view field() const { return field_; }

 private:
  bool is_element_;
  bool has_asterisk_;
  std::string_view prefix_;
  std::string_view suffix_;
  std::string_view field_;
};

/// Finds what patterns lead to. One object serves many elements, for the room it keeps.
class pattern_finder {
 public:
  /// None: there is no such key or field, or it is of another type.
  std::optional<element> operator()(context& cx, const sort_pattern& pattern, const element& of);

 private:
  std::string key_;
};

}  // namespace hawser::commands
