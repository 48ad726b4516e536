// Whatever an ACL file or ACL SETUSER holds, its rules are taken or refused. Users that are taken
// are described in rules that are taken as well, and make the same users.

#include <commands/families.hpp>
#include <engine/acl/access_control.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace hawser::engine;

struct users {
  settings options;
  acl::access_control access;

  explicit users(const command_table& commands) : access(commands, options) {}

  bool load(std::string_view text) {
    return !access.load(text, "users.acl", [](const acl::user&) {});
  }
  std::string text() const {
    std::string all;
    for (const auto& each : access.describe()) all += each + '\n';
    return all;
  }
};

/// The rules of one line, as a command has them.
void set_user(const command_table& commands, std::string_view line) {
  users all(commands);
  std::vector<std::string_view> words;
  for (std::size_t blank = 0; blank != line.npos; line.remove_prefix(blank + 1)) {
    blank = line.find(' ');
    words.push_back(line.substr(0, blank));
    if (blank == line.npos) break;
  }
  auto made = all.access.draft("name");
  acl::access_control::apply(made, acl::join_selectors(words).rules);
  all.access.put(std::move(made));
  all.access.describe();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const command_table commands(hawser::commands::families());
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  set_user(commands, text.substr(0, text.find('\n')));
  users first(commands), second(commands), third(commands);
  if (!first.load(text)) return 0;
  // A pattern within a selector may end like the selector does, which cannot be told apart; "%RW~*"
  // is described as "~*", beside which no other pattern is taken.
  if (text.find_first_of("(%") != text.npos) return 0;
  if (!second.load(first.text())) std::abort();
  const auto described = second.text();
  if (!third.load(described) || third.text() != described) std::abort();
  return 0;
}
