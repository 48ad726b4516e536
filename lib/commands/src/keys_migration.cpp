#include "data_set.hpp"
#include "family.hpp"
#include <engine/no_link.hpp>
#include <resp/request.hpp>

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <persistence/dump_payload.hpp>
#include <string>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using state = engine::exchange::state;

constexpr auto not_replied = "IOERR error or timeout reading to target instance";

/// A key on its way. It watches itself: what has been changed since it was sent is not removed.
class travelling_key final : engine::no_link {
 public:
  travelling_key(context& cx, std::string_view key)
      : server_(cx.server), key_(key), who_(0, *this) {
    server_.watches.watch(who_, cx.keys.index(), key, engine::presence::alive);
  }
  ~travelling_key() override { server_.watches.unwatch_all(who_); }

  std::string_view key() const { return key_; }
  bool changed() const { return who_.transaction.outdated(); }

 private:
  engine::node& server_;
  std::string key_;
  engine::client who_;
};

struct migration {
  std::shared_ptr<engine::exchange> talk = std::make_shared<engine::exchange>();
  std::size_t preface = 0;  // replies before the first key's
  bool copy = false;
  std::vector<std::unique_ptr<travelling_key>> keys{};
};

struct migrate_options {
  bool copy = false;
  bool replace = false;
  std::optional<std::string_view> user;
  std::optional<std::string_view> password;
  std::vector<std::string_view> keys;

  migrate_options(context& cx, std::string_view key) : keys{key} {
    auto& args = cx.args;
    const auto secret = [&cx, &args] {
      cx.redact(args.words().size() - args.left());
      return args.next();
    };
    while (!args.empty()) {
      if (args.accept("COPY")) {
        copy = true;
      } else if (args.accept("REPLACE")) {
        replace = true;
      } else if (args.accept_with("AUTH", 1)) {
        password = secret();
      } else if (args.accept_with("AUTH2", 2)) {
        user = secret();
        password = secret();
      } else if (args.accept("KEYS")) {
        if (!key.empty())
          throw command_error(
              "ERR When using MIGRATE KEYS option, the key argument must be set to the empty "
              "string");
        const auto rest = args.rest();
        keys.assign(rest.begin(), rest.end());
      } else {
        throw command_error(errors::syntax);
      }
    }
  }
};

void ask(migration& of, std::initializer_list<std::string_view> words) {
  resp::append_request(of.talk->requests, words);
  ++of.talk->expected;
}

void send_key(context& cx, migration& of, std::string_view key, bool replace) {
  store::entry* found = cx.keys.read(key);
  if (found == nullptr) return;
  const auto deadline = found->deadline();
  const auto left =
      std::to_string(deadline ? std::max<base::milliseconds_t>(1, *deadline - cx.now) : 0);
  const auto payload = persistence::dump_payload(cx.keys.data(), *found, rdb_options_of(cx.server));
  if (replace)
    ask(of, {"RESTORE", key, left, payload, "REPLACE"});
  else
    ask(of, {"RESTORE", key, left, payload});
  of.keys.push_back(std::make_unique<travelling_key>(cx, key));
}

/// Removes what has arrived; false: some of it has changed since it was sent.
bool remove_arrived(context& cx, const migration& of) {
  bool all = true;
  const auto& replies = of.talk->replies;
  for (std::size_t i = 0; i < of.keys.size() && of.preface + i < replies.size(); ++i) {
    if (replies[of.preface + i].starts_with('-')) continue;
    const auto key = of.keys[i]->key();
    if (of.keys[i]->changed()) {
      all = false;
    } else if (cx.keys.remove(key)) {
      cx.modified(key, notify::generic, "del");
      cx.effect("DEL", key);
    }
  }
  return all;
}

/// Why the migration has failed; empty if it has not.
std::string failure_of(const engine::exchange& talk) {
  for (const auto& each : talk.replies)
    if (each.starts_with('-')) return "ERR Target instance replied with error: " + each.substr(1);
  switch (talk.at) {
    case state::no_address:
      return "IOERR error or timeout connecting to the client";
    case state::not_sent:
      return "IOERR error or timeout writing to target instance";
    case state::not_replied:
      return not_replied;
    case state::under_way:
    case state::done:
      break;
  }
  return {};
}

/// The attempt of a client that waits for the other server.
bool finish(context& cx, const migration& of) {
  if (of.talk->at == state::under_way) return false;
  constexpr std::int64_t look_again_ms = 10;
  if (!of.copy && cx.server.paused.what(cx.now) != engine::pause::scope::none) {
    cx.retry_after(look_again_ms);
    return false;
  }
  // A server that has refused the password or the database has taken nothing.
  bool let_in = of.talk->replies.size() >= of.preface;
  for (std::size_t i = 0; let_in && i < of.preface; ++i)
    let_in = !of.talk->replies[i].starts_with('-');
  const bool kept_none = of.copy || !let_in || remove_arrived(cx, of);
  if (!cx.journalled()) cx.no_effect();
  if (auto failure = failure_of(*of.talk); !failure.empty()) {
    cx.fail(failure);
  } else if (!kept_none) {
    cx.fail(
        "ERR A key has been changed while it was migrated: it stays here, and the target has what "
        "it was");
  } else {
    cx.reply.ok();
  }
  return true;
}

/// MIGRATE host port key|"" db timeout [COPY] [REPLACE] [AUTH password | AUTH2 user password]
/// [KEYS key...] -- others are served while the client waits for the target.
void migrate(context& cx) {
  static constexpr std::string_view place = "hawser: a migration";
  constexpr base::milliseconds_t usual_timeout = 1000;
  const auto host = cx.args.next();
  const auto port = cx.args.next();
  const auto key = cx.args.next();
  const auto db = cx.args.next();
  const auto timeout_word = cx.args.next();
  const migrate_options options(cx, key);
  const auto timeout = base::parse_int(timeout_word);
  const auto index = base::parse_int(db);
  if (!timeout || !index) throw command_error(errors::not_integer);
  if (cx.who.transaction.active() || cx.who.is_script || cx.who.primary)
    throw command_error(
        "ERR MIGRATE waits for another server, which transactions and scripts cannot");

  auto of = std::make_shared<migration>();
  of->copy = options.copy;
  if (options.user)
    ask(*of, {"AUTH", *options.user, *options.password});
  else if (options.password)
    ask(*of, {"AUTH", *options.password});
  if (*index != -1) ask(*of, {"SELECT", std::to_string(*index)});
  of->preface = of->talk->expected;
  for (const auto each : options.keys) send_key(cx, *of, each, options.replace);
  cx.no_effect();
  if (of->keys.empty()) return void(cx.reply.simple("NOKEY"));

  auto& talk = *of->talk;
  talk.host = host;
  talk.tls = cx.server.options.tls_cluster;
  talk.timeout = *timeout <= 0 ? usual_timeout : *timeout;
  const auto number = base::parse_int(port);
  talk.port = number && *number > 0 && *number <= 65535 ? static_cast<std::uint16_t>(*number) : 0;
  if (!cx.server.process.start(of->talk, cx.who.id)) throw command_error(not_replied);
  engine::wait_terms terms;
  terms.sees_loss = true;
  terms.at_timeout = [](engine::client& who) { who.reply.error(not_replied); };
  cx.serve_or_block({&place, 1}, terms, [of](context& again, std::span<const std::string_view>) {
    return finish(again, *of);
  });
}

constexpr command_spec table[] = {
    {"migrate", arity::at_least(6), write | movablekeys, key_range{3, 3, 1}, migrate},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows key_migration_commands() { return table; }

}  // namespace hawser::commands
