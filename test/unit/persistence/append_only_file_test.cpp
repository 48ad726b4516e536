#include "catch.hpp"
#include "engine_fixture.hpp"
#include "random_values.hpp"
#include <commands/append_only_file.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace hawser;
using commands::append_only_file;
using hawser::test::engine_fixture;
using hawser::test::memory_file_system;
using operation = memory_file_system::operation;
using outcome = commands::load_result::outcome;

namespace {

const std::filesystem::path directory = "appendonlydir";
const auto manifest_file = directory / "appendonly.aof.manifest";
const auto first_base = directory / "appendonly.aof.1.base.rdb";
const auto first_increment = directory / "appendonly.aof.1.incr.aof";

/// A server with an append-only file, whose writer works whenever something is handed over.
struct append_only_server : engine_fixture {
  explicit append_only_server(memory_file_system on = {}, directives changed = {})
      : engine_fixture(changed) {
    files_of_server = std::move(on);
    node.config.change([](auto& all) {
      all.appendonly = true;
      all.enable_debug_command = engine::access::yes;
    });
  }

  append_only_file& file() { return append_only_file::of(node); }
  bool load() { return file().open() && file().load() != outcome::failed; }
  bool start() { return load() && file().begin(); }
  /// As the process begins.
  bool first_load() {
    if (!file().open()) return false;
    const auto loading = file().first_load();
    auto at = engine::data_load::state::more;
    while (at == engine::data_load::state::more) at = loading->step();
    return at == engine::data_load::state::done;
  }
  bool switch_on() {
    const bool begun = file().switch_on();
    finish_snapshot();
    return begun;
  }
  bool rewrite() {
    const bool begun = file().start_rewrite();
    finish_snapshot();
    return begun && !file().rewrites.failed;
  }
  void tick() {
    file().tick();
    finish_snapshot();
  }
  /// Executes a command and hands its effect over.
  std::string run(std::string_view line) {
    auto reply = (*this)(line);
    file().hand_over(0);
    file().look();
    return reply;
  }
  std::string digest() { return (*this)("DEBUG DIGEST"); }
  bool logged(const std::string& text) const {
    return std::ranges::any_of(
        log_lines(), [&](const auto& line) { return line.find(text) != std::string::npos; });
  }
  std::string manifest() const { return files_of_server.content(manifest_file); }
};

/// What a server finds that starts with these files.
struct restarted : append_only_server {
  explicit restarted(const memory_file_system& before, bool power_lost = false,
                     std::size_t torn = 0)
      : append_only_server(before.copy()) {
    if (power_lost) files_of_server.lose_power(torn);
    std::string log;
    started = start();
    for (const auto& line : log_lines()) log += line + "\n";
    INFO(log);
    CHECK(started);
  }
  bool started = false;
};

const std::string select_0 = "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n";
const std::string set_a = "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n";
const std::string set_b = "*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n";
const std::string multi = "*1\r\n$5\r\nMULTI\r\n", exec = "*1\r\n$4\r\nEXEC\r\n";

memory_file_system with_increment(std::string bytes) {
  memory_file_system files;
  files.put(manifest_file, "file appendonly.aof.1.incr.aof seq 1 type i\n");
  files.put(first_increment, std::move(bytes));
  return files;
}

}  // namespace

TEST_CASE("The first start makes a base, an increment and a manifest", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  CHECK(db.manifest() ==
        "file appendonly.aof.1.base.rdb seq 1 type b\n"
        "file appendonly.aof.1.incr.aof seq 1 type i\n");
  CHECK(db.logged("Creating AOF base file appendonly.aof.1.base.rdb on server start"));
  CHECK(db.logged("Creating AOF incr file appendonly.aof.1.incr.aof on server start"));
  db.run("SET a 1");
  CHECK(db.files_of_server.content(first_increment).ends_with(select_0 + set_a));
}

TEST_CASE("What was written is there after a start", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  db.run("SET a 1");
  db.run("SELECT 3");
  db.run("RPUSH list x y z");
  db.run("MULTI");
  db.run("LPOP list");
  db.run("SET c 1 EX 100");
  db.run("EXEC");
  restarted again(db.files_of_server);
  CHECK(again.digest() == db.digest());
  CHECK(again.logged("DB loaded from append only file: "));
  CHECK(again.logged("Opening AOF incr file appendonly.aof.1.incr.aof on server start"));
  again.run("SET d 1");
  restarted third(again.files_of_server);
  CHECK(third.digest() == again.digest());
  CHECK(third.node.unsaved_changes() == 0);
}

TEST_CASE("Values of all types survive a start, from the base and from the increments", "[aof]") {
  const bool as_rdb = GENERATE(true, false);
  append_only_server db;
  db.set("aof-use-rdb-preamble", as_rdb ? "yes" : "no");
  REQUIRE(db.start());
  const auto fill = [&](const std::string& prefix) {
    test::random_values values(7);
    for (const auto& type : test::random_values::types())
      for (const auto& each : values.make(type, prefix + type)) {
        db.own_client().send_argv(each);
        db.own_client().reply();
      }
    db.file().hand_over(0);
  };
  fill("in the base ");
  CHECK(db.run("BGREWRITEAOF") == "\"Background append only file rewriting started\"");
  fill("behind it ");
  restarted again(db.files_of_server);
  CHECK(again.digest() == db.digest());
}

TEST_CASE("Without a manifest a snapshot is left alone, as by Redis", "[aof]") {
  append_only_server db;
  db.files_of_server.put("dump.rdb", "anything");
  REQUIRE(db.start());
  CHECK(db("DBSIZE") == "0");
  CHECK(db.files_of_server.content("dump.rdb") == "anything");
}

TEST_CASE("A file of before there were manifests becomes the base", "[aof]") {
  append_only_server db;
  db.files_of_server.put("appendonly.aof", select_0 + set_a);
  SECTION("at once") {}
  SECTION("when that was begun before") {
    db.files_of_server.put(manifest_file, "file appendonly.aof seq 1 type b\n");
  }
  REQUIRE(db.start());
  CHECK(db("GET a") == "1");
  CHECK_FALSE(db.files_of_server.exists("appendonly.aof"));
  CHECK(db.manifest() ==
        "file appendonly.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n");
  CHECK(
      db.logged("Successfully migrated an old-style AOF file (appendonly.aof) into the AOF "
                "directory (appendonlydir)."));
  db.run("SET b 2");
  restarted again(db.files_of_server, true);
  CHECK(again("MGET a b") == "[1 nil]");  // everysec: not synced yet
}

TEST_CASE("An RDB file may stand in front of requests", "[aof]") {
  append_only_server old;
  REQUIRE(old.start());
  old.run("SET old 1");
  old.run("BGREWRITEAOF");
  append_only_server db;
  db.files_of_server.put(
      "appendonly.aof",
      old.files_of_server.content(directory / "appendonly.aof.2.base.rdb") + select_0 + set_a);
  REQUIRE(db.start());
  CHECK(db("MGET old a") == "[1 1]");
  CHECK(db.logged("Reading RDB preamble from AOF file..."));
  CHECK(db.logged("Reading the remaining AOF tail..."));
}

TEST_CASE("Every beginning of an increment loads as far as its units are whole", "[aof]") {
  const auto whole = select_0 + set_a + "#TS:1700000000\r\n" + multi + set_b +
                     "*2\r\n$3\r\nDEL\r\n$1\r\na\r\n" + exec;
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    INFO(size);
    append_only_server db(with_increment(whole.substr(0, size)));
    REQUIRE(db.start());
    const bool first = size >= (select_0 + set_a).size(), all = size == whole.size();
    CHECK(db("MGET a b") == (all ? "[nil 2]" : first ? "[1 nil]" : "[nil nil]"));
    db.run("SET c 3");
    restarted again(db.files_of_server);
    CHECK(again.digest() == db.digest());
  }
}

TEST_CASE("A file that is cut off is refused when that is asked for", "[aof]") {
  append_only_server db(with_increment(select_0 + set_a.substr(0, 10)));
  db.set("aof-load-truncated", "no");
  CHECK_FALSE(db.start());
  CHECK(
      db.logged("Unexpected end of file reading the append only file appendonly.aof.1.incr.aof. "
                "You can: 1) Make a backup"));
  CHECK(db.files_of_server.content(first_increment).size() == select_0.size() + 10);
}

TEST_CASE("Only the last file may be cut off", "[aof]") {
  auto files = with_increment(select_0 + set_a.substr(0, 10));
  files.put(directory / "b", select_0 + set_b);
  files.put(manifest_file, "file appendonly.aof.1.incr.aof seq 1 type i\nfile b seq 2 type i\n");
  append_only_server db(files);
  CHECK_FALSE(db.start());
  CHECK(db.logged("Fatal error: the truncated file is not the last file"));
}

TEST_CASE("What cannot be loaded ends the start with the place and the reason", "[aof]") {
  const auto refused = [](const std::string& bytes, const std::string& text) {
    append_only_server db(with_increment(select_0 + bytes));
    CHECK_FALSE(db.start());
    INFO(text);
    CHECK(db.logged(text));
  };
  refused("garbage\r\n", "Bad file format reading the append only file appendonly.aof.1.incr.aof");
  refused("garbage\r\n",
          "The append only file appendonly.aof.1.incr.aof cannot be read at offset 23: expected");
  refused("*2\r\n$3\r\nfoo\r\n$1\r\nx\r\n",
          "Unknown command 'foo' reading the append only file appendonly.aof.1.incr.aof");
}

TEST_CASE("A file that the manifest names and nobody has ends the start", "[aof]") {
  memory_file_system files;
  files.put(manifest_file, "file appendonly.aof.1.incr.aof seq 1 type i\n");
  append_only_server db(files);
  CHECK_FALSE(db.start());
  CHECK(db.logged("Unable to obtain the AOF file appendonly.aof.1.incr.aof length. stat: "));
}

TEST_CASE("A manifest that cannot be ends the start, even if the append-only file is off",
          "[aof]") {
  append_only_server db;
  db.files_of_server.put(manifest_file, "file a seq 1 type z\n");
  CHECK_FALSE(db.file().open());
  CHECK(db.logged("Reading the manifest file, at line 1"));
}

TEST_CASE("A request that fails is told of and the next ones are executed", "[aof]") {
  append_only_server other(
      with_increment(select_0 + set_a + "*2\r\n$4\r\nLPOP\r\n$1\r\na\r\n" + set_b));
  REQUIRE(other.start());
  CHECK(other("MGET a b") == "[1 2]");
  CHECK(other.logged("== CRITICAL == This server is sending an error to its AOF-loading-client"));
}

TEST_CASE("What expired since is gone after a start, with all that was done to it", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  db.run("SET n 5 PX 1000");
  db.run("SET kept 5 PX 100000");
  db.run("INCR n");
  db.run("HSET h f 1 g 2");
  db.run("HPEXPIRE h 1000 FIELDS 1 f");
  db.run("HINCRBY h f 4");
  append_only_server later(db.files_of_server.copy());
  later.clock.advance_ms(5'000);
  later.node.update_time();
  REQUIRE(later.start());
  CHECK(later("GET n") == "nil");
  CHECK(later("HGETALL h") == "[g 2]");
  CHECK(later("GET kept") == "5");
}

TEST_CASE("A rewrite makes a base of the data set and goes on behind it", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  for (int i = 0; i < 100; ++i) db.run("INCR counter");
  const auto before = db.file().size();
  CHECK(db.run("BGREWRITEAOF") == "\"Background append only file rewriting started\"");
  CHECK(db.file().size() < before);
  CHECK(db.manifest() ==
        "file appendonly.aof.2.base.rdb seq 2 type b\n"
        "file appendonly.aof.2.incr.aof seq 2 type i\n");
  CHECK_FALSE(db.files_of_server.exists(first_base));
  CHECK_FALSE(db.files_of_server.exists(first_increment));
  db.run("INCR counter");
  restarted again(db.files_of_server);
  CHECK(again("GET counter") == "101");
}

TEST_CASE("A base is of the moment its rewrite began, as requests too", "[aof]") {
  const bool as_rdb = GENERATE(true, false);
  append_only_server db;
  db.set("aof-use-rdb-preamble", as_rdb ? "yes" : "no");
  REQUIRE(db.start());
  db.run("FUNCTION LOAD \"#!lua name=l\nredis.register_function('f', function() return 1 end)\"");
  db.run("MSET a 1 b 2 c 3");
  db.run("SELECT 3");
  db.run("SET a third PXAT 1800000000000");
  for (int i = 0; i < 1'000; ++i) db.run("ZADD z " + std::to_string(i) + " " + std::to_string(i));
  const auto digest = db.digest();
  db.holds_snapshots = true;
  REQUIRE(db.file().start_rewrite());
  db.run("SET a new");
  db.run("DEL z");
  db.run("SELECT 0");
  db.run("SET d 4");
  const auto changed = db.digest();
  db.finish_snapshot();
  const auto base =
      directory / (as_rdb ? "appendonly.aof.2.base.rdb" : "appendonly.aof.2.base.aof");
  REQUIRE(db.manifest().starts_with("file " + base.filename().string() + " seq 2 type b\n"));
  CHECK(db.files_of_server.content(base).starts_with(as_rdb ? "REDIS" : "*3\r\n$8\r\nFUNCTION"));
  CHECK(restarted(db.files_of_server).digest() == changed);
  auto files = db.files_of_server.copy();
  files.put(manifest_file, "file " + base.filename().string() + " seq 2 type b\n");
  restarted as_it_was(files);
  CHECK(as_it_was.digest() == digest);
  CHECK(as_it_was("FCALL f 0") == "1");
  CHECK_FALSE(db.files_of_server.exists("temp-rewriteaof-42.rdb"));
}

TEST_CASE("A log that has grown is rewritten by itself", "[aof]") {
  append_only_server db;
  db.set("auto-aof-rewrite-min-size", "1000");
  REQUIRE(db.start());
  for (int i = 0; i < 20; ++i) db.run("INCR counter");
  db.tick();
  CHECK(db.file().rewrites.begun == 0);
  for (int i = 0; i < 20; ++i) db.run("INCR counter");
  db.tick();
  CHECK(db.file().rewrites.begun == 1);
  db.tick();
  CHECK(db.file().rewrites.begun == 1);
}

TEST_CASE("Rewrites that fail again and again are tried ever more rarely", "[aof]") {
  append_only_server db;
  db.set("auto-aof-rewrite-min-size", "100");
  REQUIRE(db.start());
  for (int i = 0; i < 40; ++i) db.run("INCR counter");
  int tried = 0;
  for (int second = 0; second < 400; ++second) {
    db.files_of_server.fail(operation::create, std::errc::io_error);
    const auto before = db.file().rewrites.failures_in_a_row;
    db.tick();
    if (db.file().rewrites.failures_in_a_row > before) ++tried;
    db.clock.advance_ms(1'000);
    db.node.update_time();
  }
  CHECK(tried >= 4);
  CHECK(tried <= 8);
  CHECK(db.logged("will retry in 1 minutes"));
  CHECK(db.logged("will retry in 2 minutes"));
}

TEST_CASE("The append-only file is switched on and off while the server runs", "[aof]") {
  append_only_server db;
  REQUIRE(db.file().open());
  db("SET a 1");
  CHECK(db("WAITAOF 1 0 0") ==
        "!ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
  REQUIRE(db.switch_on());
  db.run("SET b 2");
  CHECK(db.manifest() ==
        "file appendonly.aof.1.base.rdb seq 1 type b\n"
        "file appendonly.aof.1.incr.aof seq 1 type i\n");
  CHECK(restarted(db.files_of_server)("MGET a b") == "[1 2]");
  db.file().switch_off();
  db.run("SET c 3");
  CHECK(restarted(db.files_of_server)("MGET a b c") == "[1 2 nil]");
  REQUIRE(db.switch_on());
  CHECK(restarted(db.files_of_server)("MGET a b c") == "[1 2 3]");
  CHECK(db.manifest() ==
        "file appendonly.aof.2.base.rdb seq 2 type b\n"
        "file appendonly.aof.2.incr.aof seq 2 type i\n");
}

TEST_CASE("SHUTDOWN waits for the first base, but not for one that cannot be written", "[aof]") {
  append_only_server db;
  REQUIRE(db.file().open());
  db.set("save", "");
  db("SET a 1");
  db.holds_snapshots = true;
  REQUIRE(db.file().switch_on());
  SECTION("it is being written") {
    CHECK(db("SHUTDOWN") == "!ERR Errors trying to SHUTDOWN. Check logs.");
    CHECK(db.logged("Writing initial AOF, can't exit."));
    CHECK_FALSE(db.asked_to_shut_down());
    db.own_client().send("SHUTDOWN FORCE");
    CHECK(db.logged("Writing initial AOF. Exit anyway."));
  }
  SECTION("it is written") {
    db.finish_snapshot();
    db.own_client().send("SHUTDOWN");
  }
  SECTION("it could not be") {
    db.files_of_server.space(10);
    db.finish_snapshot();
    CHECK(db.file().rewrites.failed);
    CHECK(db.file().waits_for_base());
    db.own_client().send("SHUTDOWN");
  }
  CHECK(db.asked_to_shut_down());
}

TEST_CASE("Switching on that fails leaves it off", "[aof]") {
  append_only_server db;
  REQUIRE(db.file().open());
  db.files_of_server.fail(operation::create, std::errc::io_error);
  CHECK_FALSE(db.switch_on());
  CHECK_FALSE(db.file().is_on());
  CHECK(db("SET a 1") == "OK");
}

TEST_CASE("A rewrite that fails at any step leaves a log that loads, and loses nothing", "[aof]") {
  const auto failing = GENERATE(operation::create, operation::write, operation::sync,
                                operation::rename, operation::remove, operation::sync_directory);
  const int successes = GENERATE(0, 1, 2, 3, 4, 5);
  const bool power_lost = GENERATE(false, true);
  const bool switching_on = GENERATE(false, true);
  const auto* preamble = GENERATE("yes", "no");
  INFO("operation " << static_cast<int>(failing) << " after " << successes);
  append_only_server db({}, {{"appendfsync", "always"}, {"aof-use-rdb-preamble", preamble}});
  REQUIRE(db.start());
  db.run("SET a 1");
  db.run("BGREWRITEAOF");
  db.run("SET b 2");
  if (switching_on) db.file().switch_off();
  db.files_of_server.fail(failing, std::errc::io_error, successes);
  const bool begun = switching_on ? db.switch_on() : db.rewrite();
  if (begun || !switching_on) {
    db.run("SET c 3");
    // The server ends when it cannot write what has been promised.
    const bool promised = db.node.append_failure.empty() && !db.file().waits_for_base();
    restarted again(db.files_of_server, power_lost);
    CHECK(again("MGET a b") == "[1 2]");
    if (promised) CHECK(again("GET c") == "3");
  } else {
    CHECK(restarted(db.files_of_server, power_lost)("MGET a b") == "[1 2]");
  }
  if (!db.node.append_failure.empty()) return;
  // A second try comes to its end.
  db.files_of_server.fail_no_more();
  db.clock.advance_ms(2'000);
  if (!db.file().is_on()) CHECK(db.switch_on());
  db.tick();
  CHECK(db.rewrite());
  CHECK_FALSE(db.file().rewrites.failed);
  db.run("SET d 4");
  CHECK(restarted(db.files_of_server, power_lost)("MGET a b d") == "[1 2 4]");
  CHECK(db.file().size() < 1000);
}

TEST_CASE("A loss of power loses nothing under always, and no more than a second otherwise",
          "[aof]") {
  append_only_server db;
  SECTION("always") {
    db.set("appendfsync", "always");
    REQUIRE(db.start());
    for (int i = 1; i <= 10; ++i) {
      db.run("INCR counter");
      CHECK(restarted(db.files_of_server, true)("GET counter") == std::to_string(i));
    }
  }
  SECTION("everysec") {
    REQUIRE(db.start());
    for (int i = 1; i <= 50; ++i) {
      db.run("INCR counter");
      db.clock.advance_ms(100);
      db.node.update_time();
      db.tick();
      const auto found = restarted(db.files_of_server, true)("GET counter");
      CHECK((found == "nil" ? 0 : std::stoi(found)) >= i - 11);
    }
  }
}

TEST_CASE("Bytes that were torn at the end are cut off", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  db.run("SET a 1");
  CHECK(db.file().flush());
  db.run("MULTI");
  db.run("SET b 2");
  db.run("SET c 3");
  db.run("EXEC");
  bool some = false, all = false;
  for (std::size_t torn = 0; torn < 120; ++torn) {
    INFO(torn);
    const auto found = restarted(db.files_of_server, true, torn)("MGET a b c");
    some = some || found == "[1 nil nil]";
    all = all || found == "[1 2 3]";
    CHECK((found == "[1 nil nil]" || found == "[1 2 3]"));
  }
  CHECK(some);
  CHECK(all);
}

TEST_CASE("A full disk refuses writes until there is room, and loses nothing", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  db.run("SET a 1");
  db.files_of_server.space(10);
  CHECK(db.run("SET b 2") == "OK");
  CHECK(db.run("SET c 3") == "!MISCONF Errors writing to the AOF file: No space left on device");
  CHECK(db.run("PING") == "!MISCONF Errors writing to the AOF file: No space left on device");
  CHECK(db.run("GET b") == "2");
  CHECK(db("INFO persistence").find("aof_last_write_status:err") != std::string::npos);
  CHECK(restarted(db.files_of_server)("MGET a b") == "[1 nil]");
  db.files_of_server.space(1'000'000);
  db.clock.advance_ms(2'000);
  CHECK(db.run("SET nothing 1").starts_with("!MISCONF"));  // nothing has been tried since
  db.tick();
  CHECK(db.run("SET c 3") == "OK");
  CHECK(db.logged("AOF write error looks solved, Redis can write again."));
  CHECK(restarted(db.files_of_server)("MGET a b c") == "[1 2 3]");
}

TEST_CASE("A full disk refuses scripts that may write, whenever they get their turn", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  auto other = db.connect();
  other("MULTI");
  other("FCALL f 0");  // there is no such function yet
  other("FCALL g 0");
  CHECK(db.run("FUNCTION LOAD \"#!lua name=l\nredis.register_function('f', function() return "
               "redis.call('SET', 'a', 'b') end)\nredis.register_function{function_name='g', "
               "callback=function() return 'read' end, flags={'no-writes'}}\"") == "l");
  db.files_of_server.space(10);
  db.run("SET b 2");
  CHECK(other("EXEC") ==
        "[!MISCONF Redis is configured to persist data to AOF, but it's currently unable to "
        "persist to disk. Writable scripts are blocked. Use 'no-writes' flag for read only "
        "scripts. AOF error: No space left on device read]");
  const std::string refused = "!MISCONF Errors writing to the AOF file: No space left on device";
  CHECK(db.run("FCALL f 0") == refused);
  CHECK(db.run("FCALL g 0") == "read");
  CHECK(db.run("EVAL \"#!lua\nreturn 1\" 0") == refused);
  CHECK(db.run("EVAL \"return redis.pcall('SET', 'a', 'b').err\" 0") ==
        '"' + refused.substr(1) + '"');
  CHECK(db.run("GET a") == "nil");
}

TEST_CASE("A sync that fails refuses writes, and asks for a new base", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  db.files_of_server.fail(operation::sync, std::errc::io_error);
  db.clock.advance_ms(2'000);
  db.run("SET a 1");
  CHECK(db.run("SET b 2") == "!MISCONF Errors writing to the AOF file: Input/output error");
  db.clock.advance_ms(2'000);
  db.tick();
  CHECK(db.run("SET b 2") == "OK");
  CHECK(db.file().rewrites.begun == 1);
  CHECK(restarted(db.files_of_server, true)("GET a") == "1");
}

TEST_CASE("What cannot be written ends the server under always", "[aof]") {
  append_only_server db({}, {{"appendfsync", "always"}});
  REQUIRE(db.start());
  db.run("SET a 1");
  SECTION("a write") {
    db.files_of_server.space(10);
    db.run("SET b 2");
    CHECK(
        db.logged("Can't recover from AOF write error when the AOF fsync policy is 'always'. "
                  "Exiting..."));
  }
  SECTION("a sync") {
    db.files_of_server.fail(operation::sync, std::errc::io_error);
    db.run("SET b 2");
    CHECK(
        db.logged("Can't persist AOF for fsync error when the AOF fsync policy is 'always': "
                  "Input/output error. Exiting..."));
  }
  CHECK(db.given_up());
  CHECK(db.file().durable() < db.node.journal.log.end());
}

TEST_CASE("Times are noted when that is asked for", "[aof]") {
  append_only_server db;
  db.set("aof-timestamp-enabled", "yes");
  REQUIRE(db.start());
  db.run("SET a 1");
  db.run("SET b 2");
  db.clock.advance_ms(1'000);
  db.node.update_time();
  db.run("SET b 2");
  const auto now = db.clock.ms() / 1000;
  const auto text = db.files_of_server.content(first_increment);
  CHECK(text.ends_with("#TS:" + std::to_string(now - 1) + "\r\n" + select_0 + set_a + set_b +
                       "#TS:" + std::to_string(now) + "\r\n" + set_b));
  CHECK(restarted(db.files_of_server)("MGET a b") == "[1 2]");
}

TEST_CASE("DEBUG LOADAOF loads what has been written", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  db.run("SET a 1");
  db("SET b 2");
  CHECK(db("DEBUG LOADAOF") == "OK");
  CHECK(db("MGET a b") == "[1 2]");
  db.run("SET c 3");
  CHECK(restarted(db.files_of_server)("MGET a b c") == "[1 2 3]");
}

TEST_CASE("A journal that begins anew gets a new base", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  db.run("SET a 1");
  db.node.journal.log.restart(1'000'000);
  db.run("SET b 2");
  db.tick();
  db.run("SET c 3");
  CHECK(restarted(db.files_of_server)("MGET a b c") == "[1 2 3]");
}

TEST_CASE("WAITAOF waits for the disk", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  CHECK(db("WAITAOF 2 0 0") == "!ERR value is out of range, value must between 0 and 1");
  CHECK(db("WAITAOF 1 -1 0") == "!ERR value is out of range, must be positive");
  CHECK(db("WAITAOF 1 0 -1") == "!ERR timeout is negative");
  CHECK(db("WAITAOF 1 0 0") == "[1 0]");
  auto who = db.connect();
  who("SET a 1");
  who.send("WAITAOF 1 0 0");
  CHECK(who.blocked());
  auto hurried = db.connect();
  hurried("SET a 2");
  hurried.send("WAITAOF 1 0 100");
  db.advance_ms(150);
  CHECK(hurried.reply() == "[0 0]");
  db.advance_ms(2'000);
  CHECK(db.file().flush());
  db.run("GET a");
  CHECK(who.reply() == "[1 0]");
}

TEST_CASE("WAITAOF for this server's disk ends with the append-only file", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  auto who = db.connect();
  who("SET a 1");
  who.send("WAITAOF 1 0 0");
  CHECK(who.blocked());
  db.file().switch_off();
  db.run("GET a");
  CHECK(who.reply() ==
        "!ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");
}

namespace {

/// As if a replica had been there, which could come back.
void keep_changes(engine::node& server) {
  server.replication.backlog = true;
  server.journal.log.keep(1 << 20);
}

struct place {
  std::string id;
  std::int64_t next;
};

place end_of(const engine::node& server) {
  return {server.replication.past.id(), server.stream_offset() + 1};
}

/// The journal from an offset on, as replicas are sent it from the disk.
std::string changes_from(append_only_server& db, std::uint64_t offset) {
  const auto older = db.file().changes_from(offset);
  if (!older) return "none";
  std::string all;
  std::error_code failure;
  for (auto next = older->read(failure); next.block != nullptr; next = older->read(failure))
    all += next.bytes;
  CHECK_FALSE(failure);
  return all;
}

std::string bytes_of(const engine::journal_log& log, std::uint64_t from) {
  std::string all;
  for (auto next = log.read(from); next.block != nullptr; next = log.read(from)) {
    all += next.bytes;
    from += next.bytes.size();
  }
  return all;
}

}  // namespace

TEST_CASE("A restart goes on in the history that the append-only file ends in", "[aof]") {
  append_only_server db({}, {{"aof-timestamp-enabled", "yes"}});
  REQUIRE(db.start());
  keep_changes(db.node);
  for (int i = 0; i < 20; ++i) {
    db.run("SET a " + std::to_string(i));
    if (i % 5 == 0) db.advance_ms(1'000);
    if (i == 10) REQUIRE(db.rewrite());
    if (i == 15) db.node.replication.past.leave(db.node.random, db.node.stream_offset());
  }
  const auto left = end_of(db.node);
  append_only_server again(db.files_of_server.copy());
  REQUIRE(again.first_load());
  CHECK(again("GET a") == "19");
  CHECK(again.node.replication.past.covers(left.id, left.next));
  CHECK_FALSE(again.node.replication.past.covers(left.id, left.next + 1));
  CHECK(again.node.replication.past.id() != left.id);
  CHECK(again.node.stream_offset() + 1 == left.next);

  again.run("SET b 1");
  const auto second = end_of(again.node);
  append_only_server third(again.files_of_server.copy());
  REQUIRE(third.first_load());
  CHECK(third.node.replication.past.covers(second.id, second.next));
  CHECK(third.node.stream_offset() + 1 == second.next);
}

TEST_CASE("A file that is cut off ends at the unit before, in its history too", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  keep_changes(db.node);
  db.run("SET a 1");
  const auto whole = end_of(db.node);
  const auto size = db.files_of_server.content(first_increment).size();
  db.run("EVAL 'redis.call(\"SET\", \"b\", 1) redis.call(\"SET\", \"c\", 1)' 0");
  const auto all = db.files_of_server.content(first_increment);
  for (auto cut = size; cut < all.size(); ++cut) {
    auto files = db.files_of_server.copy();
    files.put(first_increment, all.substr(0, cut));
    append_only_server again(files.copy());
    REQUIRE(again.first_load());
    CHECK(again("EXISTS a b c") == "1");
    CHECK(again.node.stream_offset() + 1 == whole.next);
    CHECK(again.node.replication.past.covers(whole.id, whole.next));
  }
}

TEST_CASE("Without a history to go on with none is gone on with", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  db.run("SET a 1");
  append_only_server again(db.files_of_server.copy());
  REQUIRE(again.first_load());
  CHECK_FALSE(again.node.replication.backlog);
  CHECK(again.node.replication.past.second_id() == engine::history::no_id);
  CHECK(again.node.stream_offset() == db.node.stream_offset());
}

TEST_CASE("Increments hold the journal without what is noted between", "[aof]") {
  append_only_server db({}, {{"aof-timestamp-enabled", "yes"}});
  REQUIRE(db.start());
  keep_changes(db.node);
  const auto begin = db.node.journal.log.end();
  for (int i = 0; i < 200; ++i) {
    db.run("SELECT " + std::to_string(i % 3));
    db.run("SET key" + std::to_string(i) + " " + std::string(static_cast<std::size_t>(i * 7), 'x'));
    if (i % 9 == 0) db.advance_ms(1'000);
    if (i == 50) db.node.replication.past.leave(db.node.random, db.node.stream_offset());
  }
  const auto all = bytes_of(db.node.journal.log, begin);
  for (std::size_t at = 0; at < all.size(); at += 1'009)
    CHECK(changes_from(db, begin + at) == all.substr(at));
  append_only_server again(db.files_of_server.copy());
  REQUIRE(again.first_load());
  again.run("SET more 1");
  CHECK(changes_from(again, begin + 3).starts_with(all.substr(3)));
  CHECK(changes_from(again, begin + all.size()) ==
        bytes_of(again.node.journal.log, begin + all.size()));
  REQUIRE(again.rewrite());
  CHECK(changes_from(again, begin) == "none");
}

TEST_CASE("A rewrite on a replica begins with the database of the stream", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  db.node.config.change([](auto& all) { all.replicaof = {"127.0.0.1", 1}; });
  db.node.journal.follow(true);
  db.node.replication.primary.db = 5;
  REQUIRE(db.rewrite());
  db.node.journal.append_stream("*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n");
  db.file().hand_over(0);
  restarted again(db.files_of_server);
  CHECK(again("GET a") == "nil");
  again("SELECT 5");
  CHECK(again("GET a") == "1");
}

TEST_CASE("Changes are read on through rewrites", "[aof]") {
  append_only_server db;
  REQUIRE(db.start());
  keep_changes(db.node);
  const auto begin = db.node.journal.log.end();
  db.run("SET a 1");
  // As long as a replica is to read them, what is history stays.
  auto replica = db.connect();
  auto& facts = *(replica.state().replica = std::make_unique<engine::replica_facts>());
  facts.changes = std::make_unique<engine::journal_cursor>(db.node.journal.log, begin);
  facts.may_fall_behind = true;
  db.node.replication.replicas.push_back(&replica.state());
  const auto older = db.file().changes_from(begin);
  REQUIRE(older);
  std::error_code failure;
  auto all = std::string(older->read(failure).bytes);
  REQUIRE(db.rewrite());
  REQUIRE(db.rewrite());
  older->look();
  CHECK(older->read(failure).bytes.empty());
  REQUIRE(db.rewrite());
  db.run("SET b 2");
  REQUIRE(db.rewrite());
  db.run("SET c 3");
  older->look();
  all += older->read(failure).bytes;
  CHECK_FALSE(failure);
  CHECK(all == bytes_of(db.node.journal.log, begin));
  CHECK(older->position() == db.node.journal.log.end());
  CHECK(db.files_of_server.exists(first_increment));
  db.node.replication.replicas.clear();
  db.tick();
  CHECK_FALSE(db.files_of_server.exists(first_increment));
  CHECK(changes_from(db, begin) == "none");
}

TEST_CASE("Who waits for the place at which a file is begun is told", "[aof]") {
  hawser::test::manual_clock clock;
  memory_file_system files;
  int told = 0;
  persistence::aof_writer writer(clock, [&] { ++told; });
  writer.work_inline();
  std::error_code failure;
  writer.switch_to(files.create("increment", failure), 0, 1'000);
  CHECK(writer.synced() == 1'000);
  CHECK(told == 1);
  writer.switch_to(files.create("next", failure), 0, 1'000);
  CHECK(told == 1);
}

TEST_CASE("What a process that was killed has written counts as on disk when it is synced",
          "[aof]") {
  append_only_server db;
  REQUIRE(db.first_load());
  db.run("SET a 1");
  REQUIRE(db.node.aof->durable() == 0);  // it is young
  append_only_server again(db.files_of_server.copy());
  REQUIRE(again.first_load());
  const auto end = again.node.journal.log.end();
  CHECK(end > 0);
  CHECK(again.node.aof->durable() == 0);
  again.advance_ms(1100);
  again.file().hand_over(0);
  CHECK(again.node.aof->durable() == end);
  restarted third(again.files_of_server, true);
  CHECK(third("GET a") == "1");
}
