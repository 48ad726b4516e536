#include "catch.hpp"
#include "engine_fixture.hpp"

#include <map>
#include <string>

using hawser::test::engine_fixture;

TEST_CASE("ZADD adds members and changes scores as its options say", "[sorted_sets]") {
  engine_fixture db;
  CHECK(db("ZADD z 1 a 2 b") == "2");
  CHECK(db("ZADD z 3 a 4 c") == "1");
  CHECK(db("ZADD z CH 5 a 6 d") == "2");
  CHECK(db("ZADD z NX 9 a 9 e") == "1");
  CHECK(db("ZADD z XX CH 8 a 9 f") == "1");
  CHECK(db("ZADD z GT CH 7 a 3 b") == "1");
  CHECK(db("ZADD z LT INCR 1 a") == "nil");
  CHECK(db("ZADD z INCR 0.5 a") == "8.5");
  CHECK(db("ZRANGE z 0 -1 WITHSCORES") == "[b 3 c 4 d 6 a 8.5 e 9]");
  CHECK(db("ZADD none XX 1 a") == "0");
  CHECK(db("EXISTS none") == "0");
}

TEST_CASE("Scores that are no numbers are refused", "[sorted_sets]") {
  engine_fixture db;
  CHECK(db("ZADD z nan a") == "!ERR value is not a valid float");
  CHECK(db("ZADD z 1 a x b") == "!ERR value is not a valid float");
  CHECK(db("EXISTS z") == "0");
  CHECK(db("ZADD z inf a") == "1");
  CHECK(db("ZINCRBY z -inf a") == "!ERR resulting score is not a number (NaN)");
  CHECK(db("ZSCORE z a") == "inf");
}

TEST_CASE("Ranks count from both ends", "[sorted_sets]") {
  engine_fixture db;
  db("ZADD z 1 a 2 b 3 c");
  CHECK(db("ZRANK z b") == "1");
  CHECK(db("ZREVRANK z a") == "2");
  CHECK(db("ZRANK z c WITHSCORE") == "[2 3]");
  CHECK(db("ZRANK z none WITHSCORE") == "nil[]");
  CHECK(db("ZRANK z none") == "nil");
}

TEST_CASE("RESP3 has doubles and pairs", "[sorted_sets]") {
  engine_fixture db;
  db("HELLO 3");
  db("ZADD z 1 a 2.5 b");
  CHECK(db("ZSCORE z b") == ",2.5");
  CHECK(db("ZRANGE z 0 -1 WITHSCORES") == "[[a ,1] [b ,2.5]]");
  CHECK(db("ZPOPMIN z") == "[a ,1]");
  CHECK(db("ZPOPMIN z 1") == "[[b ,2.5]]");
}

TEST_CASE("A sorted set whose last member goes is no key any more", "[sorted_sets]") {
  engine_fixture db;
  for (const auto* last : {"ZREM z a", "ZPOPMIN z", "ZPOPMAX z 5", "ZREMRANGEBYRANK z 0 -1",
                           "ZREMRANGEBYSCORE z 0 2", "ZREMRANGEBYLEX z - +", "ZMPOP 1 z MIN"}) {
    db("ZADD z 1 a");
    db(last);
    CHECK(db("EXISTS z") == "0");
  }
}

TEST_CASE("A result may replace one of its sources", "[sorted_sets]") {
  engine_fixture db;
  db("ZADD a 1 x 2 y");
  db("ZADD b 10 y 20 z");
  CHECK(db("ZUNIONSTORE a 2 a b WEIGHTS 1 2") == "3");
  CHECK(db("ZRANGE a 0 -1 WITHSCORES") == "[x 1 y 22 z 40]");
  CHECK(db("ZRANGESTORE a a 1 2") == "2");
  CHECK(db("ZRANGE a 0 -1") == "[y z]");
  CHECK(db("ZDIFFSTORE a 2 a b") == "0");
  CHECK(db("EXISTS a") == "0");
}

TEST_CASE("ZRANDMEMBER replies each choice of members equally often", "[sorted_sets]") {
  const auto* entries = GENERATE("0", "128");
  engine_fixture db({{"zset-max-listpack-entries", entries}});
  for (int i = 0; i < 20; ++i) db("ZADD z " + std::to_string(i) + " " + std::to_string(i));
  const auto* count = GENERATE("1", "2", "-2", "7");
  std::map<std::string, int> seen;
  int total = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto reply = db(std::string("ZRANDMEMBER z ") + count);
    std::string word;
    for (const char c : reply) {
      if (c >= '0' && c <= '9') {
        word += c;
      } else if (!word.empty()) {
        ++seen[word];
        ++total;
        word.clear();
      }
    }
  }
  double chi_square = 0;
  const double expected = total / 20.0;
  for (int i = 0; i < 20; ++i) {
    const double difference = seen[std::to_string(i)] - expected;
    chi_square += difference * difference / expected;
  }
  CHECK(chi_square < 50);  // 19 degrees of freedom: once in eight thousand fair runs
}

TEST_CASE("ZSCAN visits every member that stays", "[sorted_sets]") {
  engine_fixture db({{"zset-max-listpack-entries", "0"}});
  for (int i = 0; i < 500; ++i) db("ZADD z 1 m" + std::to_string(i));
  std::map<std::string, int> seen;
  std::string cursor = "0";
  do {
    const auto reply = db("ZSCAN z " + cursor + " COUNT 20");
    cursor = reply.substr(1, reply.find(' ') - 1);
    for (auto at = reply.find('m'); at != reply.npos; at = reply.find('m', at + 1))
      ++seen[reply.substr(at, reply.find(' ', at) - at)];
  } while (cursor != "0");
  CHECK(seen.size() == 500);
}

TEST_CASE("Equal sorted sets have equal digests in both encodings", "[sorted_sets]") {
  engine_fixture db;
  db("ZADD a 1 x 2.5 y");
  db("CONFIG SET zset-max-listpack-entries 0");
  db("ZADD b 2.5 y 1 x");
  CHECK(db("OBJECT ENCODING a") == "listpack");
  CHECK(db("OBJECT ENCODING b") == "skiplist");
  CHECK(db("DEBUG DIGEST-VALUE a") == db("DEBUG DIGEST-VALUE b"));
}

TEST_CASE("BZPOPMIN serves the client that waited longest first", "[sorted_sets][blocking]") {
  engine_fixture db;
  auto first = db.connect(), second = db.connect();
  first.send("BZPOPMIN jobs 0");
  second.send("BZMPOP 0 2 other jobs MAX COUNT 5");
  CHECK(first.blocked());
  db("ZADD jobs 1 a 2 b 3 c");
  CHECK(first.reply() == "[jobs a 1]");
  CHECK(second.reply() == "[jobs [[c 3] [b 2]]]");
  CHECK(db("EXISTS jobs") == "0");
}

TEST_CASE("BZPOPMAX waits for a sorted set and for no other type", "[sorted_sets][blocking]") {
  engine_fixture db;
  auto waiting = db.connect();
  waiting.send("BZPOPMAX key more 5");
  db("SADD key a");
  CHECK(waiting.blocked());
  db("ZUNIONSTORE more 1 key");
  CHECK(waiting.reply() == "[more a 1]");
  waiting.send("BZPOPMAX more 5");
  db.advance_ms(5000);
  CHECK(waiting.reply() == "nil[]");
}
