#include "help.hpp"

#include <fmt/format.h>

#include <string>

namespace hawser::commands {

namespace {

constexpr std::size_t longest_echo = 128;

std::string container_of(const engine::context& cx) {
  std::string name(cx.what.parent->spec->name);
  for (char& c : name) c = static_cast<char>(c - 'a' + 'A');
  return name;
}

}  // namespace

void wrong_subcommand(const engine::context& cx) {
  throw engine::command_error(
      fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try {} HELP.",
                  cx.args.words()[1].substr(0, longest_echo), container_of(cx)));
}

}  // namespace hawser::commands
