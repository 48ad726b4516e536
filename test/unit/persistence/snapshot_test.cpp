#include "catch.hpp"
#include "engine_fixture.hpp"
#include "grammar.hpp"
#include <commands/data_file.hpp>
#include <commands/snapshot.hpp>
#include <store/hash_value.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <regex>
#include <string>
#include <vector>

using namespace hawser;
using namespace hawser::test;

namespace {

constexpr auto file_name = "dump.rdb";

/// Low enough that every collection has its large form soon.
const engine_fixture::directives low_limits{
    {"hash-max-listpack-entries", "3"}, {"set-max-intset-entries", "4"},
    {"zset-max-listpack-entries", "3"}, {"stream-node-max-entries", "3"},
    {"list-max-listpack-size", "3"},    {"proto-max-bulk-len", "1mb"}};

struct debugged_fixture : engine_fixture {
  debugged_fixture() : engine_fixture(low_limits) {
    node.config.change([](auto& all) { all.enable_debug_command = engine::access::yes; });
  }
};

/// Fields with their deadlines.
std::string fields_of(store::database& data, store::entry& of) {
  const store::hash_value hash(data, of);
  std::vector<std::string> all;
  hash.for_each([&](const auto& field, const auto& value) {
    store::digits digits;
    const std::string name(field.text(digits.room));
    all.push_back(name + "=" + std::string(value.text(digits.room)) + " until " +
                  std::to_string(hash.deadline(name).value_or(-1)));
  });
  std::ranges::sort(all);
  std::string text;
  for (const auto& each : all) text += each + ", ";
  return text;
}

/// What each key of all databases holds, and until when.
std::map<std::string, std::string> data_of(engine_fixture& db) {
  // When a consumer last got something is not in the file.
  static const std::regex active("active-time -?[0-9]+");
  std::map<std::string, std::string> found;
  auto reader = db.connect();
  for (int index = 0; index < db.node.database_count(); ++index) {
    reader("SELECT " + std::to_string(index));
    auto& data = db.node.database(index);
    std::vector<std::string> keys;
    data.for_each([&](const store::entry* each) { keys.emplace_back(each->key()); });
    for (const auto& key : keys) {
      const auto ask = [&](std::vector<std::string> words) {
        reader.send_argv(words);
        return reader.reply();
      };
      const auto until = ask({"PEXPIRETIME", key});
      auto* entry = data.find(key);
      if (entry == nullptr) continue;  // it was due
      auto& text = found[std::to_string(index) + " " + key];
      text = ask({"DEBUG", "DIGEST-VALUE", key}) + " until " + until;
      if (entry->type() == store::value_type::hash) text += " " + fields_of(data, *entry);
      if (entry->type() == store::value_type::stream)
        text += std::regex_replace(ask({"XINFO", "STREAM", key, "FULL", "COUNT", "0"}), active, "");
    }
  }
  return found;
}

class memory_consumer final : public persistence::snapshot_consumer {
 public:
  explicit memory_consumer(std::string& to) : to_(&to) {}
  std::error_code write(std::string_view bytes) override {
    *to_ += bytes;
    return {};
  }
  std::error_code finish() override { return {}; }

 private:
  std::string* to_;
};

/// Writes a snapshot beside the commands of a test, and compares it with what there was when it
/// began.
class witness {
 public:
  witness(debugged_fixture& db, std::uint64_t seed) : db_(&db), random_(seed) {
    db.holds_snapshots = true;
  }

  void begin() {
    expected_ = data_of(*db_);
    begun_ms_ = db_->clock.ms();
    bytes_.clear();
    done_ = false;
    std::vector<persistence::snapshot_target> targets;
    targets.push_back({std::make_unique<memory_consumer>(bytes_), [this](std::error_code failure) {
                         CHECK_FALSE(failure);
                         done_ = true;
                       }});
    commands::snapshot_options options;
    options.limits = {below(4), below(3), below(2) == 0 ? 1 : std::size_t{1} << 20};
    REQUIRE(commands::begin_snapshot(db_->node, std::move(targets), options));
  }

  /// A little more of it, or nothing.
  void go_on() {
    if (!db_->node.snapshot) return begin();
    if (below(3) == 0) db_->run_background_work();
    if (below(2) == 0) return;
    kept_before_end_ = db_->node.snapshot->kept();
    commands::snapshot_slice(
        db_->node, persistence::time_slice(db_->clock, 1'000'000'000, below(8) == 0 ? 20 : 2));
    if (!db_->node.snapshot) compare();
  }

  void finish() {
    if (!db_->node.snapshot) return;
    db_->finish_snapshot();
    compare();
  }

  int compared() const { return compared_; }
  std::size_t kept() const { return kept_; }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  void compare() {
    CHECK(done_);
    ++compared_;
    kept_ += kept_before_end_;
    debugged_fixture copy;
    copy.set("zset-max-listpack-entries", "0");  // a listpack has no -0, which a large set may have
    copy.clock.advance_ms(begun_ms_ - copy.clock.ms());
    copy.node.update_time();
    copy.files_of_server.put(file_name, bytes_);
    const auto loaded = commands::load_data(copy.node);
    INFO(loaded.reason);
    REQUIRE(loaded.what == commands::load_result::outcome::loaded);
    const auto found = data_of(copy);
    for (const auto& [key, value] : expected_) {
      INFO("database and key " << key);
      REQUIRE(found.contains(key));
      REQUIRE(found.at(key) == value);
    }
    REQUIRE(found.size() == expected_.size());
  }

  debugged_fixture* db_;
  std::mt19937_64 random_;
  std::map<std::string, std::string> expected_;
  base::milliseconds_t begun_ms_ = 0;
  std::string bytes_;
  bool done_ = false;
  std::size_t kept_before_end_ = 0;
  int compared_ = 0;
  std::size_t kept_ = 0;
};

/// Changes of every kind to few keys that hold much.
const command_family large_values{
    "large values",
    1,
    {
        {12, "RPUSH (l0|l1|l2) <text> <text> <text> <text> <text> <text> <text> <text>"},
        {8,
         "(RPUSH|LPUSH) (l0|l1|l2) "
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaa"
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
         "aaa "
         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
         "bbbbbb"
         "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
         "bbbbbb "
         "<text> <text> <text> <text> <text> <text> <text> <text> <text> <text> <text> <text>"},
        {4, "(LPOP|RPOP) (l0|l1|l2) [1|3|10]"},
        {3, "LSET (l0|l1|l2) <index> <text>"},
        {3, "LINSERT (l0|l1|l2) (BEFORE|AFTER) <text> <text>"},
        {2, "LREM (l0|l1|l2) <index> <text>"},
        {1, "LTRIM (l0|l1|l2) (0|2|10) (-1|-3|20)"},
        {2, "LMOVE (l0|l1) (l1|l2) (LEFT|RIGHT) (LEFT|RIGHT)"},
        {1, "CONFIG SET list-compress-depth (0|1|2)"},
        {8, "SADD (s0|s1) <member>+ <int>+"},
        {2, "SREM (s0|s1) <member> <int>"},
        {2, "SPOP (s0|s1) [1|3]"},
        {1, "SMOVE (s0|s1) (s0|s1) <member>"},
        {1, "(SUNIONSTORE|SDIFFSTORE) (s0|s1) s0 s1"},
        {8, "HSET (h0|h1) <member> <text> <member> <text> <member> <text>"},
        {3, "(HPEXPIRE|HEXPIRE) (h0|h1) (1|100|1000) FIELDS 2 <member> <member>"},
        {2, "HINCRBY (h0|h1) n 1"},
        {2, "HDEL (h0|h1) <member>"},
        {2, "HGETEX (h0|h1) (PX 100|PERSIST) FIELDS 1 <member>"},
        {2, "HSETEX (h0|h1) (PX 100|KEEPTTL) FIELDS 1 <member> <text>"},
        {1, "HGETALL (h0|h1)"},
        {8, "ZADD (z0|z1) <int> <member> <int> <member> <int> <member>"},
        {3, "ZINCRBY (z0|z1) 1 <member>"},
        {1, "ZREM (z0|z1) <member>"},
        {1, "(ZPOPMIN|ZPOPMAX) (z0|z1) [2]"},
        {1, "ZREMRANGEBYRANK (z0|z1) 1 3"},
        {1, "ZUNIONSTORE (z0|z1) 2 z0 z1"},
        {12, "XADD (x0|x1) * <member> <text>"},
        {2, "XADD (x0|x1) MAXLEN [~] 20 * <member> <text>"},
        {1, "XTRIM (x0|x1) MAXLEN 5"},
        {3, "XGROUP CREATE (x0|x1) (g0|g1) ($|0)"},
        {6, "XREADGROUP GROUP (g0|g1) (c0|c1) COUNT (1|3) [NOACK] STREAMS (x0|x1) (>|0)"},
        {2, "XAUTOCLAIM (x0|x1) (g0|g1) (c0|c1) (0|100) 0 [COUNT 2]"},
        {1, "XGROUP (DESTROY|DELCONSUMER|CREATECONSUMER) (x0|x1) (g0|g1) c0"},
        {1, "XSETID (x0|x1) 99999999999999-1"},
        {4, "SET (a0|a1|a2) <text> [PX 10|EX 1|PX 100]"},
        {3, "APPEND (a0|a1|a2) <text>"},
        {2, "SETRANGE (a0|a1) 3 <text>"},
        {1, "SETBIT (a0|a1) 7 1"},
        {1, "INCR n0"},
        {2, "PFADD p0 <member>"},
        {1, "PFCOUNT p0"},
        {3, "(PEXPIRE|EXPIRE) (a0|a1|h0|s1|x1|l0|z1) (10|100|1000)"},
        {2, "PERSIST (a0|a1|h0|s1|x1|l0|z1)"},
        {1, "RENAME (a0|h0|s1|x1|l0|z1|l1) (a1|h0|s0|x0|l2|z0)"},
        {1, "COPY (a0|h0|s1|x1|l0|z1|l1) (a1|h0|s0|x0|l2|z0) [DB (1|2)] REPLACE"},
        {1, "MOVE (a0|h0|s1|x1|l0|z1) (0|1)"},
        {1, "DEL (a0|h0|s1|x1|l0|z1|l1)"},
        {1, "UNLINK (h1|s0|x0|l2|z0)"},
        {2, "SELECT (0|1)"},
        {1, "SWAPDB 0 1"},
        {1, "(FLUSHDB|FLUSHALL) [SYNC|ASYNC]"},
    }};

/// Returns how many snapshots were compared.
int watch(const command_family& family, std::uint64_t seed, int commands) {
  INFO(family.name << ", seed " << seed);
  debugged_fixture db;
  witness beside(db, seed);
  auto who = db.connect();
  command_generator generator(family, seed);
  for (int i = 0; i < commands; ++i) {
    play(db, who, generator.next().argv);
    beside.go_on();
    if (generator.below(10) != 0) continue;
    db.advance_ms(static_cast<base::milliseconds_t>(generator.below(200)));
    db.node.update_time();
    // What is due and has not been removed is removed when somebody looks at it.
    if (generator.below(3) == 0) db.node.background_slice();
  }
  beside.finish();
  return beside.compared();
}

}  // namespace

TEST_CASE("A snapshot beside random commands holds what there was when it began",
          "[snapshot][random]") {
  int compared = 0;
  for (const auto& family : command_families())
    if (!family.pushes) compared += watch(family, 11, 3'000);
  CHECK(compared > 500);
}

TEST_CASE("A snapshot beside random commands holds large values as they were",
          "[snapshot][random]") {
  int compared = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) compared += watch(large_values, seed, 4'000);
  CHECK(compared > 200);
}
