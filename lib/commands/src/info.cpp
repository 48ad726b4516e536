#include "info.hpp"

#include "family.hpp"
#include <base/bytes.hpp>
#include <base/numbers.hpp>

#include <algorithm>

namespace hawser::commands {

namespace {

using namespace engine::flags;

struct section {
  std::string_view name;
  bool by_default;
  void (*write)(info_text& to);
};

constexpr section sections[] = {
    {"server", true, info_server},
    {"clients", true, info_clients},
    {"memory", true, info_memory},
    {"persistence", true, info_persistence},
    {"stats", true, info_stats},
    {"replication", true, info_replication},
    {"cpu", true, info_cpu},
    {"modules", true, info_modules},
    {"commandstats", false, info_command_stats},
    {"errorstats", true, info_error_stats},
    {"latencystats", false, info_latency_stats},
    {"cluster", true, info_cluster},
    {"keyspace", true, info_keyspace},
};

bool wanted(const section& of, std::span<const std::string_view> names) {
  if (names.empty()) return of.by_default;
  return std::ranges::any_of(names, [&](auto name) {
    if (base::iequals(name, "default")) return of.by_default;
    return base::iequals(name, of.name) || base::iequals(name, "all") ||
           base::iequals(name, "everything");
  });
}

/// INFO [section ...]
void info(context& cx) {
  const auto names = cx.args.rest();
  info_text text(cx.server);
  for (const auto& each : sections)
    if (wanted(each, names)) each.write(text);
  cx.reply.verbatim(text.str());
}

constexpr command_spec table[] = {
    {"info", arity::at_least(1), loading | stale, key_range::none(), info},
};
static_assert(well_formed(table));

}  // namespace

void info_text::bytes(std::string_view name, std::size_t value) {
  field(name, value);
  field(fmt::format("{}_human", name), base::human_bytes(value));
}

engine::command_table::rows info_commands() { return table; }

}  // namespace hawser::commands
