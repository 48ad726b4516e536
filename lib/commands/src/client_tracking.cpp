#include "client_tracking.hpp"

#include "family.hpp"
#include <engine/client_info.hpp>

#include <fmt/format.h>

#include <vector>

namespace hawser::commands {

namespace {

using engine::tracking_mode;
using prefix_list = std::vector<std::string_view>;

struct tracking_request {
  tracking_mode mode;
  prefix_list prefixes;  // as they were named, which may be twice
};

std::uint64_t read_redirect(context& cx, const tracking_mode& mode) {
  if (mode.redirect != 0)
    throw command_error("ERR A client can only redirect to a single other client");
  const auto id = static_cast<std::uint64_t>(cx.args.integer());
  if (!cx.server.clients.contains(id))
    throw command_error("ERR The client ID you want redirect to does not exist");
  return id;
}

tracking_request read_options(context& cx) {
  auto& args = cx.args;
  tracking_request wanted;
  auto& mode = wanted.mode;
  while (!args.empty()) {
    if (args.accept_with("redirect", 1))
      mode.redirect = read_redirect(cx, mode);
    else if (args.accept("bcast"))
      mode.broadcast = true;
    else if (args.accept("optin"))
      mode.opt_in = true;
    else if (args.accept("optout"))
      mode.opt_out = true;
    else if (args.accept("noloop"))
      mode.no_loop = true;
    else if (args.accept_with("prefix", 1))
      wanted.prefixes.push_back(args.next());
    else
      throw command_error(errors::syntax);
  }
  return wanted;
}

/// Options go with each other, and with what is in force.
void check_options(const engine::client& who, const tracking_request& wanted) {
  const auto& mode = wanted.mode;
  const auto* now = who.tracking.get();
  if (!mode.broadcast && !wanted.prefixes.empty())
    throw command_error("ERR PREFIX option requires BCAST mode to be enabled");
  if (now != nullptr && now->broadcast != mode.broadcast)
    throw command_error(
        "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and "
        "then re-enabling it with a different mode.");
  if (mode.broadcast && (mode.opt_in || mode.opt_out))
    throw command_error("ERR OPTIN and OPTOUT are not compatible with BCAST");
  if (mode.opt_in && mode.opt_out)
    throw command_error("ERR You can't specify both OPTIN mode and OPTOUT mode");
  if (now != nullptr && ((mode.opt_in && now->opt_out) || (mode.opt_out && now->opt_in)))
    throw command_error(
        "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and "
        "then re-enabling it with a different mode.");
}

bool overlap(std::string_view one, std::string_view other) {
  return one.starts_with(other) || other.starts_with(one);
}

/// Errors show it up to a zero byte.
std::string_view shown(std::string_view prefix) { return prefix.substr(0, prefix.find('\0')); }

[[noreturn]] void overlapping(std::string_view prefix, std::string_view kind,
                              std::string_view other) {
  throw command_error(
      fmt::format("ERR Prefix '{}' overlaps with {} prefix '{}'. Prefixes for a single client must "
                  "not overlap.",
                  shown(prefix), kind, shown(other)));
}

void check_prefixes(const engine::client& who, const prefix_list& prefixes) {
  for (auto each = prefixes.begin(); each != prefixes.end(); ++each) {
    if (who.tracking)
      for (const auto& other : who.tracking->prefixes)
        if (overlap(*each, other)) overlapping(*each, "an existing", other);
    for (auto other = each + 1; other != prefixes.end(); ++other)
      if (overlap(*each, *other)) overlapping(*each, "another provided", *other);
  }
}

std::vector<std::string_view> flags_of(const tracking_mode* mode) {
  if (mode == nullptr) return {"off"};
  std::vector<std::string_view> flags{"on"};
  const std::pair<bool, std::string_view> all[] = {
      {mode->broadcast, "bcast"},
      {mode->opt_in, "optin"},
      {mode->opt_in && mode->caching, "caching-yes"},
      {mode->opt_out, "optout"},
      {mode->opt_out && mode->caching, "caching-no"},
      {mode->no_loop, "noloop"},
      {mode->broken, "broken_redirect"},
  };
  for (const auto& [set, name] : all)
    if (set) flags.push_back(name);
  return flags;
}

}  // namespace

/// Options are looked at before the first word.
void set_tracking(context& cx) {
  const auto state = cx.args.next();
  auto wanted = read_options(cx);
  if (base::iequals(state, "on")) {
    check_options(cx.who, wanted);
    check_prefixes(cx.who, wanted.prefixes);
    wanted.mode.prefixes.insert(wanted.prefixes.begin(), wanted.prefixes.end());
    cx.server.tracking.enable(cx.who, wanted.mode);
  } else if (base::iequals(state, "off")) {
    cx.server.tracking.disable(cx.who);
  } else {
    throw command_error(errors::syntax);
  }
  cx.reply.ok();
}

void set_caching(context& cx) {
  auto* mode = cx.who.tracking.get();
  if (mode == nullptr)
    throw command_error(
        "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or "
        "OPTOUT mode enabled");
  const bool yes = cx.args.accept("yes");
  if (!yes && !cx.args.accept("no")) throw command_error(errors::syntax);
  if (yes && !mode->opt_in)
    throw command_error(
        "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.");
  if (!yes && !mode->opt_out)
    throw command_error(
        "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.");
  mode->caching = true;
  cx.reply.ok();
}

void reply_tracking(context& cx) {
  const auto* mode = cx.who.tracking.get();
  auto& reply = cx.reply;
  const auto flags = flags_of(mode);
  reply.map(3);
  reply.bulk("flags").set(flags.size());
  for (const auto flag : flags) reply.bulk(flag);
  reply.bulk("redirect").integer(engine::redirection(cx.who));
  reply.bulk("prefixes").array(mode == nullptr ? 0 : mode->prefixes.size());
  if (mode == nullptr) return;
  for (const auto& prefix : mode->prefixes) reply.bulk(prefix);
}

}  // namespace hawser::commands
