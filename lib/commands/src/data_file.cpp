#include <base/numbers.hpp>
#include <commands/data_file.hpp>
#include <engine/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <persistence/file_system.hpp>
#include <persistence/rdb_reader.hpp>
#include <persistence/rdb_writer.hpp>
#include <persistence/replace_file.hpp>

namespace hawser::commands {

namespace {

using engine::log_level;
using engine::node;
using persistence::key_facts;
using outcome = load_result::outcome;

/// What a policy of eviction wants to know of keys after a restart.
enum class access_kind : std::uint8_t { none, idle, frequency };

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
    }
  }
  std::optional<std::string> function_library(std::string_view) override {
    return "there are no functions in this server yet";
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

load_result read_data(node& server, persistence::byte_source& from, present_keys present) {
  loader to(server);
  persistence::rdb_reading how;
  how.now = server.now();
  how.verify_checksum = server.options.rdbchecksum;
  how.replace = present == present_keys::replace;
  persistence::rdb_reader reader(from, to, how);
  const auto failure = reader.read_all();
  if (failure)
    return {outcome::failed, fmt::format("{}, at offset {}", failure->reason, failure->offset), {}};
  server.save.keys_loaded = to.keys;
  server.save.keys_expired = reader.expired_keys();
  server.log(log_level::notice, fmt::format("Done loading RDB, keys loaded: {}, keys expired: {}.",
                                            to.keys, reader.expired_keys()));
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
    for (int i = 0; i < server.database_count(); ++i) server.flush(i, how);
    server.loading = true;
  }
  ~replacement() override { server_.loading = false; }

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
    server_.save.keys_loaded = to_.keys;
    server_.save.keys_expired = 0;
    server_.log(log_level::notice,
                fmt::format("Done loading RDB, keys loaded: {}, keys expired: 0.", to_.keys));
    return state::done;
  }
  /// Half a data set is worse than none.
  state fail() {
    server_.log(log_level::warning, fmt::format("The data set cannot be loaded: {}, at offset {}",
                                                reason(), reader_.failure().offset));
    for (int i = 0; i < server_.database_count(); ++i) server_.flush(i);
    return state::failed;
  }

  node& server_;
  std::unique_ptr<persistence::byte_source> from_;
  loader to_;
  persistence::rdb_reader reader_;
};

/// Where the data set is in its history, if anybody could go on from there.
void write_history(const node& server, persistence::rdb_writer& to) {
  const auto& all = server.replication;
  if (!all.backlog || (server.is_replica() && !all.primary.resumable)) return;
  int db = server.journal.selected();
  if (server.is_replica()) db = all.primary.stream ? all.primary.stream->db : all.primary.db;
  to.aux("repl-stream-db", std::max(0, db));
  to.aux("repl-id", all.past.id());
  to.aux("repl-offset", server.stream_offset());
}

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

std::error_code write_data(node& server, persistence::byte_sink& to) {
  persistence::rdb_writer writer(to, {server.options.rdbcompression, server.options.rdbchecksum});
  bool field_deadlines = false;
  for (int i = 0; i < server.database_count(); ++i)
    field_deadlines = field_deadlines || server.database(i).field_deadline_count() > 0;
  writer.begin({engine::redis_version, server.now() / 1000, server.used_memory(), field_deadlines});
  write_history(server, writer);
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

void save_in_background(node& server) {
  constexpr std::int64_t second = 1'000'000'000;
  auto& save = server.save;
  const auto begun = server.clock.monotonic_ns();
  server.log(log_level::notice, "Background saving started");
  save.scheduled = false;
  save.tried = server.now();
  ++save.saves;
  save.failed = !save_data(server);
  save.seconds = (server.clock.monotonic_ns() - begun) / second;
  server.log(save.failed ? log_level::warning : log_level::notice,
             save.failed ? "Background saving error" : "Background saving terminated with success");
}

void save_if_due(node& server) {
  constexpr base::milliseconds_t retry = 5'000;
  const auto& save = server.save;
  if (server.loading) return;
  if (save.scheduled) return save_in_background(server);
  if (save.failed && server.now() - save.tried <= retry) return;
  for (const auto& point : server.options.save_points) {
    if (static_cast<std::int64_t>(server.unsaved_changes()) < point.changes ||
        (server.now() - save.last) / 1000 <= point.seconds)
      continue;
    server.log(log_level::notice,
               fmt::format("{} changes in {} seconds. Saving...", point.changes, point.seconds));
    return save_in_background(server);
  }
}

bool prepare_shutdown(node& server, std::uint8_t flags) {
  namespace flag = engine::shutdown_flag;
  server.log(log_level::warning, "User requested shutdown...");
  if (server.loading) return true;
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
