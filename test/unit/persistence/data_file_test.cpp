#include "catch.hpp"
#include "command_line.hpp"
#include "engine_fixture.hpp"
#include "random_values.hpp"
#include "rdb_bytes.hpp"
#include <commands/data_file.hpp>

#include <algorithm>
#include <string>

using hawser::commands::load_data;
using hawser::commands::save_if_due;
using hawser::test::engine_fixture;
using hawser::test::memory_file_system;
using hawser::test::random_values;
using operation = memory_file_system::operation;
using namespace hawser::test::rdb;

namespace {

const std::string file_name = "dump.rdb";

struct debug_server : engine_fixture {
  debug_server() {
    node.config.change([](auto& all) { all.enable_debug_command = hawser::engine::access::yes; });
  }
};

std::string aux(std::string_view name, std::string_view value) {
  return byte(250) + string(name) + string(value);
}

std::string key(std::string_view name, std::string_view value) {
  return byte(0) + string(name) + string(value);
}

/// The reason why a file cannot be loaded; nothing when it can.
std::string loaded(engine_fixture& db, std::string bytes) {
  db.files_of_server.put(file_name, std::move(bytes));
  return load_data(db.node).reason;
}

bool has_logged(const engine_fixture& db, const std::string& text) {
  return std::ranges::any_of(
      db.log_lines(), [&](const auto& line) { return line.find(text) != std::string::npos; });
}

void fill(engine_fixture& db, int keys) {
  random_values values(7);
  for (const auto& type : random_values::types())
    for (int i = 0; i < keys; ++i)
      for (const auto& each : values.make(type, type + std::to_string(i))) {
        db.own_client().send_argv(each);
        db.own_client().reply();
      }
}

const std::string misconf = "!MISCONF Redis is configured to save RDB snapshots";

}  // namespace

TEST_CASE("A file brings keys, deadlines and databases", "[persistence][rdb]") {
  engine_fixture db;
  const auto items = aux("redis-ver", "3.2.0") + aux("unknown", "7") + byte(254) + length(0) +
                     byte(251) + length(2) + length(1) + key("a", "1") + byte(252) +
                     little<std::int64_t>(1'800'000'000'123) + key("b", "2") + byte(253) +
                     little<std::int32_t>(1'800'000'000) + key("c", "3") + byte(254) + length(3) +
                     byte(248) + length(50) + key("d", "4") + byte(249) + byte(9) + key("e", "5");
  CHECK(loaded(db, file(items)).empty());
  CHECK(db("MGET a b c") == "[1 2 3]");
  CHECK(db("PEXPIRETIME a") == "-1");
  CHECK(db("PEXPIRETIME b") == "1800000000123");
  CHECK(db("PEXPIRETIME c") == "1800000000000");
  db("SELECT 3");
  CHECK(db("OBJECT IDLETIME d") == "50");
  CHECK(db("DBSIZE") == "2");
  CHECK(has_logged(db, "Loading RDB produced by version 3.2.0"));
}

TEST_CASE("Keys that have expired are left out", "[persistence][rdb]") {
  engine_fixture db;
  const auto items =
      byte(252) + little<std::int64_t>(1'600'000'000'000) + key("gone", "1") + key("there", "2");
  CHECK(loaded(db, file(items)).empty());
  CHECK(db("KEYS *") == "[there]");
  CHECK(db("INFO persistence").find("rdb_last_load_keys_expired:1") != std::string::npos);
}

TEST_CASE("Versions of RDB files", "[persistence][rdb]") {
  const auto items = key("a", "1");
  for (const auto* header : {"REDIS0005", "REDIS0009", "REDIS0012", "VALKEY080"}) {
    engine_fixture db;
    INFO(header);
    CHECK(loaded(db, file(items, header)).empty());
    CHECK(db("GET a") == "1");
  }
  engine_fixture db;
  CHECK(loaded(db, "REDIS0003" + items + byte(0xff)).empty());  // without a checksum
  CHECK(loaded(db, file(items, "REDIS0013")) == "RDB version 13 is not known, at offset 9");
  CHECK(loaded(db, file(items, "REDIS00x3")) == "a version that is no number, at offset 9");
  CHECK(loaded(db, file(items, "REDID0003")) == "this is not an RDB file, at offset 9");
}

TEST_CASE("What cannot be loaded is told with its place", "[persistence][rdb]") {
  engine_fixture db;
  auto flipped = file(key("a", "1"));
  flipped[13] = '2';
  CHECK(loaded(db, flipped).starts_with("the checksum is "));
  db("FLUSHALL");
  CHECK(loaded(db, file(key("a", "1") + key("a", "2"))) ==
        "the key \"a\" is there twice in database 0, at offset 19");
  CHECK(loaded(db, file(byte(245) + string("#!lua name=x")))
            .starts_with("functions that cannot be loaded: "));
  CHECK(loaded(db, file(byte(254) + length(16))) ==
        "there is no database 16 here: see the directive databases, at offset 11");
  CHECK(loaded(db, file(byte(200) + string("a"))) ==
        "a value of the unknown type 200, at offset 12");
}

TEST_CASE("Data of modules is skipped beside keys and refused in them", "[persistence][rdb]") {
  engine_fixture db;
  // A name of nine characters in 54 bits: all are "A".
  const auto module_number = length(3);
  const auto data =
      length(1) + length(5) + length(5) + string("x") + length(4) + little(1.5) + length(0);
  CHECK(loaded(db, file(byte(247) + module_number + length(2) + length(1) + data + key("a", "1")))
            .empty());
  CHECK(db("GET a") == "1");
  CHECK(has_logged(db, "auxiliary data of the module AAAAAAAAA"));
  db("FLUSHALL");
  CHECK(loaded(db, file(byte(7) + string("m") + module_number + data)) ==
        "the key \"m\" holds a value of the module AAAAAAAAA, at offset 13");
}

TEST_CASE("A file that is cut anywhere is refused", "[persistence][rdb]") {
  engine_fixture db;
  fill(db, 2);
  CHECK(db("SAVE") == "OK");
  const auto whole = db.files_of_server.content(file_name);
  for (std::size_t cut = 0; cut < whole.size(); cut += 1 + cut / 50) {
    db("FLUSHALL");
    const auto failure = loaded(db, whole.substr(0, cut));
    INFO("cut at " << cut);
    CHECK(failure == "unexpected end of file, at offset " + failure.substr(failure.rfind(' ') + 1));
  }
  db("FLUSHALL");
  CHECK(loaded(db, whole).empty());
}

TEST_CASE("What was saved is loaded again", "[persistence][rdb]") {
  debug_server db;
  fill(db, 30);
  db("PEXPIREAT hash1 1900000000000");
  db("HSET timed a 1 b 2");
  db("HPEXPIREAT timed 1900000000000 FIELDS 1 a");
  db("SELECT 5");
  db("SET other 1");
  const auto digest = db("DEBUG DIGEST");
  CHECK(db("DEBUG RELOAD") == "OK");
  CHECK(db("DEBUG DIGEST") == digest);
  CHECK(db("GET other") == "1");
  db("SELECT 0");
  CHECK(db("PEXPIRETIME hash1") == "1900000000000");
  CHECK(db("HPEXPIRETIME timed FIELDS 2 a b") == "[1900000000000 -1]");
  CHECK(db.files_of_server.content(file_name).starts_with("REDIS0012"));
  db("DEL timed");
  CHECK(db("SAVE") == "OK");
  CHECK(db.files_of_server.content(file_name).starts_with("REDIS0010"));
}

TEST_CASE("Files and payloads have the version that is asked for", "[persistence][rdb]") {
  const int version = GENERATE(10, 11, 12);
  debug_server db;
  db.set("rdb-version", std::to_string(version));
  fill(db, 3);
  db("SADD packed a b c");
  for (int i = 0; i < 2'000; ++i) db("XADD long * f " + std::to_string(i));
  db("XGROUP CREATE long g 0");
  db("XREADGROUP GROUP g c COUNT 10 STREAMS long >");
  db.advance_ms(1'000);
  db("XREADGROUP GROUP g c STREAMS long 0");  // looks, and gets nothing new
  const auto payload = [&](const std::string& key) {
    db.own_client().send("DUMP " + key);
    const auto reply = db.own_client().raw_reply();
    const auto begin = reply.find("\r\n") + 2;
    return reply.substr(begin, reply.size() - begin - 2);
  };
  const auto version_of = [](const std::string& of) { return int{of[of.size() - 10]}; };
  const auto packed = payload("packed"), stream = payload("long");
  CHECK(version_of(packed) == version);
  CHECK(int{packed[0]} == (version == 10 ? 2 : 20));
  CHECK(int{stream[0]} == (version == 10 ? 19 : 21));
  const auto digest = db("DEBUG DIGEST");
  const auto header = "REDIS00" + std::to_string(version);
  for (const auto* how : {"SAVE", "BGSAVE"}) {
    db(how);
    CHECK(db.files_of_server.content(file_name).starts_with(header));
    CHECK(db("DEBUG RELOAD NOSAVE") == "OK");
    CHECK(db("DEBUG DIGEST") == digest);
    // From 11 on with when the consumer last got something, which is not when it last looked.
    CHECK(payload("long") == stream);
  }
  db("HSET timed a 1");
  db("HPEXPIREAT timed 1900000000000 FIELDS 1 a");
  CHECK(version_of(payload("timed")) == 12);
}

TEST_CASE("A save that fails leaves the old file and stops writes", "[persistence][saving]") {
  engine_fixture db;
  db("SET a 1");
  CHECK(db("SAVE") == "OK");
  const auto old = db.files_of_server.content(file_name);
  for (const auto step :
       {operation::create, operation::write, operation::sync, operation::rename}) {
    db("SET a 2");
    db.files_of_server.fail(step, std::errc::no_space_on_device);
    CHECK(db("SAVE") == "!ERR");
    CHECK(db.files_of_server.content(file_name) == old);
    CHECK(db("SET a 2") == "OK");
    db.files_of_server.fail(step, std::errc::io_error);
    CHECK(db("BGSAVE") == "\"Background saving started\"");
    CHECK(db.files_of_server.content(file_name) == old);
    CHECK(db("SET a 3").starts_with(misconf));
    CHECK(db("PING").starts_with(misconf));
    CHECK(db("GET a") == "2");
    db("CONFIG SET stop-writes-on-bgsave-error no");
    CHECK(db("PING") == "PONG");
    db("CONFIG SET stop-writes-on-bgsave-error yes");
    CHECK(db("INFO persistence").find("rdb_last_bgsave_status:err") != std::string::npos);
    // Another one that succeeds makes it good.
    CHECK(db("SAVE") == "OK");
    CHECK(db("SET a 1") == "OK");
    CHECK(db("SAVE") == "OK");
    CHECK(db.files_of_server.content(file_name).size() == old.size());
    db.files_of_server.put(file_name, old);
  }
}

TEST_CASE("A transaction with writes is refused after a failed save", "[persistence][saving]") {
  engine_fixture db;
  auto other = db.connect();
  other("MULTI");
  other("SET a 1");
  db.files_of_server.fail(operation::sync, std::errc::io_error);
  db("BGSAVE");
  CHECK(other("EXEC").starts_with("!EXECABORT Transaction discarded because of: MISCONF"));
  other("MULTI");
  CHECK(other("SET a 1").starts_with(misconf));
  CHECK(other("EXEC") == "!EXECABORT Transaction discarded because of previous errors.");
  other("MULTI");
  CHECK(other("GET a") == "QUEUED");
  CHECK(other("EXEC") == "[nil]");
}

TEST_CASE("A save point is reached by changes and time", "[persistence][saving]") {
  engine_fixture db;
  db.set("save", "10 2");
  const auto tick = [&](int ms) {
    db.advance_ms(ms);
    db.node.update_time();
    save_if_due(db.node);
    db.finish_snapshot();
    return db.files_of_server.exists(file_name);
  };
  db("SET a 1");
  CHECK_FALSE(tick(20'000));
  db("SET a 2");
  CHECK(tick(0));
  db.files_of_server.remove(file_name);
  db("MSET a 1 b 2");
  CHECK_FALSE(tick(10'000));
  db.files_of_server.fail(operation::sync, std::errc::io_error);
  CHECK_FALSE(tick(1'000));
  CHECK_FALSE(tick(5'000));  // not again before some time has passed
  CHECK(tick(1'000));
  CHECK(db("LASTSAVE") == std::to_string(db.clock.ms() / 1000));
}

TEST_CASE("BGSAVE in a transaction is put off", "[persistence][saving]") {
  engine_fixture db;
  db("MULTI");
  db("BGSAVE");
  CHECK(db("EXEC") == "[\"Background saving scheduled\"]");
  CHECK_FALSE(db.files_of_server.exists(file_name));
  save_if_due(db.node);
  db.finish_snapshot();
  CHECK(db.files_of_server.exists(file_name));
}

TEST_CASE("SHUTDOWN saves where there are save points", "[persistence][saving]") {
  const auto after = [](const char* points, const char* command) {
    engine_fixture db({{"save", points}});
    db.own_client().send(command);
    CHECK(db.asked_to_shut_down());
    return db.files_of_server.exists(file_name);
  };
  CHECK(after("1 1", "SHUTDOWN"));
  CHECK_FALSE(after("", "SHUTDOWN"));
  CHECK(after("", "SHUTDOWN SAVE"));
  CHECK_FALSE(after("1 1", "SHUTDOWN NOSAVE"));
  engine_fixture db;
  db.files_of_server.fail(operation::create, std::errc::permission_denied);
  CHECK(db("SHUTDOWN") == "!ERR Errors trying to SHUTDOWN. Check logs.");
  CHECK_FALSE(db.asked_to_shut_down());
  db.files_of_server.fail(operation::create, std::errc::permission_denied);
  db.own_client().send("SHUTDOWN FORCE");
  CHECK(db.asked_to_shut_down());
}

TEST_CASE("FLUSHALL empties the file too", "[persistence][saving]") {
  debug_server db;
  db("SET a 1");
  db("SAVE");
  db("FLUSHALL");
  CHECK(db("DEBUG RELOAD NOSAVE") == "OK");
  CHECK(db("DBSIZE") == "0");
}

TEST_CASE("Without DEBUG RELOAD's save and a file nothing can be loaded", "[persistence][saving]") {
  debug_server db;
  CHECK(db("DEBUG RELOAD NOSAVE") == "!ERR Error trying to load the RDB dump");
}

TEST_CASE("A replica that starts keeps keys past their deadline, which its primary removes",
          "[persistence][rdb]") {
  const bool replica = GENERATE(false, true);
  engine_fixture before;
  before("SET a 1 PX 100");
  before("SAVE");
  engine_fixture db;
  if (replica) db.node.config.change([](auto& all) { all.replicaof = {"primary", 6379}; });
  db.advance_ms(200);
  db.node.update_time();
  CHECK(loaded(db, before.files_of_server.content(file_name)).empty());
  CHECK(db.node.database(0).size() == (replica ? 1 : 0));
}
