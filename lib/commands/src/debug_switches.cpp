#include "debug_switches.hpp"

#include "config_rewrite.hpp"
#include <base/bytes.hpp>
#include <base/numbers.hpp>
#include <commands/append_only_file.hpp>

#include <fmt/format.h>

#include <array>
#include <bit>
#include <charconv>
#include <system_error>

namespace hawser::commands {

namespace {

using engine::command_error;
using engine::context;

[[noreturn]] void unknown(const context& cx) {
  throw command_error(
      fmt::format("ERR unknown subcommand or wrong number of arguments for '{}'. Try DEBUG HELP.",
                  cx.args.words()[1]));
}

[[noreturn]] void refused_by_allocator(int error) {
  throw command_error("ERR " + std::error_code(error, std::generic_category()).message());
}

}  // namespace

bool debug_switch(context& cx) {
  const auto word = cx.args.next();
  int value = 0;
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value != 0;
}

void debug_pause_cron(context& cx) {
  cx.server.periodic_work = !debug_switch(cx);
  cx.reply.ok();
}

void debug_skip_checksums(context& cx) {
  cx.server.verifies_checksums = !debug_switch(cx);
  cx.reply.ok();
}

void debug_reply_buffer(context& cx) {
  if (cx.args.accept("PEAK-RESET-TIME")) {
    if (!cx.args.accept("NEVER") && !cx.args.accept("RESET")) cx.args.integer();
  } else if (!cx.args.accept("RESIZING")) {
    unknown(cx);
  }
  cx.reply.ok();
}

void debug_packed_threshold(context& cx) {
  constexpr std::uint64_t most = (std::uint64_t{4} << 30) - 2;
  const auto size = base::parse_memory(cx.args.next());
  if (!size || *size > most)
    throw command_error("ERR argument must be a memory value bigger than 1 and smaller than 4gb");
  cx.reply.ok();
}

void debug_rewrite_all(context& cx) {
  if (cx.server.config.config_file().empty())
    throw command_error("ERR CONFIG-REWRITE-FORCE-ALL failed: Bad address");
  if (const auto failed = rewrite_configuration(cx.server, true)) throw command_error(*failed);
  cx.reply.ok();
}

/// The append-only file is written from the same journal, and must not have what was not executed.
void debug_replicate(context& cx) {
  if (append_only_file::of(cx.server).is_on())
    throw command_error("ERR DEBUG REPLICATE cannot be used while there is an append-only file");
  cx.effect_of(cx.args.rest());
  cx.reply.ok();
}

void debug_allocator_number(context& cx) {
  const std::string name(cx.args.next());
  std::int64_t now = 0, then = 0;
  const bool set = !cx.args.empty();
  if (set) then = cx.args.integer();
  if (const int error = cx.server.process.allocator_number(name, now, set ? &then : nullptr))
    refused_by_allocator(error);
  cx.reply.integer(now);
}

void debug_allocator_text(context& cx) {
  const std::string name(cx.args.next());
  std::string now, then;
  const bool set = !cx.args.empty();
  if (set) then = cx.args.next();
  if (const int error = cx.server.process.allocator_text(name, now, set ? &then : nullptr))
    refused_by_allocator(error);
  cx.reply.bulk(now);
}

/// Clients by the memory they take, as if they were kept in classes of powers of two.
void debug_client_eviction(context& cx) {
  if (cx.server.client_memory.limit() == 0)
    throw command_error("ERR maxmemory-clients is disabled.");
  constexpr std::size_t first = 15, last = 32;  // powers of the least and the largest class
  struct {
    std::size_t bytes, clients;
  } classes[last - first + 2] = {};
  for (const auto& [id, who] : cx.server.clients) {
    if (who->no_evict || who->primary || who->follows()) continue;
    const auto bytes = who->memory();
    const auto power = std::clamp<std::size_t>(std::bit_width(bytes), first, last + 1);
    classes[power - first].bytes += bytes;
    ++classes[power - first].clients;
  }
  std::string text;
  for (std::size_t power = first; power <= last + 1; ++power) {
    const auto least = power == first ? 0 : std::uint64_t{1} << (power - 1);
    const auto upper = power > last ? std::string("+            ")
                                    : fmt::format(" - {:>10}", (std::uint64_t{1} << power) - 1);
    const auto& of = classes[power - first];
    text += fmt::format("bucket {:>10}{}: tot-mem: {:>10}, clients: {}\n", least, upper, of.bytes,
                        of.clients);
  }
  cx.reply.verbatim(text);
}

}  // namespace hawser::commands
