#include "help.hpp"

#include <base/bytes.hpp>

#include <fmt/format.h>

#include <string>

namespace hawser::commands {

namespace {

constexpr std::size_t longest_echo = 128;

}  // namespace

void wrong_subcommand(const engine::context& cx) {
  throw engine::command_error(
      fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try {} HELP.",
                  cx.args.words()[1].substr(0, longest_echo), base::upper(cx.args.words()[0])));
}

}  // namespace hawser::commands
