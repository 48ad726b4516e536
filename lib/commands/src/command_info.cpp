#include "command_info.hpp"

#include <commands/command_metadata.hpp>

#include <bit>
#include <utility>

namespace hawser::commands {

namespace {

using engine::command_flag;
using resp::reply_writer;

constexpr std::pair<command_flag, std::string_view> shown_flags[] = {
    {command_flag::write, "write"},
    {command_flag::readonly, "readonly"},
    {command_flag::denyoom, "denyoom"},
    {command_flag::admin, "admin"},
    {command_flag::pubsub, "pubsub"},
    {command_flag::noscript, "noscript"},
    {command_flag::blocking, "blocking"},
    {command_flag::loading, "loading"},
    {command_flag::stale, "stale"},
    {command_flag::skip_monitor, "skip_monitor"},
    {command_flag::skip_slowlog, "skip_slowlog"},
    {command_flag::asking, "asking"},
    {command_flag::fast, "fast"},
    {command_flag::no_auth, "no_auth"},
    {command_flag::no_mandatory_keys, "no_mandatory_keys"},
    {command_flag::no_async_loading, "no_async_loading"},
    {command_flag::no_multi, "no_multi"},
    {command_flag::movablekeys, "movablekeys"},
    {command_flag::allow_busy, "allow_busy"},
};

void reply_flags(reply_writer& reply, engine::command_flags flags) {
  std::size_t count = 0;
  for (const auto& [flag, name] : shown_flags) count += flags.has(flag);
  reply.set(count);
  for (const auto& [flag, name] : shown_flags)
    if (flags.has(flag)) reply.simple(name);
}

void reply_categories(reply_writer& reply, acl_categories categories) {
  reply.set(static_cast<std::size_t>(std::popcount(categories)));
  for (auto left = categories; left != 0; left &= left - 1)
    reply.simple(
        "@" + std::string(
                  engine::acl_category_names()[static_cast<std::size_t>(std::countr_zero(left))]));
}

void reply_tips(reply_writer& reply, std::string_view tips) {
  std::size_t count = tips.empty() ? 0 : 1;
  for (const char c : tips) count += c == ' ';
  reply.set(count);
  while (!tips.empty()) {
    const auto end = std::min(tips.find(' '), tips.size());
    reply.bulk(tips.substr(0, end));
    tips.remove_prefix(std::min(end + 1, tips.size()));
  }
}

void reply_key_spec(reply_writer& reply, const key_spec& spec) {
  reply.map(spec.note.empty() ? 3 : 4);
  if (!spec.note.empty()) reply.bulk("notes").bulk(spec.note);
  reply.bulk("flags");
  reply_key_uses(reply, spec.what);
  if (spec.find == key_spec::search::unknown) {
    for (const auto* how : {"begin_search", "find_keys"})
      reply.bulk(how).map(2).bulk("type").bulk("unknown").bulk("spec").map(0);
    return;
  }
  reply.bulk("begin_search").map(2).bulk("type");
  if (spec.after.empty()) {
    reply.bulk("index").bulk("spec").map(1).bulk("index").integer(spec.begin);
  } else {
    reply.bulk("keyword").bulk("spec").map(2);
    reply.bulk("keyword").bulk(spec.after).bulk("startfrom").integer(spec.begin);
  }
  reply.bulk("find_keys").map(2).bulk("type");
  if (spec.find == key_spec::search::range) {
    reply.bulk("range").bulk("spec").map(3);
    reply.bulk("lastkey").integer(spec.last).bulk("keystep").integer(spec.step);
    reply.bulk("limit").integer(spec.share == 1 ? 0 : spec.share);
  } else {
    reply.bulk("keynum").bulk("spec").map(3);
    reply.bulk("keynumidx").integer(0).bulk("firstkey").integer(1);
    reply.bulk("keystep").integer(spec.step);
  }
}

void reply_subcommands(reply_writer& reply, const engine::command& of) {
  if (!of.is_container()) {
    reply.set(0);
    return;
  }
  reply.array(of.subcommands.size());
  for (const auto& each : of.subcommands) reply_command_info(reply, *each);
}

}  // namespace

void reply_key_uses(reply_writer& reply, key_use what) {
  reply.set(static_cast<std::size_t>(std::popcount(what)));
  for (auto left = what; left != 0; left &= left - 1)
    reply.simple(engine::key_use_names()[static_cast<std::size_t>(std::countr_zero(left))]);
}

void reply_command_info(reply_writer& reply, const engine::command& of) {
  static constexpr command_metadata unknown;
  const auto* known = find_metadata(of.full_name);
  const auto& more = known == nullptr ? unknown : *known;
  const auto& spec = *of.spec;
  reply.array(10).bulk(of.full_name).integer(spec.words.shown());
  reply_flags(reply, spec.flags);
  reply.integer(spec.keys.first).integer(spec.keys.last).integer(spec.keys.step);
  reply_categories(reply, of.categories);
  reply_tips(reply, more.tips);
  reply.set(more.keys.size());
  for (const auto& each : more.keys) reply_key_spec(reply, each);
  reply_subcommands(reply, of);
}

}  // namespace hawser::commands
