#include <engine/context.hpp>
#include <engine/node.hpp>

#include <fmt/format.h>

namespace hawser::engine {

context::context(node& server, engine::dispatcher& dispatcher, client& who, command& what,
                 std::span<const std::string_view> words)
    : server(server),
      dispatcher(dispatcher),
      who(who),
      what(what),
      args(words, what.name_words()),
      reply(who.reply),
      keys(server, who, who.db),
      now(server.now()) {}

void context::modified(std::string_view key, std::uint32_t kind, std::string_view event) {
  server.modified(keys.index(), key, kind, event);
}

void context::modified(int db, std::string_view key, std::uint32_t kind, std::string_view event) {
  server.modified(db, key, kind, event);
}

void context::drop(std::string_view key) {
  keys.remove(key);
  server.notify(keys.index(), key, notify::generic, "del");
}

void context::fail(std::string_view text) {
  server.stats.count_error(text);
  ++what.statistics.failed;
  reply.error(text);
}

void wrong_arity(const command& what) {
  throw command_error(
      fmt::format("ERR wrong number of arguments for '{}' command", what.full_name));
}

}  // namespace hawser::engine
