#include "catch.hpp"
#include "command_line.hpp"
#include "engine_fixture.hpp"
#include "random_values.hpp"
#include "rdb_bytes.hpp"

#include <string>
#include <vector>

using hawser::test::engine_fixture;
using hawser::test::quote;
using hawser::test::random_values;
using namespace hawser::test::rdb;

namespace {

const std::string bad_data = "!ERR Bad data format";

/// Restores one payload after the other under the key k.
class restoring : public engine_fixture {
 public:
  restoring() {
    node.config.change([](auto& all) { all.enable_debug_command = hawser::engine::access::yes; });
  }
  std::string operator()(std::string_view line) { return engine_fixture::operator()(line); }
  std::string restore(const std::string& payload) {
    const std::vector<std::string> words{"RESTORE", "k", "0", payload, "REPLACE"};
    own_client().send_argv(words);
    return own_client().reply();
  }
  std::string encoding() { return (*this)("OBJECT ENCODING k"); }
};

}  // namespace

TEST_CASE("A hash comes in every form there has been", "[persistence][dump]") {
  restoring db;
  const std::string fields = "[a 1 b 2]";
  SECTION("fields one by one") {
    CHECK(db.restore(payload(
              4, length(2) + string("a") + string("1") + string("b") + string("2"))) == "OK");
  }
  SECTION("a zipmap") {
    const auto map = byte(2) + zip("a") + byte(1) + byte(0) + "1" + zip("b") + byte(1) + byte(3) +
                     "2xxx" + byte(0xff);
    CHECK(db.restore(payload(9, string(map))) == "OK");
  }
  SECTION("a ziplist") {
    const auto list = ziplist({zip("a"), zip("1"), zip("b"), byte(0xfe) + byte(2)});
    CHECK(db.restore(payload(13, string(list))) == "OK");
  }
  SECTION("a listpack") {
    CHECK(db.restore(payload(16, string(listpack({"a", "1", "b", "2"})))) == "OK");
  }
  CHECK(db("HGETALL k") == fields);
  CHECK(db.encoding() == "listpack");
}

TEST_CASE("Fields of hashes come with deadlines in every form there has been",
          "[persistence][dump]") {
  restoring db;
  const std::uint64_t at = 1'800'000'000'000;
  const auto pairs = [](const std::string& first, const std::string& second) {
    return length(2) + first + string("a") + string("1") + second + string("b") + string("2");
  };
  SECTION("Redis 7.4") {
    const auto none = pairs(length(1), length(0));
    CHECK(db.restore(payload(24, little(at) + none, 12)) == "OK");
    const auto later = pairs(length(501), length(0));
    CHECK(db.restore(payload(24, little(at - 500) + later, 12)) == "OK");
  }
  SECTION("Redis 7.4, packed") {
    const auto pack = listpack({"a", "1", "1800000000000", "b", "2", "0"});
    CHECK(db.restore(payload(25, little(at) + string(pack), 12)) == "OK");
  }
  SECTION("release candidates of Redis 7.4") {
    CHECK(db.restore(payload(22, pairs(length(at), length(0)), 12)) == "OK");
    const auto pack = listpack({"a", "1", "1800000000000", "b", "2", "0"});
    CHECK(db.restore(payload(23, string(pack), 12)) == "OK");
  }
  SECTION("Valkey") {
    const auto none = little(static_cast<std::int64_t>(-1));
    const auto value =
        length(2) + string("a") + string("1") + little(at) + string("b") + string("2") + none;
    CHECK(db.restore(payload(22, value, 80)) == "OK");
  }
  CHECK(db("HGETALL k").size() == std::string("[a 1 b 2]").size());
  CHECK(db("HPEXPIRETIME k FIELDS 2 a b") == "[1800000000000 -1]");
  db.advance_ms(static_cast<std::int64_t>(at) - db.clock.ms());
  CHECK(db("HGETALL k") == "[b 2]");
}

TEST_CASE("A hash with deadlines of fields survives DUMP and RESTORE", "[persistence][dump]") {
  restoring db;
  db("HSET h a 1 b 2 c 3");
  db("HPEXPIREAT h 1800000000000 FIELDS 1 a");
  db("HPEXPIREAT h 1800000000999 FIELDS 1 b");
  db.own_client().send("DUMP h");
  const auto reply = db.own_client().raw_reply();
  const auto begin = reply.find("\r\n") + 2;
  CHECK(db.restore(reply.substr(begin, reply.size() - begin - 2)) == "OK");
  CHECK(db("HPEXPIRETIME k FIELDS 3 a b c") == "[1800000000000 1800000000999 -1]");
}

TEST_CASE("A sorted set comes in every form there has been", "[persistence][dump]") {
  restoring db;
  SECTION("scores as text") {
    const auto score = [](std::string_view text) { return zip(text); };
    CHECK(db.restore(payload(3, length(4) + string("b") + score("2.5") + string("a") + score("1") +
                                    string("z") + byte(254) + string("m") + byte(255))) == "OK");
  }
  SECTION("binary scores") {
    const double infinite = std::numeric_limits<double>::infinity();
    CHECK(db.restore(payload(5, length(4) + string("z") + little(infinite) + string("b") +
                                    little(2.5) + string("a") + little(1.0) + string("m") +
                                    little(-infinite))) == "OK");
  }
  SECTION("a ziplist") {
    const auto list = ziplist(
        {zip("m"), zip("-inf"), zip("a"), byte(0xf2), zip("b"), zip("2.5"), zip("z"), zip("inf")});
    CHECK(db.restore(payload(12, string(list))) == "OK");
  }
  SECTION("a listpack") {
    const auto pack = listpack({"m", "-inf", "a", "1", "b", "2.5", "z", "inf"});
    CHECK(db.restore(payload(17, string(pack))) == "OK");
  }
  SECTION("a listpack out of order") {
    const auto pack = listpack({"b", "2.5", "z", "inf", "m", "-inf", "a", "1"});
    CHECK(db.restore(payload(17, string(pack))) == "OK");
  }
  CHECK(db("ZRANGE k 0 -1 WITHSCORES") == "[m -inf a 1 b 2.5 z inf]");
  CHECK(db.encoding() == "listpack");
}

TEST_CASE("A set comes in every form there has been", "[persistence][dump]") {
  restoring db;
  CHECK(db.restore(payload(2, length(2) + string("a") + string("7"))) == "OK");
  CHECK(db("SMEMBERS k") == "[a 7]");
  const auto set = little<std::uint32_t>(2) + little<std::uint32_t>(2) + little<std::int16_t>(-5) +
                   little<std::int16_t>(300);
  CHECK(db.restore(payload(11, string(set))) == "OK");
  CHECK(db("SMEMBERS k") == "[-5 300]");
  CHECK(db.encoding() == "intset");
  CHECK(db.restore(payload(20, string(listpack({"a", "7"})), 11)) == "OK");
  CHECK(db("SMEMBERS k") == "[a 7]");
  CHECK(db.encoding() == "listpack");
}

TEST_CASE("A list comes in every form there has been", "[persistence][dump]") {
  restoring db;
  SECTION("elements one by one") {
    CHECK(db.restore(payload(1, length(3) + string("a") + string("7") + string("b"))) == "OK");
  }
  SECTION("a ziplist") {
    const auto list = ziplist({zip("a"), byte(0xf8), zip("b")});
    CHECK(db.restore(payload(10, string(list))) == "OK");
  }
  SECTION("nodes of ziplists, one of them empty") {
    const auto nodes =
        string(ziplist({zip("a")})) + string(ziplist({})) + string(ziplist({zip("7"), zip("b")}));
    CHECK(db.restore(payload(14, length(3) + nodes)) == "OK");
  }
  SECTION("nodes of listpacks and a large element") {
    const auto nodes = length(2) + string(listpack({"a", "7"})) + length(1) + string("b");
    CHECK(db.restore(payload(18, length(2) + nodes)) == "OK");
  }
  CHECK(db("LRANGE k 0 -1") == "[a 7 b]");
}

TEST_CASE("A compact value of more elements than allowed becomes large", "[persistence][dump]") {
  restoring db;
  db.set("hash-max-listpack-entries", "1");
  db.set("zset-max-listpack-entries", "1");
  db.set("set-max-intset-entries", "1");
  db.set("set-max-listpack-entries", "1");
  const auto pairs = string(listpack({"a", "1", "b", "2"}));
  CHECK(db.restore(payload(16, pairs)) == "OK");
  CHECK(db.encoding() == "hashtable");
  CHECK(db.restore(payload(17, pairs)) == "OK");
  CHECK(db.encoding() == "skiplist");
  CHECK(db("ZRANGE k 0 -1 WITHSCORES") == "[a 1 b 2]");
  CHECK(db.restore(payload(20, string(listpack({"a", "b"})), 11)) == "OK");
  CHECK(db.encoding() == "hashtable");
}

TEST_CASE("What cannot be in a value is refused", "[persistence][dump]") {
  restoring db;
  const auto pair = string("a") + string("1");
  const auto twice = listpack({"a", "1", "a", "2"});
  CHECK(db.restore(payload(2, length(2) + string("a") + string("a"))) == bad_data);
  CHECK(db.restore(payload(4, length(2) + pair + pair)) == bad_data);
  CHECK(db.restore(payload(16, string(twice))) == bad_data);
  CHECK(db.restore(payload(16, string(listpack({"a", "1", "b"})))) == bad_data);
  CHECK(db.restore(payload(17, string(twice))) == bad_data);
  CHECK(db.restore(payload(17, string(listpack({"a", "x"})))) == bad_data);
  CHECK(db.restore(payload(17, string(listpack({"a", "nan"})))) == bad_data);
  CHECK(db.restore(payload(3, length(1) + string("a") + byte(253))) == bad_data);
  CHECK(db.restore(payload(3, length(1) + string("a") + zip("1x"))) == bad_data);
  CHECK(db.restore(payload(5, length(1) + string("a") + little(std::nan("")))) == bad_data);
  CHECK(db.restore(payload(13, string(ziplist({zip("a")})))) == bad_data);
  CHECK(db.restore(payload(13, string(ziplist({zip("a"), byte(0xff)})))) == bad_data);
  CHECK(db.restore(payload(20, string(listpack({"1", "1"})), 11)) == bad_data);
  CHECK(db.restore(payload(18, length(1) + length(3) + string("a"))) == bad_data);
  CHECK(db.restore(payload(18, length(1) + length(2) + string("a"))) == bad_data);
  CHECK(db.restore(payload(14, length(1) + string(ziplist({})))) == bad_data);
  CHECK(db.restore(payload(24, little<std::uint64_t>(1) + length(1) + length(~0ULL) + pair, 12)) ==
        bad_data);
  CHECK(db.restore(payload(25, little<std::uint64_t>(1) + string(listpack({"a", "1", "x"})), 12)) ==
        bad_data);
  CHECK(db("EXISTS k") == "0");
  for (const int type : {2, 4, 5, 16, 17})
    CHECK(db.restore(payload(type, type < 16 ? length(0) : string(listpack({})))) == bad_data);
}

TEST_CASE("The oldest form of a stream has neither counters nor activity", "[persistence][dump]") {
  restoring db;
  db("XADD k 1-1 f v");
  db("XADD k 2-1 f v");
  db("XGROUP CREATE k g 1-1 ENTRIESREAD 1");
  db("XREADGROUP GROUP g c STREAMS k >");
  db.own_client().send("DUMP k");
  auto dump = db.own_client().raw_reply();
  const auto begin = dump.find("\r\n") + 3;
  const auto body = dump.substr(begin, dump.size() - begin - 12);
  // The counters behind the last ID are: first ID, largest deleted ID, entries added.
  const auto counters = length(1) + length(1) + length(0) + length(0) + length(2);
  const auto at = body.find(length(2) + length(2) + length(1) + counters) + 3;
  REQUIRE(at != std::string::npos + 3);
  auto old = body.substr(0, at) + body.substr(at + counters.size());
  const auto group = old.find(string("g")) + 2;
  old.erase(group + 2, 1);  // how many entries it has read
  CHECK(db.restore(payload(15, old, 9)) == "OK");
  CHECK(db("XINFO STREAM k").find("entries-added 2 recorded-first-entry-id 1-1") !=
        std::string::npos);
  CHECK(db("XINFO GROUPS k") ==
        "[[name g consumers 1 pending 1 last-delivered-id 2-1 entries-read 2 lag 0]]");
}

TEST_CASE("A damaged payload is refused or restores something that can be used",
          "[persistence][dump]") {
  restoring db;
  random_values values(20261121);
  const std::vector<std::pair<std::string, std::string>> readers{
      {"hash", "HGETALL k"},
      {"list", "LRANGE k 0 -1"},
      {"set", "SMEMBERS k"},
      {"zset", "ZRANGE k 0 -1 WITHSCORES"},
      {"stream", "XINFO STREAM k FULL COUNT 0"},
      {"string", "GET k"}};
  for (const auto& [type, reader] : readers) {
    for (int round = 0; round < 40; ++round) {
      for (const auto& each : values.make(type, "source")) {
        db.own_client().send_argv(each);
        db.own_client().reply();
      }
      db.own_client().send("DUMP source");
      const auto reply = db.own_client().raw_reply();
      db("DEL source");
      if (reply.starts_with("$-1") || reply.size() > 3000) continue;
      const auto begin = reply.find("\r\n") + 2;
      const auto kind = static_cast<unsigned char>(reply[begin]);
      const auto body = reply.substr(begin + 1, reply.size() - begin - 13);
      for (int damage = 0; damage < 60; ++damage) {
        auto bytes = body;
        if (!bytes.empty() && values.below(4) == 0) bytes.resize(values.below(bytes.size()));
        for (auto left = values.below(3); left > 0 && !bytes.empty(); --left)
          bytes[values.below(bytes.size())] = static_cast<char>(values.below(256));
        const auto outcome = db.restore(payload(kind, bytes));
        if (outcome != "OK") {
          CHECK(outcome == bad_data);
          continue;
        }
        CHECK_FALSE(db(reader).starts_with("!"));
        CHECK_FALSE(db("DEBUG DIGEST-VALUE k").starts_with("!"));
        if (type == "stream") db("XTRIM k MAXLEN 1");
        if (type == "stream") db("XREVRANGE k + -");
        db("COPY k other REPLACE");
        db("DUMP other");
      }
    }
  }
}
