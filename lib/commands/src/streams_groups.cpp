#include "help.hpp"
#include "streams.hpp"
#include <commands/subcommand_help.hpp>

#include <fmt/format.h>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// What CREATE and SETID are told behind the ID.
struct group_options {
  bool make = false;
  std::int64_t entries_read = stream_group::unknown;
};

group_options read_options(context& cx, bool creating) {
  group_options options;
  while (!cx.args.empty()) {
    if (creating && cx.args.accept("MKSTREAM")) {
      options.make = true;
    } else if (cx.args.accept_with("ENTRIESREAD", 1)) {
      options.entries_read = cx.args.integer();
      if (options.entries_read < 0 && options.entries_read != stream_group::unknown)
        throw command_error("ERR value for ENTRIESREAD must be positive or -1");
    } else {
      wrong_subcommand(cx);
    }
  }
  return options;
}

/// The stream, which must be there.
stream_value read_stream(context& cx, std::string_view key) {
  auto stream = cx.keys.write<stream_value>(key);
  if (!stream)
    throw command_error(
        "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to "
        "use the MKSTREAM option to create an empty stream automatically.");
  return *stream;
}

stream_group& read_group(stream_value& stream, std::string_view key, std::string_view name) {
  auto* group = stream->find_group(name);
  if (group == nullptr)
    throw command_error(
        fmt::format("NOGROUP No such consumer group '{}' for key name '{}'", name, key));
  return *group;
}

/// An ID, or "$" for the last one of the stream.
stream_id read_start(std::string_view word, const std::optional<stream_value>& stream,
                     id_form form) {
  if (word != "$") return read_id(word, form);
  return stream ? (*stream)->last_id : stream_id{};
}

/// XGROUP CREATE key group id|$ [MKSTREAM] [ENTRIESREAD entries-read]
void create(context& cx) {
  const auto key = cx.args.next();
  const auto name = cx.args.next();
  const auto start = cx.args.next();
  const auto options = read_options(cx, true);
  std::optional<stream_value> stream;
  if (options.make)
    stream = cx.keys.write<stream_value>(key);
  else
    stream = read_stream(cx, key);
  if (cx.args.words().size() > 8) wrong_subcommand(cx);
  const auto last_id = read_start(start, stream, {});
  if (!stream) {
    stream = cx.keys.write_or_create<stream_value>(key);
    constexpr std::uint32_t no_event = 0;
    cx.touched(cx.keys.index(), key, no_event, {});
  }
  if ((*stream)->add_group(name, last_id, options.entries_read) == nullptr)
    throw command_error("BUSYGROUP Consumer Group name already exists");
  cx.reply.ok();
  group_modified(cx, key, "xgroup-create");
}

/// XGROUP SETID key group id|$ [ENTRIESREAD entries-read]
void setid(context& cx) {
  const auto key = cx.args.next();
  const auto name = cx.args.next();
  const auto start = cx.args.next();
  const auto options = read_options(cx, false);
  auto stream = read_stream(cx, key);
  auto& group = read_group(stream, key, name);
  if (cx.args.words().size() > 7) wrong_subcommand(cx);
  group.last_id = read_start(start, stream, {0, true, false});
  group.entries_read = options.entries_read;
  cx.reply.ok();
  group_modified(cx, key, "xgroup-setid");
}

/// XGROUP DESTROY key group
void destroy(context& cx) {
  const auto key = cx.args.next();
  const auto name = cx.args.next();
  auto stream = read_stream(cx, key);
  const auto found = stream->groups().find(name);
  if (found == stream->groups().end()) return void(cx.reply.integer(0));
  stream->groups().erase(found);
  cx.server.waits.touch(cx.keys.index(), key);  // who waits for the group is told that it is gone
  group_modified(cx, key, "xgroup-destroy");
  cx.reply.integer(1);
}

/// XGROUP CREATECONSUMER key group consumer
void createconsumer(context& cx) {
  const auto key = cx.args.next();
  const auto name = cx.args.next();
  auto stream = read_stream(cx, key);
  auto& group = read_group(stream, key, name);
  const bool made = group.add_consumer(cx.args.next(), cx.now).second;
  if (made) group_modified(cx, key, "xgroup-createconsumer");
  cx.reply.integer(made ? 1 : 0);
}

/// XGROUP DELCONSUMER key group consumer -- replies how many entries were pending for it.
void delconsumer(context& cx) {
  const auto key = cx.args.next();
  const auto name = cx.args.next();
  auto stream = read_stream(cx, key);
  auto& group = read_group(stream, key, name);
  auto* consumer = group.find_consumer(cx.args.next());
  if (consumer == nullptr) return void(cx.reply.integer(0));
  const auto pending = consumer->pending.size();
  group.remove_consumer(*consumer);
  group_modified(cx, key, "xgroup-delconsumer");
  cx.reply.integer(static_cast<std::int64_t>(pending));
}

constexpr key_range third_word{2, 2, 1};

constexpr command_spec xgroup[] = {
    {"create", arity::at_least(5), write | denyoom, third_word, create},
    {"createconsumer", arity::exactly(5), write | denyoom, third_word, createconsumer},
    {"delconsumer", arity::exactly(5), write, third_word, delconsumer},
    {"destroy", arity::exactly(4), write, third_word, destroy},
    {"help", arity::exactly(2), loading | stale, key_range::none(), help},
    {"setid", arity::at_least(5), write, third_word, setid},
};
static_assert(well_formed(xgroup));

constexpr command_spec table[] = {
    {"xgroup", arity::at_least(2), {}, key_range::none(), nullptr, xgroup},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows stream_group_commands() { return table; }

}  // namespace hawser::commands
