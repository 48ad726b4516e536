#pragma once

#include <string_view>
#include <vector>

// How the text of ACL rules is taken apart.
namespace hawser::engine::acl {

/// No name and no pattern has a blank or a zero byte in it.
inline bool has_blank(std::string_view text) {
  return text.find_first_of(std::string_view(" \t\n\v\f\r\0", 7)) != text.npos;
}

/// The words between blanks, of which two in a row have an empty one between them. There are no
/// quotes.
inline std::vector<std::string_view> words_between_blanks(std::string_view line) {
  std::vector<std::string_view> words;
  for (;;) {
    const auto blank = line.find(' ');
    words.push_back(line.substr(0, blank));
    if (blank == line.npos) return words;
    line.remove_prefix(blank + 1);
  }
}

}  // namespace hawser::engine::acl
