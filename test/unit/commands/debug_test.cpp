#include "catch.hpp"
#include "engine_fixture.hpp"

using namespace hawser;
using hawser::test::engine_fixture;

namespace {

void allow(engine_fixture& db, engine::access who) {
  db.node.config.change([&](auto& all) { all.enable_debug_command = who; });
}

struct debug_server : engine_fixture {
  debug_server() { allow(*this, engine::access::yes); }
};

}  // namespace

TEST_CASE("DEBUG has to be allowed, to all or to local clients", "[debug]") {
  engine_fixture db;
  const auto refused = db("DEBUG SLEEP 0");
  CHECK(refused.starts_with("!ERR DEBUG command not allowed. If the enable-debug-command option"));
  CHECK(db("DEBUG NOSUCH") == refused);
  allow(db, engine::access::local);
  CHECK(db("DEBUG SLEEP 0") == "OK");
  auto far = db.connect();
  far.state().address = "10.0.0.1:1234";
  CHECK(far("DEBUG SLEEP 0") == refused);
  far.state().address = "[::1]:1234";
  CHECK(far("DEBUG SLEEP 0") == "OK");
  far.state().address = "/tmp/socket:0";
  far.state().unix_socket = true;
  CHECK(far("DEBUG SLEEP 0") == "OK");
}

TEST_CASE("DEBUG subcommands have a number of words", "[debug]") {
  debug_server db;
  for (const auto* bad : {"NOSUCH", "SLEEP", "SLEEP 1 2", "OBJECT", "POPULATE", "POPULATE 1 a 2 b",
                          "DIGEST x", "ERROR", "STRINGMATCH-LEN a"}) {
    const std::string words(bad);
    CHECK(db("DEBUG " + words) == "!ERR unknown subcommand or wrong number of arguments for '" +
                                      words.substr(0, words.find(' ')) + "'. Try DEBUG HELP.");
  }
}

TEST_CASE("DEBUG DIGEST depends on data, not on the order of keys", "[debug]") {
  debug_server db;
  const auto digest = [&] { return db("DEBUG DIGEST"); };
  CHECK(digest() == std::string(40, '0'));
  db("MSET a 1 b two");
  const auto both = digest();
  CHECK(both.size() == 40);
  db("DEL a");
  CHECK(digest() != both);
  db("SET a 1");
  CHECK(digest() == both);
  db("EXPIRE a 100");
  const auto expiring = digest();
  CHECK(expiring != both);
  db("EXPIRE a 200");
  CHECK(digest() == expiring);
  db("PERSIST a");
  db("MOVE a 1");
  CHECK(digest() != both);
}

TEST_CASE("DEBUG DIGEST is what Redis computes", "[debug]") {
  // Taken from redis-server 7.0.15.
  debug_server db;
  db("SET a 1");
  db("SET b hello");
  CHECK(db("DEBUG DIGEST-VALUE a nosuch b") ==
        "[b4fc66738120fba0b5aa500ab5c2bf89cea1c5da 0000000000000000000000000000000000000000 "
        "36b23a1456b2dce2c3ed252c456761301dba8060]");
  db("SET c 12345678901234567890123456789012345678901234567890");
  CHECK(db("DEBUG DIGEST") == "8713a41151a088d73a8374641e655a48cb2fc018");
}

TEST_CASE("DEBUG POPULATE makes keys that are not there", "[debug]") {
  debug_server db;
  db("SET key:1 mine");
  CHECK(db("DEBUG POPULATE 3") == "OK");
  CHECK(db("MGET key:0 key:1 key:2 key:3") == "[value:0 mine value:2 nil]");
  CHECK(db("DEBUG POPULATE 1 pre 12") == "OK");
  CHECK(db("GET pre:0") == "\"value:0\\x00\\x00\\x00\\x00\\x00\"");
  CHECK(db("DEBUG POPULATE 1 short 3") == "OK");
  CHECK(db("GET short:0") == "val");
  CHECK(db("DEBUG POPULATE -1") == "!ERR value is out of range, must be positive");
  CHECK(db("DEBUG POPULATE 1 a x") == "!ERR value is out of range, must be positive");
}

TEST_CASE("DEBUG OBJECT tells layout, size and idle time", "[debug]") {
  debug_server db;
  db("SET n 300");
  db("SET text " + std::string(100, 'x'));
  db.clock.advance_ms(7000);
  CHECK(db("DEBUG OBJECT n").find("encoding:int serializedlength:3 lru:") != std::string::npos);
  CHECK(db("DEBUG OBJECT n").find("lru_seconds_idle:7") != std::string::npos);
  CHECK(db("DEBUG OBJECT text").find("encoding:raw serializedlength:13") != std::string::npos);
  CHECK(db("DEBUG OBJECT nosuch") == "!ERR no such key");
}

TEST_CASE("DEBUG HTSTATS describes the table of a database", "[debug]") {
  debug_server db;
  CHECK(db("DEBUG HTSTATS 0").find("No stats available for empty dictionaries") !=
        std::string::npos);
  db("DEBUG POPULATE 1000");
  db("EXPIRE key:1 100");
  const auto text = db("DEBUG HTSTATS 0");
  CHECK(text.find("[Dictionary HT]") != std::string::npos);
  CHECK(text.find("number of elements: 1000") != std::string::npos);
  CHECK(text.find("[Expires HT]\\n number of elements: 1\\n") != std::string::npos);
  CHECK(db("DEBUG HTSTATS 16") == "!ERR Out of range database");
  CHECK(db("DEBUG HTSTATS-KEY key:1").starts_with("!ERR The value stored"));
}

TEST_CASE("DEBUG SET-ACTIVE-EXPIRE stops the removal of expired keys", "[debug]") {
  debug_server db;
  db("SET a 1 PX 10");
  CHECK(db("DEBUG SET-ACTIVE-EXPIRE 0") == "OK");
  db.clock.advance_ms(20);
  db.node.update_time();
  db.node.background_slice();
  CHECK(db("DBSIZE") == "1");
  CHECK(db("DEBUG SET-ACTIVE-EXPIRE 1") == "OK");
  db.node.background_slice();
  CHECK(db("DBSIZE") == "0");
}

TEST_CASE("DEBUG's small tools do what they say", "[debug]") {
  debug_server db;
  CHECK(db("DEBUG ERROR \"MADE up\\nhere\"") == "!MADE up here");
  CHECK(db("INFO errorstats") == "\"# Errorstats\\r\\n\"");
  CHECK(db("INFO commandstats").find("failed_calls=1") == std::string::npos);
  CHECK(db("DEBUG LOG hello") == "OK");
  CHECK(db.log_lines().back() == "DEBUG LOG: hello");
  CHECK(db("DEBUG JMAP") == "OK");
  CHECK(db("DEBUG STRINGMATCH-LEN a*c abbc") == "1");
  CHECK(db("DEBUG STRINGMATCH-LEN a*c abbd") == "0");
  const auto before = db.node.replication.past.id();
  CHECK(db("DEBUG CHANGE-REPL-ID") == "OK");
  CHECK(db.node.replication.past.id() != before);
  const auto began = db.clock.ms();
  CHECK(db("DEBUG SLEEP 1.5") == "OK");
  CHECK(db.clock.ms() == began + 1500);
  CHECK(db("DEBUG SLEEP -1") == "OK");
  CHECK(db("DEBUG SLEEP x") == "OK");
  CHECK(db.clock.ms() == began + 1500);
  CHECK(db("DEBUG PROTOCOL map") == "[0 0 1 1 2 0]");
  CHECK(db("DEBUG PROTOCOL nosuch").starts_with("!ERR Wrong protocol type name."));
}

TEST_CASE("DEBUG LISTPACK and QUICKLIST write to the log how a value is kept", "[debug]") {
  debug_server db;
  db("HSET h field 12");
  db("RPUSH l a b c");
  db("SET s text");
  CHECK(db("DEBUG LISTPACK h") == "\"Listpack structure printed on stdout\"");
  const auto& log = db.log_lines();
  REQUIRE(log.size() >= 3);
  CHECK(log[log.size() - 3] == "listpack of 2 elements in 16 bytes");
  CHECK(log[log.size() - 2] == "  at 6: \"field\"");
  CHECK(log[log.size() - 1] == "  at 13: \"12\"");
  CHECK(db("DEBUG QUICKLIST l 1") == "\"Quicklist structure printed on stdout\"");
  CHECK(db.log_lines().back().starts_with("list of 3 elements in 1 nodes of "));
  for (const auto* other : {"l", "s"})
    CHECK(db("DEBUG LISTPACK " + std::string(other)) == "!ERR Not a listpack encoded object.");
  CHECK(db("DEBUG QUICKLIST h") == "!ERR Not a quicklist encoded object.");
  CHECK(db("DEBUG LISTPACK none") == "!ERR no such key");
  CHECK(db("DEBUG SDSLEN s").find("key_sds_len:1, key_sds_avail:0") != std::string::npos);
  CHECK(db("DEBUG SDSLEN h") == "!ERR Not an sds encoded string.");
}

TEST_CASE("DEBUG SET-SKIP-CHECKSUM-VALIDATION lets RESTORE take what is damaged at its end",
          "[debug]") {
  debug_server db;
  // The text "1" of version 9, with a checksum of zeros.
  const std::string payload =
      "\"\\x00\\xc0\\x01\\x09\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\"";
  CHECK(db("RESTORE k 0 " + payload) == "!ERR DUMP payload version or checksum are wrong");
  CHECK(db("DEBUG SET-SKIP-CHECKSUM-VALIDATION 1") == "OK");
  CHECK(db("RESTORE k 0 " + payload) == "OK");
  CHECK(db("GET k") == "1");
  CHECK(db("DEBUG SET-SKIP-CHECKSUM-VALIDATION 0") == "OK");
  CHECK(db("RESTORE k 0 " + payload + " REPLACE").starts_with("!ERR DUMP"));
}

TEST_CASE("DEBUG REPLICATE journals what is not executed", "[debug]") {
  debug_server db;
  db.journalled();
  CHECK(db("DEBUG REPLICATE SET a b") == "OK");
  CHECK(db("EXISTS a") == "0");
  CHECK(db.journalled() == std::vector<std::string>{"SELECT 0", "SET a b"});
}

TEST_CASE("DEBUG CLIENT-EVICTION counts clients by the memory they take", "[debug]") {
  debug_server db;
  CHECK(db("DEBUG CLIENT-EVICTION") == "!ERR maxmemory-clients is disabled.");
  db.set("maxmemory-clients", "10mb");
  const auto classes = db("DEBUG CLIENT-EVICTION");
  CHECK(classes.find("bucket          0 -      32767: tot-mem: ") != std::string::npos);
  CHECK(classes.find("clients: 1\\n") != std::string::npos);
  CHECK(classes.find("bucket 4294967296+            : tot-mem:          0, clients: 0") !=
        std::string::npos);
}

TEST_CASE("DEBUG CONFIG-REWRITE-FORCE-ALL needs a file, and the allocator's names are its own",
          "[debug]") {
  debug_server db;
  CHECK(db("DEBUG CONFIG-REWRITE-FORCE-ALL") ==
        "!ERR CONFIG-REWRITE-FORCE-ALL failed: Bad address");
  CHECK(db("DEBUG MALLCTL nosuch") == "!ERR No such file or directory");
  CHECK(db("DEBUG MALLCTL-STR nosuch") == "!ERR No such file or directory");
  CHECK(db("DEBUG MALLCTL nosuch x") == "!ERR value is not an integer or out of range");
  CHECK(db("DEBUG RESTART x") == "!ERR value is not an integer or out of range");
  CHECK(db("DEBUG CRASH-AND-RECOVER") == "!ERR failed to restart the server. Check server logs.");
}

TEST_CASE("Switches of DEBUG for what Hawser does not have take what Redis takes", "[debug]") {
  debug_server db;
  for (const auto* good :
       {"REPLYBUFFER PEAK-RESET-TIME NEVER", "REPLYBUFFER peak-reset-time reset",
        "REPLYBUFFER PEAK-RESET-TIME -5", "REPLYBUFFER RESIZING x",
        "QUICKLIST-PACKED-THRESHOLD 10b", "QUICKLIST-PACKED-THRESHOLD 0", "PAUSE-CRON x"})
    CHECK(db("DEBUG " + std::string(good)) == "OK");
  CHECK(db("DEBUG PAUSE-CRON 1") == "OK");
  CHECK_FALSE(db.node.periodic_work);
  CHECK(db("DEBUG PAUSE-CRON 0") == "OK");
  CHECK(db.node.periodic_work);
  CHECK(db("DEBUG REPLYBUFFER PEAK-RESET-TIME x") ==
        "!ERR value is not an integer or out of range");
  CHECK(db("DEBUG REPLYBUFFER NOSUCH 1").starts_with("!ERR unknown subcommand"));
  CHECK(db("DEBUG QUICKLIST-PACKED-THRESHOLD 4gb") ==
        "!ERR argument must be a memory value bigger than 1 and smaller than 4gb");
}
