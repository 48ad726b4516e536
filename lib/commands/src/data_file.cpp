#include "data_set.hpp"
#include "reading_data.hpp"
#include <base/numbers.hpp>
#include <commands/append_only_file.hpp>
#include <commands/data_file.hpp>
#include <commands/snapshot.hpp>
#include <engine/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <persistence/file_consumer.hpp>
#include <persistence/file_system.hpp>
#include <persistence/rdb_reader.hpp>
#include <persistence/rdb_writer.hpp>
#include <persistence/replace_file.hpp>

namespace hawser::commands {

using engine::log_level;
using engine::node;
using persistence::key_facts;
using outcome = load_result::outcome;

access_kind what_to_keep(const node& server) {
  using engine::eviction_policy;
  if (server.uses_lfu()) return access_kind::frequency;
  const auto policy = server.options.maxmemory_policy;
  const bool lru =
      policy == eviction_policy::allkeys_lru || policy == eviction_policy::volatile_lru;
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

persistence::rdb_origin origin_of(node& server) {
  bool field_deadlines = false;
  for (int i = 0; i < server.database_count(); ++i)
    field_deadlines = field_deadlines || server.database(i).field_deadline_count() > 0;
  return {engine::redis_version, server.now() / 1000, server.used_memory(), field_deadlines};
}

std::vector<std::pair<std::string, std::string>> history_aux(const node& server) {
  const auto& all = server.replication;
  if (!all.backlog || (server.is_replica() && !all.primary.resumable)) return {};
  int db = server.journal.selected();
  if (server.is_replica()) db = all.primary.stream ? all.primary.stream->db : all.primary.db;
  return {{"repl-stream-db", std::to_string(std::max(0, db))},
          {"repl-id", all.past.id()},
          {"repl-offset", std::to_string(server.stream_offset())}};
}

namespace {

void write_database(node& server, int index, persistence::rdb_writer& to) {
  auto& data = server.database(index);
  if (data.empty()) return;
  const auto kept = what_to_keep(server);
  to.database(index, data.size(), data.deadline_count());
  data.for_each([&](store::entry* each) { to.key(data, *each, facts_of(server, *each, kept)); });
}

class loader final : public persistence::rdb_receiver {
 public:
  explicit loader(node& server) : server_(server) {}

  store::database* database(std::uint64_t index) override {
    const auto count = static_cast<std::uint64_t>(server_.database_count());
    db_ = static_cast<int>(index);
    return index < count ? &server_.database(db_) : nullptr;
  }
  void expired(std::string_view key) override {
    if (!history.id.empty()) history.expired.emplace_back(db_, key);
  }
  void loaded(store::entry& item, const key_facts& facts) override {
    ++keys;
    item.set_access(server_.kept_access_clock(facts.idle_seconds, facts.frequency)
                        .value_or(server_.new_access_clock()));
  }
  void aux(std::string_view name, std::string_view value) override {
    constexpr double mebibyte = 1024.0 * 1024.0;
    if (name == "redis-ver" || name == "valkey-ver") {
      notice(fmt::format("Loading RDB produced by version {}", value));
    } else if (const auto number = base::parse_int(value); name == "ctime" && number) {
      const auto age = std::max<std::int64_t>(0, server_.now() / 1000 - *number);
      notice(fmt::format("RDB age {} seconds", age));
    } else if (name == "used-mem" && number) {
      notice(fmt::format("RDB memory usage when created {:.2f} Mb",
                         static_cast<double>(*number) / mebibyte));
    } else if (name == "repl-id") {
      history.id = value;
    } else if (name == "repl-offset" && number) {
      history.offset = *number;
    } else if (name == "repl-stream-db" && number && *number < server_.database_count()) {
      history.db = std::max(0, static_cast<int>(*number));
    } else if (name == "aof-base" && number == 1) {
      notice("RDB is base AOF");
    }
  }
  std::optional<std::string> function_library(std::string_view code) override {
    if (server_.scripts == nullptr) return "there are no functions in this server";
    return server_.scripts->load_library(code);
  }
  void skipped(const std::string& what) override {
    server_.log(log_level::warning, "Left out while loading: " + what);
  }

  std::uint64_t keys = 0;
  saved_history history;

 private:
  void notice(const std::string& text) { server_.log(log_level::notice, text); }

  node& server_;
  int db_ = 0;
};

void note_loaded(node& server, const loader& to, std::uint64_t expired) {
  server.save.keys_loaded = to.keys;
  server.save.keys_expired = expired;
  server.log(log_level::notice,
             fmt::format("Done loading RDB, keys loaded: {}, keys expired: {}.", to.keys, expired));
}

std::string in_words(const persistence::rdb_failure& failure) {
  return fmt::format("{}, at offset {}", failure.reason, failure.offset);
}

load_result read_data(node& server, persistence::byte_source& from, present_keys present) {
  loader to(server);
  persistence::rdb_reading how;
  how.now = server.now();
  how.verify_checksum = server.options.rdbchecksum;
  how.replace = present == present_keys::replace;
  persistence::rdb_reader reader(from, to, how);
  const auto failure = reader.read_all();
  if (failure) return {outcome::failed, in_words(*failure), {}};
  note_loaded(server, to, reader.expired_keys());
  return {outcome::loaded, {}, std::move(to.history)};
}

class replacement final : public engine::data_load {
 public:
  replacement(node& server, std::unique_ptr<persistence::byte_source> from)
      : server_(server),
        from_(std::move(from)),
        to_(server),
        reader_(*from_, to_, {std::nullopt, server.options.rdbchecksum, false}) {
    const auto how =
        server.options.replica_lazy_flush ? node::freeing::in_background : node::freeing::now;
    append_only_ = append_only_file::of(server).is_on();
    if (append_only_) append_only_file::of(server).switch_off();
    cancel_snapshot(server);
    server.flush_all(how);
    if (server.scripts != nullptr) server.scripts->remove_libraries();
    server.loading = true;
  }
  ~replacement() override {
    server_.loading = false;
    if (append_only_) append_only_file::of(server_).switch_on();
  }

  state step() override {
    constexpr std::int64_t slice_ns = 4'000'000;
    constexpr int items = 32;  // between two looks at the clock
    const auto end = server_.clock.monotonic_ns() + slice_ns;
    auto at = persistence::rdb_reader::state::more;
    while (at == persistence::rdb_reader::state::more && server_.clock.monotonic_ns() < end)
      for (int i = 0; i < items && at == persistence::rdb_reader::state::more; ++i)
        at = reader_.step();
    if (at == persistence::rdb_reader::state::more) return state::more;
    return at == persistence::rdb_reader::state::done ? finish() : fail();
  }
  int stream_db() const override { return to_.history.db; }
  const std::string& reason() const override { return reader_.failure().reason; }

 private:
  state finish() {
    note_loaded(server_, to_, 0);
    return state::done;
  }
  /// Half a data set is worse than none.
  state fail() {
    server_.log(log_level::warning,
                "The data set cannot be loaded: " + in_words(reader_.failure()));
    server_.flush_all();
    return state::failed;
  }

  node& server_;
  bool append_only_ = false;  // begins anew, with what is loaded
  std::unique_ptr<persistence::byte_source> from_;
  loader to_;
  persistence::rdb_reader reader_;
};

}  // namespace

void adopt_history(node& server, const saved_history& saved) {
  constexpr std::size_t id_size = 40;
  if (saved.id.size() != id_size || saved.offset < 0) return;
  auto& all = server.replication;
  all.backlog = true;
  all.alone_since = server.now();
  server.journal.log.restart(static_cast<std::uint64_t>(saved.offset));
  server.journal.log.keep(static_cast<std::size_t>(server.options.repl_backlog_size));
  if (server.is_replica()) {
    all.past.become(saved.id);
    all.primary.resumable = true;
    all.primary.db = saved.db;
  } else {
    all.past.resume(saved.id, saved.offset);
    for (const auto& [db, key] : saved.expired) server.journal_removal(db, key);
  }
}

std::unique_ptr<engine::data_load> replace_data(node& server,
                                                std::unique_ptr<persistence::byte_source> from) {
  return std::make_unique<replacement>(server, std::move(from));
}

base_reading read_base(node& server, persistence::byte_source& from) {
  loader to(server);
  persistence::rdb_reading how;
  how.verify_checksum = server.options.rdbchecksum;
  persistence::rdb_reader reader(from, to, how);
  base_reading made;
  if (const auto failure = reader.read_all()) {
    made.failure = in_words(*failure);
  } else {
    note_loaded(server, to, 0);
    made.size = reader.bytes_read();
    made.ahead = reader.read_ahead();
  }
  return made;
}

std::error_code write_data(node& server, persistence::byte_sink& to, file_kind kind) {
  persistence::rdb_writer writer(to, {server.options.rdbcompression, server.options.rdbchecksum});
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
  auto file = std::make_unique<persistence::file_consumer>(
      server.process.files(),
      persistence::file_consumer::names{server.options.dbfilename, temporary},
      server.options.rdb_save_incremental_fsync);
  std::vector<persistence::snapshot_target> targets;
  targets.push_back({std::move(file), [&server](std::error_code failure) {
                       background_save_ended(server, failure);
                     }});
  if (!begin_snapshot(server, std::move(targets))) return false;
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
  if (server.snapshot || server.loading) return;
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
  if (file.waits_for_base()) {
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

load_result load_data(node& server, present_keys present) {
  std::error_code failure;
  const auto file = server.process.files().open(server.options.dbfilename, failure);
  if (failure == std::errc::no_such_file_or_directory) return {outcome::no_file, {}, {}};
  if (failure) return {outcome::failed, failure.message(), {}};
  return read_data(server, *file, present);
}

}  // namespace hawser::commands
