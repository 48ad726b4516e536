#include "reading_data.hpp"
#include <base/numbers.hpp>
#include <commands/append_only_file.hpp>
#include <commands/snapshot.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <persistence/file_system.hpp>

namespace hawser::commands {

using engine::log_level;
using engine::node;
using persistence::key_facts;
using outcome = load_result::outcome;
using state = engine::data_load::state;

store::database* rdb_load::receiver::database(std::uint64_t index) {
  const auto count = static_cast<std::uint64_t>(server_.database_count());
  db_ = static_cast<int>(index);
  if (index >= count) return nullptr;
  return into_ != nullptr ? (*into_)[index].get() : &server_.database(db_);
}

void rdb_load::receiver::expired(std::string_view key) {
  ++server_.save.keys_expired;
  if (!history.id.empty()) history.expired.emplace_back(db_, key);
}

void rdb_load::receiver::loaded(store::entry& item, const key_facts& facts) {
  ++server_.save.keys_loaded;
  item.set_access(server_.kept_access_clock(facts.idle_seconds, facts.frequency)
                      .value_or(server_.new_access_clock()));
}

void rdb_load::receiver::aux(std::string_view name, std::string_view value) {
  constexpr double mebibyte = 1024.0 * 1024.0;
  const auto notice = [this](std::string_view text) { server_.log(log_level::notice, text); };
  if (name == "redis-ver" || name == "valkey-ver") {
    notice(fmt::format("Loading RDB produced by version {}", value));
  } else if (const auto number = base::parse_int(value); name == "ctime" && number) {
    const auto age = std::max<std::int64_t>(0, server_.now() / 1000 - *number);
    notice(fmt::format("RDB age {} seconds", age));
  } else if (name == "used-mem" && number) {
    notice(fmt::format("RDB memory usage when created {:.2f} Mb",
                       static_cast<double>(*number) / mebibyte));
    server_.load.memory = static_cast<std::uint64_t>(std::max<std::int64_t>(0, *number));
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

std::optional<std::string> rdb_load::receiver::function_library(std::string_view code) {
  if (server_.scripts == nullptr) return "there are no functions in this server";
  if (into_ != nullptr) libraries.emplace_back(code);
  if (into_ != nullptr) return std::nullopt;
  return server_.scripts->load_library(code);
}

void rdb_load::receiver::skipped(const std::string& what) {
  server_.log(log_level::warning, "Left out while loading: " + what);
}

rdb_load::rdb_load(node& server, persistence::byte_source& from, persistence::rdb_reading how)
    : server_(server), to_(server), reader_(from, to_, how) {}

rdb_load::rdb_load(node& server, persistence::byte_source& from, persistence::rdb_reading how,
                   node::databases& into)
    : server_(server), to_(server, &into), reader_(from, to_, how) {}

state rdb_load::slice(loading_pace& pace, std::uint64_t before) {
  using persistence::rdb_reader;
  auto at = reader_.step();
  while (at == rdb_reader::state::more && pace.go_on(before + reader_.bytes_read()))
    at = reader_.step();
  if (at == rdb_reader::state::more) return state::more;
  if (at == rdb_reader::state::failed) return state::failed;
  server_.log(log_level::notice, fmt::format("Done loading RDB, keys loaded: {}, keys expired: {}.",
                                             server_.save.keys_loaded, server_.save.keys_expired));
  return state::done;
}

std::string rdb_load::failure() const {
  return fmt::format("{}, at offset {}", reader_.failure().reason, reader_.failure().offset);
}

namespace {

bool verifies_checksums(const node& server) {
  return server.options.rdbchecksum && server.verifies_checksums;
}

}  // namespace

persistence::rdb_reading with_expired_keys(const node& server) {
  return {std::nullopt, verifies_checksums(server), false};
}

namespace {

/// Bytes of the file; 0 if that cannot be told.
std::uint64_t size_of_file(node& server) {
  std::error_code unknown;
  return server.process.files().size(server.options.dbfilename, unknown);
}

/// What has expired is left out, but by a replica: its primary says when.
std::optional<base::milliseconds_t> time_of_expiry(const node& server) {
  if (server.is_replica()) return std::nullopt;
  return server.now();
}

/// The file of snapshots.
class snapshot_load {
 public:
  snapshot_load(node& server, loading_pace::place where, present_keys present)
      : pace_(server, where, size_of_file(server)) {
    file_ = server.process.files().open(server.options.dbfilename, failure_);
    if (failure_) return;
    file_ = pace_.pace(std::move(file_));
    load_.emplace(server, *file_,
                  persistence::rdb_reading{time_of_expiry(server), verifies_checksums(server),
                                           present == present_keys::replace});
  }

  /// None: there is more.
  std::optional<load_result> slice() {
    if (failure_ == std::errc::no_such_file_or_directory)
      return load_result{outcome::no_file, {}, {}};
    if (failure_) return load_result{outcome::failed, failure_.message(), {}};
    pace_.begin_slice();
    const auto at = load_->slice(pace_);
    pace_.end_slice();
    if (at == state::more) return std::nullopt;
    if (at == state::failed) return load_result{outcome::failed, load_->failure(), {}};
    return load_result{outcome::loaded, {}, std::move(load_->history())};
  }

 private:
  loading_pace pace_;
  std::error_code failure_;
  std::unique_ptr<persistence::byte_source> file_;
  std::optional<rdb_load> load_;
};

/// The same at the start.
class first_snapshot_load final : public engine::data_load {
 public:
  explicit first_snapshot_load(node& server)
      : server_(server),
        begun_ns_(server.clock.monotonic_ns()),
        load_(std::in_place, server, loading_pace::place::beside_clients, present_keys::refuse) {}

  state step() override {
    const auto result = load_->slice();
    if (!result) return state::more;
    load_.reset();
    if (result->what == outcome::failed) {
      server_.log(log_level::warning, fmt::format("Fatal error loading the DB {}: {}. Exiting.",
                                                  server_.options.dbfilename, result->reason));
      return state::failed;
    }
    if (result->what == outcome::no_file) return state::done;
    adopt_history(server_, result->history);
    server_.log(log_level::notice, fmt::format("DB loaded from disk: {:.3f} seconds",
                                               seconds_since(server_, begun_ns_)));
    return state::done;
  }

 private:
  node& server_;
  std::int64_t begun_ns_;
  std::optional<snapshot_load> load_;
};

/// Of the data there are, when others take their place.
node::freeing how_to_free(const node& server) {
  return server.options.replica_lazy_flush ? node::freeing::in_background : node::freeing::now;
}

/// Whether there has been an append-only file, which has to begin anew with other data.
bool end_files(node& server) {
  auto& file = append_only_file::of(server);
  const bool append_only = file.is_on();
  if (append_only) file.switch_off();
  cancel_snapshot(server);
  return append_only;
}

/// Takes the place of the data there are at the beginning.
class replacement final : public engine::data_load {
 public:
  replacement(node& server, std::unique_ptr<persistence::byte_source> from, std::uint64_t size)
      : server_(server),
        append_only_(leave_old_data()),
        pace_(std::in_place, server, loading_pace::place::beside_clients, size),
        from_(pace_->pace(std::move(from))),
        load_(server, *from_, with_expired_keys(server)) {}
  ~replacement() override {
    pace_.reset();
    if (append_only_) append_only_file::of(server_).switch_on();
  }

  state step() override {
    pace_->begin_slice();
    const auto at = load_.slice(*pace_);
    pace_->end_slice();
    if (at == state::failed) drop_half();
    return at;
  }
  int stream_db() const override { return load_.history().db; }

 private:
  bool leave_old_data() {
    const bool append_only = end_files(server_);
    server_.flush_all(how_to_free(server_));
    if (server_.scripts != nullptr) server_.scripts->remove_libraries();
    return append_only;
  }
  /// Half a data set is worse than none.
  void drop_half() {
    server_.log(log_level::warning, "The data set cannot be loaded: " + load_.failure());
    server_.flush_all();
  }

  node& server_;
  const bool append_only_;  // begins anew, with what is loaded
  std::optional<loading_pace> pace_;
  std::unique_ptr<persistence::byte_source> from_;
  rdb_load load_;
};

/// Takes the place of the data there are at the end, or never.
class exchange_of_data final : public engine::data_load {
 public:
  exchange_of_data(node& server, std::unique_ptr<persistence::byte_source> from, std::uint64_t size,
                   loading_pace::place where)
      : server_(server),
        next_(server.make_databases()),
        pace_(std::in_place, server, where, size),
        from_(pace_->pace(std::move(from))),
        load_(server, *from_, with_expired_keys(server), next_) {}
  ~exchange_of_data() override {
    pace_.reset();
    if (loaded_) take_place();
  }

  state step() override {
    pace_->begin_slice();
    const auto at = load_.slice(*pace_);
    pace_->end_slice();
    loaded_ = at == state::done;
    if (at == state::failed)
      server_.log(log_level::warning,
                  "The data set cannot be loaded, the old one is kept: " + load_.failure());
    return at;
  }
  int stream_db() const override { return load_.history().db; }

 private:
  void take_place() {
    const bool append_only = end_files(server_);
    server_.log(log_level::notice, "MASTER <-> REPLICA sync: Swapping active DB with loaded DB");
    server_.replace_databases(std::move(next_), how_to_free(server_));
    if (server_.scripts != nullptr) server_.scripts->remove_libraries();
    for (const auto& code : load_.libraries())
      if (const auto why = server_.scripts->load_library(code))
        server_.log(log_level::warning, "A library of functions cannot be loaded: " + *why);
    if (append_only) append_only_file::of(server_).switch_on();
  }

  node& server_;
  node::databases next_;
  std::optional<loading_pace> pace_;
  std::unique_ptr<persistence::byte_source> from_;
  rdb_load load_;
  bool loaded_ = false;
};

}  // namespace

void adopt_history(node& server, const saved_history& saved) {
  constexpr std::size_t id_size = 40;
  if (saved.id.size() != id_size || saved.offset < 0) return;
  auto& all = server.replication;
  server.journal.log.restart(static_cast<std::uint64_t>(saved.offset));
  if (saved.id == engine::history::no_id) return;
  all.backlog = true;
  all.alone_since = server.now();
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

load_result load_data(node& server, present_keys present) {
  return *snapshot_load(server, loading_pace::place::foreground, present).slice();
}

std::unique_ptr<engine::data_load> replace_data(node& server,
                                                std::unique_ptr<persistence::byte_source> from,
                                                std::uint64_t size, engine::present_data old) {
  using place = loading_pace::place;
  if (old == engine::present_data::removed)
    return std::make_unique<replacement>(server, std::move(from), size);
  return std::make_unique<exchange_of_data>(
      server, std::move(from), size,
      old == engine::present_data::served ? place::aside : place::beside_clients);
}

std::unique_ptr<engine::data_load> first_data(node& server) {
  if (server.options.appendonly) return append_only_file::of(server).first_load();
  return std::make_unique<first_snapshot_load>(server);
}

}  // namespace hawser::commands
