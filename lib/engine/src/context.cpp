#include <engine/context.hpp>
#include <engine/dispatcher.hpp>
#include <engine/node.hpp>
#include <engine/propagation.hpp>

#include <fmt/format.h>

namespace hawser::engine {

context::context(node& server, engine::dispatcher& dispatcher, client& who, command& what,
                 std::span<const std::string_view> words, bool waited)
    : server(server),
      dispatcher(dispatcher),
      who(who),
      what(what),
      args(words, what.name_words()),
      reply(who.reply),
      keys(server, who, who.db),
      now(server.now()),
      waited(waited),
      journal_(server.journal) {}

bool context::is_past(base::milliseconds_t deadline) const {
  return !who.primary && deadline <= server.time_of_deadlines();
}

void context::modified(std::string_view key, std::uint32_t kind, std::string_view event) {
  server.modified(keys.index(), key, kind, event, &who);
}

void context::modified(int db, std::string_view key, std::uint32_t kind, std::string_view event) {
  server.modified(db, key, kind, event, &who);
}

void context::touched(int db, std::string_view key, std::uint32_t kind, std::string_view event) {
  server.touched(db, key, kind, event, &who);
}

void context::drop(std::string_view key) {
  keys.remove(key);
  server.notify(keys.index(), key, notify::generic, "del");
}

void context::block(std::span<const std::string_view> keys_to_try, const wait_terms& terms,
                    blocked_command::attempt attempt) {
  if (who.transaction.active() || who.is_script || who.primary) {
    if (terms.at_timeout) return terms.at_timeout(who);
    terms.plain_null ? reply.null() : reply.null_array();
    return;
  }
  auto blocked = std::make_shared<blocked_command>(what, args.words(), std::move(attempt));
  blocked->type = terms.type;
  blocked->sees_loss = terms.sees_loss;
  blocked->at_timeout = terms.at_timeout;
  dispatcher.block(who, std::move(blocked), keys_to_try, terms.timeout, retry_ms_);
}

void context::fail(std::string_view text) {
  server.stats.count_error(text);
  if (who.primary) note_failed_request(server, propagator::primary, text, what.full_name);
  failed();
  reply.error(text);
}

void wrong_arity(const command& what) {
  throw command_error(
      fmt::format("ERR wrong number of arguments for '{}' command", what.full_name));
}

}  // namespace hawser::engine
