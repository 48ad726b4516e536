#include "catch.hpp"
#include "engine_fixture.hpp"
#include <commands/data_file.hpp>
#include <commands/snapshot.hpp>

#include <string>
#include <vector>

using namespace hawser;
using namespace hawser::test;
using operation = memory_file_system::operation;

namespace {

constexpr auto file_name = "dump.rdb";
constexpr auto temporary_name = "temp-bg-42.rdb";
constexpr auto started = "\"Background saving started\"";
constexpr auto in_progress = "!ERR Background save already in progress";

struct held_fixture : engine_fixture {
  explicit held_fixture(directives changed = {}) : engine_fixture(changed) {
    holds_snapshots = true;
    for (int i = 0; i < 100; ++i) own_client()("SET key:" + std::to_string(i) + " before");
  }
  bool says(const std::string& field) {
    return own_client()("INFO persistence").find(field + "\\r\\n") != std::string::npos;
  }
  void step(std::size_t things) {
    commands::snapshot_slice(node, persistence::time_slice(clock, 1'000'000'000, things));
  }
  bool has_file() const { return files_of_server.exists(file_name); }
};

/// What a file brings to another server.
struct loaded_fixture : engine_fixture {
  explicit loaded_fixture(const std::string& bytes) {
    files_of_server.put(file_name, bytes);
    CHECK(commands::load_data(node).reason.empty());
  }
};

struct string_consumer final : persistence::snapshot_consumer {
  string_consumer(std::string& to, std::size_t room) : to(to), room(room) {}
  std::error_code write(std::string_view bytes) override {
    if (to.size() + bytes.size() > room) return std::make_error_code(std::errc::broken_pipe);
    to += bytes;
    return {};
  }
  std::error_code finish() override { return {}; }
  std::string& to;
  std::size_t room;
};

}  // namespace

TEST_CASE("BGSAVE saves what there was while commands go on", "[snapshot][saving]") {
  held_fixture db;
  CHECK(db("BGSAVE") == started);
  CHECK(db("BGSAVE") == in_progress);
  CHECK(db("BGSAVE SCHEDULE") == in_progress);
  CHECK(db("SAVE") == in_progress);
  CHECK(db("BGSAVE FOO") == "!ERR syntax error");
  CHECK(db.says("rdb_bgsave_in_progress:1"));
  CHECK(db.says("rdb_current_bgsave_time_sec:0"));
  CHECK(db.says("current_save_keys_total:100"));
  CHECK(db("MULTI") == "OK");
  db("BGSAVE");
  CHECK(db("EXEC") == std::string("[") + in_progress + "]");
  for (int i = 0; i < 100; ++i) {
    db("SET key:" + std::to_string(i) + " after");
    db("SET new:" + std::to_string(i) + " after");
    db.step(2);
  }
  CHECK_FALSE(db.has_file());
  CHECK(db.says("current_save_keys_processed:100"));
  CHECK_FALSE(db.says("current_cow_size:0"));
  db.advance_ms(7'000);
  db.node.update_time();
  db.finish_snapshot();
  CHECK(db("LASTSAVE") == std::to_string(db.clock.ms() / 1000));
  CHECK(db.says("rdb_bgsave_in_progress:0"));
  CHECK(db.says("rdb_current_bgsave_time_sec:-1"));
  CHECK(db.says("rdb_last_bgsave_time_sec:7"));
  CHECK(db.says("rdb_last_bgsave_status:ok"));
  CHECK(db.says("rdb_changes_since_last_save:200"));
  CHECK(db.says("rdb_saves:1"));
  CHECK_FALSE(db.says("rdb_last_cow_size:0"));
  loaded_fixture copy(db.files_of_server.content(file_name));
  CHECK(copy("DBSIZE") == "100");
  CHECK(copy("GET key:50") == "before");
}

TEST_CASE("FLUSHALL ends a save in the background, FLUSHDB does not", "[snapshot][saving]") {
  held_fixture db({{"save", ""}});
  CHECK(db("BGSAVE") == started);
  db.step(50);
  db.run_background_work();
  CHECK(db("FLUSHDB") == "OK");
  db("SET a 1");
  db.finish_snapshot();
  CHECK(loaded_fixture(db.files_of_server.content(file_name))("DBSIZE") == "100");

  db.files_of_server.remove(file_name);
  for (int i = 0; i < 1'000; ++i) db("SADD set member:" + std::to_string(i));
  CHECK(db("BGSAVE") == started);
  db("SADD set another");
  db.step(2);
  CHECK(db("FLUSHALL") == "OK");
  CHECK(db.says("rdb_bgsave_in_progress:0"));
  CHECK(db.says("rdb_last_bgsave_status:ok"));
  db.finish_snapshot();
  CHECK_FALSE(db.has_file());
  CHECK_FALSE(db.files_of_server.exists(temporary_name));

  db("CONFIG SET save '3600 1'");
  db("SET a 1");
  CHECK(db("BGSAVE") == started);
  CHECK(db("FLUSHALL") == "OK");
  CHECK(loaded_fixture(db.files_of_server.content(file_name))("DBSIZE") == "0");
}

TEST_CASE("A save in the background that is cancelled leaves nothing to the next one",
          "[snapshot][saving]") {
  held_fixture db;
  CHECK(db("BGSAVE") == started);
  db.step(30);
  commands::cancel_background_save(db.node);
  CHECK(db.says("rdb_bgsave_in_progress:0"));
  db("SET key:1 later");
  CHECK(db("BGSAVE") == started);
  db("SET key:2 later");
  db.finish_snapshot();
  loaded_fixture copy(db.files_of_server.content(file_name));
  CHECK(copy("DBSIZE") == "100");
  CHECK(copy("GET key:1") == "later");
  CHECK(copy("GET key:2") == "before");
}

TEST_CASE("A save in the background that fails stops writes until another one succeeds",
          "[snapshot][saving]") {
  for (const auto step : {operation::create, operation::write, operation::sync, operation::rename,
                          operation::sync_directory}) {
    held_fixture db;
    db.files_of_server.fail(step, std::errc::no_space_on_device);
    CHECK(db("BGSAVE") == started);
    db.step(10);
    CHECK(db("SET a 1") == "OK");
    db.finish_snapshot();
    CHECK(db.has_file() == (step == operation::sync_directory));
    CHECK_FALSE(db.files_of_server.exists(temporary_name));
    CHECK(db.says("rdb_last_bgsave_status:err"));
    CHECK(db("SET a 2").starts_with("!MISCONF"));
    CHECK(db("BGSAVE") == started);
    db.finish_snapshot();
    CHECK(db.says("rdb_last_bgsave_status:ok"));
    CHECK(db("SET a 2") == "OK");
    loaded_fixture copy(db.files_of_server.content(file_name));
    CHECK(copy("DBSIZE") == "101");
    CHECK(copy("GET a") == "1");
  }
}

TEST_CASE("When the disk is full in the middle, the walk ends and the next one is whole",
          "[snapshot][saving]") {
  held_fixture db({{"rdbcompression", "no"}});
  const std::string large(5'000, 'x');
  for (int i = 0; i < 100; ++i) db("SET large:" + std::to_string(i) + " " + large);
  db.files_of_server.space(200'000);
  CHECK(db("BGSAVE") == started);
  while (db.node.snapshot) {
    db.step(3);
    db.run_background_work();
    if (!db.node.snapshot) break;
    db("SET large:1 small");
    db("DEL large:2");
  }
  CHECK(db.says("rdb_last_bgsave_status:err"));
  db.files_of_server.space(10'000'000);
  CHECK(db("BGSAVE") == started);
  db.finish_snapshot();
  loaded_fixture copy(db.files_of_server.content(file_name));
  CHECK(copy("DBSIZE") == "199");
  CHECK(copy("GET large:1") == "small");
}

TEST_CASE("SHUTDOWN ends a save in the background and saves itself if it is to",
          "[snapshot][saving]") {
  held_fixture db;
  CHECK(db("BGSAVE") == started);
  while (db.node.snapshot->keys_seen() < 100) db.step(10);
  db("SET a 1");
  db.own_client().send("SHUTDOWN NOSAVE");
  CHECK(db.asked_to_shut_down());
  CHECK_FALSE(db.has_file());
  db.run_background_work();
  CHECK_FALSE(db.files_of_server.exists(temporary_name));
  db.own_client().send("SHUTDOWN SAVE");
  CHECK(loaded_fixture(db.files_of_server.content(file_name))("DBSIZE") == "101");
}

TEST_CASE("A walk pauses while its output is not taken, and commands do not",
          "[snapshot][saving]") {
  held_fixture db;
  const std::string large(100'000, 'x');
  for (int i = 0; i < 20; ++i) db("SET large:" + std::to_string(i) + " " + large);
  std::string bytes;
  std::vector<persistence::snapshot_target> targets;
  bool done = false;
  targets.push_back({std::make_unique<string_consumer>(bytes, 10'000'000),
                     [&](std::error_code failure) { done = !failure; }});
  commands::snapshot_options options;
  options.limits.queue_bytes = 300'000;
  REQUIRE(commands::begin_snapshot(db.node, std::move(targets), options));
  for (int i = 0; i < 1'000; ++i) db.step(10);
  CHECK(db.node.snapshot->keys_seen() < 100);
  CHECK_FALSE(commands::snapshot_slice(db.node));
  const auto seen = db.node.snapshot->keys_seen();
  for (int i = 0; i < 20; ++i) CHECK(db("SET large:" + std::to_string(i) + " small") == "OK");
  CHECK(db.node.snapshot->kept() > 1'000'000);
  CHECK(db.node.snapshot->keys_seen() > seen);
  CHECK(bytes.empty());
  db.finish_snapshot();
  CHECK(done);
  loaded_fixture copy(bytes);
  CHECK(copy("DBSIZE") == "120");
  CHECK(copy("STRLEN large:7") == "100000");
}

TEST_CASE("One walk serves several targets, and goes on when one of them fails",
          "[snapshot][saving]") {
  held_fixture db;
  std::vector<std::string> bytes(3), told(3);
  std::vector<persistence::snapshot_target> targets;
  for (std::size_t i = 0; i < 3; ++i)
    targets.push_back(
        {std::make_unique<string_consumer>(bytes[i], i == 1 ? 0 : 10'000'000),
         [&, i](std::error_code failure) { told[i] = failure ? "failed" : "written"; }});
  commands::snapshot_options options;
  options.aof_base = true;
  options.aux = {{"repl-id", "abc"}};
  REQUIRE(commands::begin_snapshot(db.node, std::move(targets), options));
  CHECK(db("BGSAVE").starts_with("!ERR Another child process is active"));
  CHECK(db("BGSAVE SCHEDULE") == "\"Background saving scheduled\"");
  CHECK_FALSE(commands::begin_snapshot(db.node, {}, {}));
  db.finish_snapshot();
  CHECK(told == std::vector<std::string>{"written", "failed", "written"});
  CHECK(bytes[0] == bytes[2]);
  CHECK(bytes[0].find("repl-id") != std::string::npos);
  CHECK(loaded_fixture(bytes[0])("DBSIZE") == "100");
  commands::save_if_due(db.node);
  CHECK(db.says("rdb_bgsave_in_progress:1"));
  db.finish_snapshot();
  CHECK(db.has_file());
}

TEST_CASE("Tables may grow and shrink under the walk", "[snapshot][saving]") {
  constexpr int count = 5'000;
  held_fixture db;
  for (int i = 0; i < count; ++i) {
    db("SET old:" + std::to_string(i) + " 1");
    db("SADD set old:" + std::to_string(i));
  }
  const auto change = [&](int i, const char* key, const char* member) {
    db(key + std::to_string(i) + (*key == 'S' ? " 2" : ""));
    db(member + std::to_string(i));
  };
  for (const bool grows : {true, false}) {
    CHECK(db("BGSAVE") == started);
    for (int i = 0; i < 4 * count; ++i) {
      if (grows)
        change(i, "SET new:", "SADD set new:");
      else
        change(i, "DEL new:", "SREM set new:");
      if (i % 40 == 0) db.step(20);
    }
    db.finish_snapshot();
    const auto expected = grows ? count : 5 * count;
    loaded_fixture copy(db.files_of_server.content(file_name));
    CHECK(copy("DBSIZE") == std::to_string(expected + 101));
    CHECK(copy("SCARD set") == std::to_string(expected));
  }
}
