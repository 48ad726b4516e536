#include "catch.hpp"
#include "engine_fixture.hpp"
#include <engine/journal.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace hawser;
using hawser::test::engine_fixture;

namespace {

using lines = std::vector<std::string>;

/// A server whose journal is read; what `commands` leave in it.
struct journal_fixture : engine_fixture {
  journal_fixture() { journalled(); }

  lines after(const std::vector<std::string>& commands) {
    for (const auto& each : commands) (*this)(each);
    auto found = journalled();
    // The database is told once.
    if (!found.empty() && found.front() == "SELECT 0") found.erase(found.begin());
    return found;
  }
  /// Milliseconds from now, as the clock shows them.
  std::string in(base::milliseconds_t time) { return std::to_string(clock.wall() / 1000 + time); }
};

}  // namespace

TEST_CASE("Nothing is journalled while nobody reads", "[journal]") {
  engine_fixture db;
  db("SET a 1");
  CHECK(db.journalled().empty());
  db("SET b 1");
  CHECK(db.journalled() == lines{"SELECT 0", "SET b 1"});
  CHECK(db.journalled().empty());
}

TEST_CASE("A database is selected when it is another one", "[journal]") {
  journal_fixture db;
  db("SET a 1");
  db("SELECT 2");
  db("SET a 2");
  db("SET a 3");
  CHECK(db.journalled() == lines{"SELECT 0", "SET a 1", "SELECT 2", "SET a 2", "SET a 3"});
}

TEST_CASE("What changes nothing is not journalled", "[journal]") {
  journal_fixture db;
  CHECK(db.after({"GET a", "DEL a", "SET a 1 XX", "SETNX a 1", "SETNX a 2", "EXPIRE b 1",
                  "INCR x y", "NOSUCH"}) == lines{"SETNX a 1"});
}

TEST_CASE("Times become points in time", "[journal]") {
  journal_fixture db;
  CHECK(db.after({"SET a 1 EX 100"}) == lines{"SET a 1 PXAT " + db.in(100'000)});
  CHECK(db.after({"SET a 1 PX 100 GET"}) == lines{"SET a 1 PXAT " + db.in(100)});
  CHECK(db.after({"SET a 2 KEEPTTL GET"}) == lines{"SET a 2 KEEPTTL"});
  CHECK(db.after({"SETEX a 10 x"}) == lines{"SET a x PXAT " + db.in(10'000)});
  CHECK(db.after({"GETEX a EX 20"}) == lines{"PEXPIREAT a " + db.in(20'000)});
  CHECK(db.after({"GETEX a"}).empty());
  CHECK(db.after({"GETEX a PERSIST"}) == lines{"PERSIST a"});
  CHECK(db.after({"EXPIRE a 5"}) == lines{"PEXPIREAT a " + db.in(5'000)});
  CHECK(db.after({"EXPIRE a 0"}) == lines{"DEL a"});
  CHECK(db.after({"HSET h f 1", "HEXPIRE h 5 FIELDS 2 f g"}) ==
        lines{"HSET h f 1", "HPEXPIREAT h " + db.in(5'000) + " FIELDS 1 f"});
  CHECK(db.after({"HINCRBYFLOAT h f 0.5"}) ==
        lines{"MULTI", "HSET h f 1.5", "HPEXPIREAT h " + db.in(5'000) + " FIELDS 1 f", "EXEC"});
  CHECK(db.after({"HEXPIRE h 0 FIELDS 1 f"}) == lines{"HDEL h f"});
}

TEST_CASE("Sums that may be rounded become what they came to", "[journal]") {
  journal_fixture db;
  CHECK(db.after({"INCRBYFLOAT f 1.5", "INCRBYFLOAT f 1.5", "INCR n"}) ==
        lines{"SET f 1.5 KEEPTTL", "SET f 3 KEEPTTL", "INCR n"});
}

TEST_CASE("Choices become what was chosen", "[journal]") {
  journal_fixture db;
  db.after({"SADD s a b c d e f 7 8 9 10"});
  const auto popped = db("SPOP s");
  CHECK(db.journalled() == lines{"SREM s " + popped});
  auto several = db.after({"SPOP s 8"});
  REQUIRE(several.size() == 10);
  CHECK(several.front() == "MULTI");
  CHECK(several.back() == "EXEC");
  CHECK(db.after({"SPOP s 8"}) == lines{"DEL s"});
}

TEST_CASE("Who waits is journalled as one who did not", "[journal][blocking]") {
  journal_fixture db;
  auto waiting = db.connect();
  waiting.send("BLPOP l 0");
  CHECK(db.after({"RPUSH l 1 2"}) == lines{"RPUSH l 1 2", "LPOP l"});
  CHECK(db.after({"BRPOP l 0"}) == lines{"RPOP l"});
  waiting.send("BLMOVE l m LEFT RIGHT 0");
  CHECK(db.after({"RPUSH l 1"}) == lines{"RPUSH l 1", "LMOVE l m LEFT RIGHT"});
  waiting.send("BZMPOP 0 1 z MAX COUNT 2");
  CHECK(db.after({"ZADD z 1 a 2 b 3 c"}) == lines{"ZADD z 1 a 2 b 3 c", "ZPOPMAX z 2"});
  CHECK(db.after({"LMPOP 2 l m LEFT COUNT 9", "LMPOP 1 l LEFT"}) == lines{"LPOP m"});
}

TEST_CASE("A transaction is one unit", "[journal][transactions]") {
  journal_fixture db;
  CHECK(db.after({"MULTI", "SET a 1", "GET a", "INCR a", "EXEC"}) ==
        lines{"MULTI", "SET a 1", "INCR a", "EXEC"});
  CHECK(db.after({"MULTI", "SET a 1", "EXEC"}) == lines{"SET a 1"});
  CHECK(db.after({"MULTI", "GET a", "EXEC"}).empty());
  CHECK(db.after({"MULTI", "SET a 1", "SELECT 3", "SET b 1", "SELECT 0", "EXEC", "SET c 1"}) ==
        lines{"MULTI", "SET a 1", "SELECT 3", "SET b 1", "EXEC", "SELECT 0", "SET c 1"});
}

TEST_CASE("A key past its deadline is removed for all", "[journal][expiry]") {
  journal_fixture db;
  db.after({"SET a 1 PX 10", "SET b 1 PX 10", "SET c 1 PX 10"});
  db.clock.advance_ms(10);
  CHECK(db.after({"GET a"}) == lines{"DEL a"});
  CHECK(db.after({"APPEND b x"}) == lines{"MULTI", "DEL b", "APPEND b x", "EXEC"});
  db.node.update_time();
  while (db.node.background_slice()) {
  }
  CHECK(db.journalled() == lines{"DEL c"});
  db.set("lazyfree-lazy-expire", "yes");
  db.after({"SET a 1 PX 10"});
  db.clock.advance_ms(10);
  CHECK(db.after({"GET a"}) == lines{"UNLINK a"});
}

TEST_CASE("Fields past their deadlines are removed for all", "[journal][expiry]") {
  journal_fixture db;
  db.after({"HSET h f 1 g 2 i 3", "HPEXPIRE h 10 FIELDS 2 f g"});
  db.clock.advance_ms(10);
  auto gone = db.after({"HGET h f"});
  std::sort(gone.begin(), gone.end());
  CHECK(gone == lines{"EXEC", "HDEL h f", "HDEL h g", "MULTI"});
  db.after({"HPEXPIRE h 10 FIELDS 1 i"});
  db.clock.advance_ms(10);
  CHECK(db.after({"HGET h i"}) == lines{"DEL h"});
  db.after({"HSET h f 1", "HPEXPIRE h 10 FIELDS 1 f"});
  db.clock.advance_ms(10);
  db.node.update_time();
  while (db.node.background_slice()) {
  }
  CHECK(db.journalled() == lines{"HDEL h f"});
}

TEST_CASE("Streams are journalled with their IDs and what was delivered", "[journal][streams]") {
  journal_fixture db;
  const auto now = db.in(0);
  CHECK(db.after({"XADD s * f v"}) == lines{"XADD s " + now + "-0 f v"});
  CHECK(db.after({"XADD s MAXLEN ~ 100 * f w"}) == lines{"XADD s " + now + "-1 f w"});
  CHECK(db.after({"XADD s MAXLEN 1 * f x"}) == lines{"XADD s MAXLEN = 1 " + now + "-2 f x"});
  CHECK(db.after({"XGROUP CREATE s g 0"}) == lines{"XGROUP CREATE s g 0"});
  const auto id = now + "-2";
  CHECK(db.after({"XREADGROUP GROUP g c STREAMS s >"}) ==
        lines{"MULTI", "XGROUP CREATECONSUMER s g c",
              "XCLAIM s g c 0 " + id + " TIME " + now + " RETRYCOUNT 1 FORCE JUSTID LASTID " + id,
              "XGROUP SETID s g " + id + " ENTRIESREAD 3", "EXEC"});
  CHECK(db.after({"XCLAIM s g d 0 " + id}) ==
        lines{"MULTI", "XGROUP CREATECONSUMER s g d",
              "XCLAIM s g d 0 " + id + " TIME " + now + " RETRYCOUNT 2 FORCE JUSTID LASTID " + id,
              "EXEC"});
  CHECK(db.after({"XDEL s " + id, "XAUTOCLAIM s g d 0 0"}) ==
        lines{"XDEL s " + id, "XACK s g " + id});
}

TEST_CASE("Saving is not journalled", "[journal]") {
  journal_fixture db;
  CHECK(db.after({"SET a 1", "SAVE", "BGSAVE", "DEBUG RELOAD"}) == lines{"SET a 1"});
  CHECK(db("INFO persistence").find("rdb_changes_since_last_save:0") != std::string::npos);
}

TEST_CASE("Emptying databases is journalled even if they are empty", "[journal]") {
  journal_fixture db;
  CHECK(db.after({"FLUSHALL", "FLUSHDB ASYNC"}) == lines{"FLUSHALL", "FLUSHDB ASYNC"});
}
