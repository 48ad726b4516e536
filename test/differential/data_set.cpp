#include "data_set.hpp"

#include "command_line.hpp"
#include "comparison.hpp"

#include <cstdlib>
#include <vector>

namespace hawser::test {
namespace {

constexpr int databases = 16;
constexpr std::int64_t ttl_tolerance_ms = 5'000;

struct reader {
  std::vector<std::string> command;
  compare_mode order;
};

reader reader_of(const std::string& type, const std::string& key) {
  if (type == "list") return {{"LRANGE", key, "0", "-1"}, compare_mode::bytes};
  if (type == "hash") return {{"HGETALL", key}, compare_mode::pairs};
  if (type == "set") return {{"SMEMBERS", key}, compare_mode::unordered};
  if (type == "zset") return {{"ZRANGE", key, "0", "-1", "WITHSCORES"}, compare_mode::bytes};
  if (type == "stream") return {{"XRANGE", key, "-", "+"}, compare_mode::bytes};
  return {{"GET", key}, compare_mode::bytes};
}

key_facts read_key(tcp_client& client, const std::string& key) {
  client.send_raw(encode_command({"TYPE", key}) + encode_command({"OBJECT", "ENCODING", key}) +
                  encode_command({"PTTL", key}));
  key_facts facts;
  facts.type = client.reply();
  facts.encoding = client.reply();
  facts.ttl_ms = client.receive().value.number;
  const auto how = reader_of(facts.type, key);
  client.send_argv(how.command);
  facts.value = canonical(client.receive().value, {how.order, 0, {}});
  return facts;
}

std::string described(const key_facts& facts) {
  return facts.type + " (" + facts.encoding + ") " + facts.value + ", pttl " +
         std::to_string(facts.ttl_ms);
}

bool same_facts(const key_facts& left, const key_facts& right) {
  const bool same_ttl = left.ttl_ms < 0 || right.ttl_ms < 0
                            ? left.ttl_ms == right.ttl_ms
                            : std::llabs(left.ttl_ms - right.ttl_ms) <= ttl_tolerance_ms;
  // What Hawser alone can be told to do, see tested_options.
  const bool compact_set =
      left.type == "set" && left.encoding == "hashtable" && right.encoding == "listpack";
  return same_ttl && left.type == right.type && (left.encoding == right.encoding || compact_set) &&
         left.value == right.value;
}

}  // namespace

std::map<std::string, key_facts> read_data_set(tcp_client& client) {
  std::map<std::string, key_facts> result;
  for (int database = 0; database < databases; ++database) {
    const auto number = std::to_string(database);
    client.send_argv({"SELECT", number});
    if (client.receive().value.kind == reply_kind::error) return result;
    client.send_argv({"KEYS", "*"});
    for (const auto& key : client.receive().value.items)
      result[number + "/" + key.text] = read_key(client, key.text);
  }
  return result;
}

std::string difference(const std::map<std::string, key_facts>& expected,
                       const std::map<std::string, key_facts>& actual) {
  for (const auto& [key, facts] : expected) {
    const auto found = actual.find(key);
    if (found == actual.end()) return quote(key) + " is missing, expected " + described(facts);
    if (!same_facts(facts, found->second))
      return quote(key) + ": expected " + described(facts) + "\n  got " + described(found->second);
  }
  for (const auto& [key, facts] : actual)
    if (!expected.contains(key)) return quote(key) + " should not exist: " + described(facts);
  return {};
}

}  // namespace hawser::test
