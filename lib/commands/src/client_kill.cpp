#include "client_kill.hpp"

#include "family.hpp"
#include <engine/client_info.hpp>

#include <fmt/format.h>

#include <optional>

namespace hawser::commands {

namespace {

/// Which clients are meant; what is not set does not matter.
struct kill_filter {
  std::optional<std::uint64_t> id;
  std::optional<engine::client_type> type;
  std::optional<std::string_view> address;
  std::optional<std::string_view> local_address;
  std::optional<std::string_view> user;
  std::optional<std::int64_t> least_age;  // seconds
  bool skip_own = true;

  bool matches(const context& cx, const engine::client& who) const {
    return !(id && who.id != *id) && !(type && engine::type_of(who) != *type) &&
           !(address && who.address != *address) &&
           !(local_address && who.local_address != *local_address) &&
           !(user && who.user->name() != *user) &&
           !(least_age && (cx.now - who.created) / 1000 < *least_age) &&
           !(skip_own && &who == &cx.who);
  }
};

std::string_view known_user(context& cx, std::string_view name) {
  if (cx.server.access.find(name) == nullptr)
    throw command_error(fmt::format("ERR No such user '{}'", name));
  return name;
}

bool yes_or_no(std::string_view word) {
  if (base::iequals(word, "yes")) return true;
  if (base::iequals(word, "no")) return false;
  throw command_error(errors::syntax);
}

std::int64_t positive(context& cx, const char* not_a_number, const char* not_positive) {
  const auto number = cx.args.integer(not_a_number);
  if (number < 1) throw command_error(not_positive);
  return number;
}

kill_filter parse_filter(context& cx) {
  auto& args = cx.args;
  kill_filter filter;
  while (!args.empty()) {
    if (args.accept_with("id", 1)) {
      constexpr auto wrong = "ERR client-id should be greater than 0";
      filter.id = static_cast<std::uint64_t>(positive(cx, wrong, wrong));
    } else if (args.accept_with("maxage", 1)) {
      filter.least_age = positive(cx, "ERR maxage is not an integer or out of range",
                                  "ERR maxage should be greater than 0");
    } else if (args.accept_with("type", 1)) {
      filter.type = engine::parse_client_type(args.next());
    } else if (args.accept_with("addr", 1)) {
      filter.address = args.next();
    } else if (args.accept_with("laddr", 1)) {
      filter.local_address = args.next();
    } else if (args.accept_with("user", 1)) {
      filter.user = known_user(cx, args.next());
    } else if (args.accept_with("skipme", 1)) {
      filter.skip_own = yes_or_no(args.next());
    } else {
      throw command_error(errors::syntax);
    }
  }
  return filter;
}

/// Ends all that match and returns their number; whoever asks is told first, and says so.
struct killed {
  std::int64_t count = 0;
  bool own = false;
};

killed kill_all(context& cx, const kill_filter& filter) {
  killed done;
  auto& clients = cx.server.clients;
  for (auto at = clients.begin(); at != clients.end();) {
    auto& each = *(at++)->second;
    if (!filter.matches(cx, each)) continue;
    ++done.count;
    if (&each == &cx.who)
      done.own = true;
    else
      cx.server.kill(each);
  }
  return done;
}

}  // namespace

void kill_clients(context& cx) {
  kill_filter filter;
  const bool by_address = cx.args.left() == 1;
  if (by_address) {
    filter.address = cx.args.next();
    filter.skip_own = false;
  } else {
    filter = parse_filter(cx);
  }
  const auto done = kill_all(cx, filter);
  if (by_address && done.count == 0) throw command_error("ERR No such client");
  by_address ? cx.reply.ok() : cx.reply.integer(done.count);
  if (done.own) cx.server.close(cx.who, true);
}

}  // namespace hawser::commands
