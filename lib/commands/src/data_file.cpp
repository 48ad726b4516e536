#include "data_set.hpp"
#include <commands/append_only_file.hpp>
#include <commands/data_file.hpp>
#include <commands/snapshot.hpp>
#include <engine/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <persistence/file_system.hpp>
#include <persistence/rdb_writer.hpp>
#include <persistence/replace_file.hpp>

namespace hawser::commands {

using engine::log_level;
using engine::node;
using persistence::key_facts;

access_kind what_to_keep(const node& server) {
  using engine::eviction_policy;
  if (server.uses_lfu()) return access_kind::frequency;
  const auto policy = server.options.maxmemory_policy;
  const bool lru = policy == eviction_policy::allkeys_lru ||
                   policy == eviction_policy::volatile_lru || server.uses_lrm();
  return lru ? access_kind::idle : access_kind::none;
}

key_facts facts_of(const node& server, const store::entry& of, access_kind kept) {
  key_facts facts;
  facts.deadline = of.deadline();
  if (kept == access_kind::idle) facts.idle_seconds = server.idle_seconds(of.access());
  if (kept == access_kind::frequency)
    facts.frequency = static_cast<std::uint8_t>(server.decayed_frequency(of.access()));
  return facts;
}

persistence::rdb_options rdb_options_of(const node& server) {
  const auto& options = server.options;
  return {options.rdbcompression, options.rdbchecksum, static_cast<int>(options.rdb_version)};
}

persistence::rdb_origin origin_of(node& server) {
  bool field_deadlines = false;
  for (int i = 0; i < server.database_count(); ++i)
    field_deadlines = field_deadlines || server.database(i).field_deadline_count() > 0;
  return {engine::redis_version, server.now() / 1000, server.used_memory(), field_deadlines};
}

int stream_db(const node& server) {
  if (!server.is_replica()) return server.journal.selected();
  const auto& primary = server.replication.primary;
  return primary.stream ? primary.stream->db : primary.db;
}

std::vector<std::pair<std::string, std::string>> history_aux(const node& server) {
  const auto& all = server.replication;
  if (!all.backlog || (server.is_replica() && !all.primary.resumable)) return {};
  return {{"repl-stream-db", std::to_string(std::max(0, stream_db(server)))},
          {"repl-id", all.past.id()},
          {"repl-offset", std::to_string(server.stream_offset())}};
}

namespace {

void write_database(node& server, int index, persistence::rdb_writer& to) {
  auto& data = server.database(index);
  if (data.empty()) return;
  const auto kept = what_to_keep(server);
  const auto delay = server.options.rdb_key_save_delay;
  to.database(index, data.size(), data.deadline_count());
  data.for_each([&](store::entry* each) {
    to.key(data, *each, facts_of(server, *each, kept));
    if (delay > 0) server.process.sleep(delay);
  });
}

}  // namespace

std::error_code write_data(node& server, persistence::byte_sink& to, file_kind kind) {
  persistence::rdb_writer writer(to, rdb_options_of(server));
  auto origin = origin_of(server);
  origin.aof_base = kind == file_kind::aof_base;
  writer.begin(origin);
  for (const auto& [name, value] : history_aux(server)) writer.aux(name, value);
  if (server.scripts != nullptr)
    server.scripts->for_each_library([&](std::string_view code) { writer.function_library(code); });
  for (int i = 0; i < server.database_count(); ++i) write_database(server, i, writer);
  return writer.end();
}

bool save_data(node& server) {
  const auto temporary = fmt::format("temp-{}.rdb", server.process.facts().process_id);
  const auto failure =
      persistence::replace_file(server.process.files(), server.options.dbfilename, temporary,
                                [&](persistence::byte_sink& to) { return write_data(server, to); });
  if (failure) {
    server.log(log_level::warning, fmt::format("Failed saving the DB to {}: {}",
                                               server.options.dbfilename, failure.message()));
    return false;
  }
  server.log(log_level::notice, "DB saved on disk");
  server.save.changes = server.changes;
  server.save.last = server.now();
  server.save.failed = false;
  return true;
}

namespace {

void background_save_ended(node& server, std::error_code failure) {
  constexpr std::int64_t second = 1'000'000'000;
  auto& save = server.save;
  save.in_progress = false;
  save.seconds = (server.clock.monotonic_ns() - save.begun_ns) / second;
  if (failure == std::errc::operation_canceled) {
    server.log(log_level::warning, "Background saving cancelled");
    return;
  }
  save.failed = bool(failure);
  if (failure) {
    server.log(log_level::warning, fmt::format("Failed saving the DB to {}: {}",
                                               server.options.dbfilename, failure.message()));
    return server.log(log_level::warning, "Background saving error");
  }
  server.log(log_level::notice, "DB saved on disk");
  server.log(log_level::notice, "Background saving terminated with success");
  save.changes = save.changes_begun;
  save.last = server.now();
}

}  // namespace

bool save_in_background(node& server) {
  auto& save = server.save;
  const auto temporary = fmt::format("temp-bg-{}.rdb", server.process.facts().process_id);
  const bool begun = begin_snapshot(
      server, {server.options.dbfilename, temporary}, server.options.rdb_save_incremental_fsync,
      [&server](std::error_code failure) { background_save_ended(server, failure); });
  if (!begun) return false;
  server.log(log_level::notice, "Background saving started");
  save.scheduled = false;
  save.in_progress = true;
  save.tried = server.now();
  save.changes_begun = server.changes;
  save.begun_ns = server.clock.monotonic_ns();
  ++save.saves;
  return true;
}

void cancel_background_save(node& server) {
  if (server.save.in_progress) cancel_snapshot(server);
}

void save_if_due(node& server) {
  constexpr base::milliseconds_t retry = 5'000;
  const auto& save = server.save;
  if (server.snapshot || server.loading || server.loading_aside) return;
  if (save.scheduled) return void(save_in_background(server));
  if (save.failed && server.now() - save.tried <= retry) return;
  for (const auto& point : server.options.save_points) {
    if (static_cast<std::int64_t>(server.unsaved_changes()) < point.changes ||
        (server.now() - save.last) / 1000 <= point.seconds)
      continue;
    server.log(log_level::notice,
               fmt::format("{} changes in {} seconds. Saving...", point.changes, point.seconds));
    return void(save_in_background(server));
  }
}

namespace {

/// False: the process is to go on.
bool prepare_append_only(node& server, std::uint8_t flags) {
  auto& file = append_only_file::of(server);
  if (!file.is_on()) return true;
  const bool forced = flags & engine::shutdown_flag::force;
  if (file.waits_for_base() && file.rewrites.in_progress) {
    server.log(log_level::warning,
               forced ? "Writing initial AOF. Exit anyway." : "Writing initial AOF, can't exit.");
    return forced;
  }
  file.cancel_rewrite();
  server.log(log_level::notice, "Calling fsync() on the AOF file.");
  if (file.flush()) return true;
  server.log(log_level::warning, "The append-only file is not up to date on disk.");
  return true;
}

}  // namespace

bool prepare_shutdown(node& server, std::uint8_t flags) {
  namespace flag = engine::shutdown_flag;
  server.log(log_level::warning, "User requested shutdown...");
  if (server.loading) return true;
  cancel_background_save(server);
  if (!prepare_append_only(server, flags)) return false;
  const bool wanted = !server.options.save_points.empty() && (flags & flag::nosave) == 0;
  if (!wanted && (flags & flag::save) == 0) return true;
  server.log(log_level::notice, "Saving the final RDB snapshot before exiting.");
  if (save_data(server)) return true;
  const bool forced = flags & flag::force;
  server.log(log_level::warning, forced ? "The data could not be saved. Exiting anyway, as asked."
                                        : "Error trying to save the DB, can't exit.");
  return forced;
}

}  // namespace hawser::commands
