#include "connection_names.hpp"
#include "family.hpp"
#include <engine/dispatcher.hpp>
#include <engine/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// PING [message] -- to a RESP2 client with subscriptions the reply has the form of a message.
void ping(context& cx) {
  if (cx.args.left() > 1) wrong_arity(cx.what);
  const auto message = cx.args.peek();
  if (cx.who.subscribed() && !cx.who.resp3()) {
    cx.reply.array(2).bulk("pong").bulk(message);
  } else if (cx.args.empty()) {
    cx.reply.simple("PONG");
  } else {
    cx.reply.bulk(message);
  }
}

/// ECHO message
void echo(context& cx) { cx.reply.bulk(cx.args.next()); }

/// SELECT index
void select(context& cx) {
  const auto index = cx.args.integer();
  if (index != static_cast<int>(index))
    throw command_error("ERR value is out of range, value must between -2147483648 and 2147483647");
  if (index < 0 || index >= cx.server.database_count())
    throw command_error("ERR DB index is out of range");
  cx.who.db = static_cast<int>(index);
  cx.reply.ok();
}

/// QUIT -- served whatever state the client is in.
void quit(context& cx) {
  cx.reply.ok();
  cx.server.close(cx.who, true);
}

/// RESET -- the connection as it was when it came, but for what CLIENT says of library and
/// eviction.
void reset(context& cx) {
  auto& who = cx.who;
  cx.server.end_transaction(who);
  cx.server.pubsub.unsubscribe_all(who);
  cx.server.tracking.disable(who);
  std::erase(cx.server.monitors, &who);
  who.monitor = false;
  who.db = 0;
  who.name.clear();
  cx.server.become_default_user(who);
  who.reply.set_version(resp::protocol::resp2);
  if (who.replies == engine::reply_mode::off)
    cx.dispatcher.set_replies(who, engine::reply_mode::on);
  cx.reply.simple("RESET");
}

void authenticate(context& cx, std::string_view name, std::string_view password) {
  auto* found = cx.server.access.authenticate(name, password);
  if (found == nullptr) {
    cx.dispatcher.log_failed_authentication(cx.who, name, cx.args.words()[0]);
    throw command_error("WRONGPASS invalid username-password pair or user is disabled.");
  }
  cx.who.user = found;
  cx.who.authenticated = true;
}

/// AUTH [username] password
void auth(context& cx) {
  if (cx.args.left() > 2) throw command_error(errors::syntax);
  const bool named = cx.args.left() == 2;
  cx.redact(1);
  if (named) cx.redact(2);
  if (!named && cx.server.access.default_user().needs_no_password())
    throw command_error(
        "ERR AUTH <password> called without any password configured for the default user. Are you "
        "sure your configuration is correct?");
  const std::string_view user = named ? cx.args.next() : "default";
  authenticate(cx, user, cx.args.next());
  cx.reply.ok();
}

void apply_hello_options(context& cx) {
  auto& args = cx.args;
  while (!args.empty()) {
    const auto at = args.words().size() - args.left();
    if (args.accept_with("auth", 2)) {
      cx.redact(at + 1);
      cx.redact(at + 2);
      const auto user = args.next();
      authenticate(cx, user, args.next());
    } else if (args.accept_with("setname", 1)) {
      set_connection_name(cx.who, args.next());
    } else {
      throw command_error(fmt::format("ERR Syntax error in HELLO option '{}'", args.next()));
    }
  }
}

/// HELLO [protover [AUTH username password] [SETNAME clientname]] -- options are applied one by
/// one, so that those before a faulty one stay in force.
void hello(context& cx) {
  std::optional<resp::protocol> wanted;
  if (!cx.args.empty()) {
    const auto version = cx.args.integer("ERR Protocol version is not an integer or out of range");
    if (version != 2 && version != 3) throw command_error("NOPROTO unsupported protocol version");
    wanted = static_cast<resp::protocol>(version);
  }
  apply_hello_options(cx);
  if (!cx.who.authenticated)
    throw command_error(
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO "
        "AUTH <user> <pass> option can be used to authenticate the client and select the RESP "
        "protocol version at the same time");
  if (wanted) cx.reply.set_version(*wanted);
  auto& reply = cx.reply;
  reply.map(7);
  reply.bulk("server").bulk("redis");
  reply.bulk("version").bulk(engine::redis_version);
  reply.bulk("proto").integer(reply.resp3() ? 3 : 2);
  reply.bulk("id").integer(static_cast<std::int64_t>(cx.who.id));
  reply.bulk("mode").bulk("standalone");
  reply.bulk("role").bulk(cx.server.is_replica() ? "replica" : "master");
  reply.bulk("modules").array(0);
}

constexpr auto any_time = noscript | loading | stale | fast | no_auth | allow_busy;

constexpr command_spec table[] = {
    {"auth", arity::at_least(2), any_time, key_range::none(), auth},
    {"echo", arity::exactly(2), loading | stale | fast, key_range::none(), echo},
    {"hello", arity::at_least(1), any_time, key_range::none(), hello},
    {"ping", arity::at_least(1), fast, key_range::none(), ping},
    {"quit", arity::at_least(1), any_time | immediate, key_range::none(), quit},
    {"reset", arity::exactly(1), any_time | immediate, key_range::none(), reset},
    {"select", arity::exactly(2), loading | stale | fast, key_range::none(), select},
};
static_assert(well_formed(table));

}  // namespace

bool is_connection_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) { return c >= '!' && c <= '~'; });
}

void set_connection_name(engine::client& who, std::string_view name) {
  if (!is_connection_name(name))
    throw command_error("ERR Client names cannot contain spaces, newlines or special characters.");
  who.name = name;
}

engine::command_table::rows connection_commands() { return table; }

}  // namespace hawser::commands
