#include "random_values.hpp"

namespace hawser::test {

const std::vector<std::string>& random_values::types() {
  static const std::vector<std::string> all{"string", "list", "set", "hash", "zset", "stream"};
  return all;
}

std::size_t random_values::count() {
  constexpr std::size_t bounds[] = {2, 8, 40, 140, 700};
  return 1 + below(bounds[below(std::size(bounds))]);
}

std::string random_values::number() {
  const auto bits = random_() >> below(64);
  return std::to_string(below(2) == 0 ? static_cast<std::int64_t>(bits)
                                      : -static_cast<std::int64_t>(bits >> 1));
}

std::string random_values::text() {
  switch (below(10)) {
    case 0:
      return {};
    case 1:
    case 2:
    case 3:
      return number();
    case 4:
      return "00" + number();
    case 5:
      return std::string(1 + below(below(20) == 0 ? 20'000 : 90), 'a' + char(below(3)));
    case 6: {
      std::string bytes(below(90), ' ');
      for (auto& each : bytes) each = static_cast<char>(random_());
      return bytes;
    }
    default:
      return "word:" + std::to_string(below(10'000));
  }
}

std::string random_values::score() {
  switch (below(6)) {
    case 0:
      return below(2) == 0 ? "inf" : "-inf";
    case 1:
      return number();
    case 2:
      return std::to_string(below(1000)) + "." + std::to_string(below(100'000));
    case 3:
      return "1e" + std::to_string(static_cast<int>(below(600)) - 300);
    default:
      return std::to_string(below(20));
  }
}

/// Sets come of integers only as often as of anything.
std::vector<random_values::command> random_values::elements(const std::string& name,
                                                            const std::string& key) {
  const bool integers = below(2) == 0, is_short = below(2) == 0;
  const auto element = [&] {
    if (integers) return number();
    return is_short ? "e" + std::to_string(below(100'000)) : text();
  };
  command made{name, key};
  for (auto left = count(); left > 0; --left) {
    if (name == "ZADD") made.push_back(score());
    made.push_back(element());
    if (name == "HSET") made.push_back(is_short ? number() : text());
  }
  return {made};
}

void random_values::read_by_groups(std::vector<command>& to, const std::string& key,
                                   const std::vector<std::string>& ids) {
  for (auto groups = below(4); groups > 0; --groups) {
    const auto group = "group:" + std::to_string(groups);
    to.push_back({"XGROUP", "CREATE", key, group, below(2) == 0 ? "0" : ids[below(ids.size())]});
    for (auto reads = below(4); reads > 0; --reads) {
      const auto consumer = "consumer:" + std::to_string(below(3));
      to.push_back({"XREADGROUP", "GROUP", group, consumer, "COUNT", std::to_string(1 + below(30)),
                    "STREAMS", key, ">"});
      to.push_back({"XACK", key, group, ids[below(ids.size())], ids[below(ids.size())]});
    }
    if (below(2) == 0) to.push_back({"XGROUP", "CREATECONSUMER", key, group, "idle"});
  }
}

std::vector<random_values::command> random_values::stream(const std::string& key) {
  std::vector<command> commands;
  std::vector<std::string> ids;
  std::uint64_t ms = below(2) == 0 ? 1 : random_() >> 20;
  const bool same_fields = below(3) > 0;
  for (auto left = count(); left > 0; --left) {
    ms += 1 + below(100);
    ids.push_back(std::to_string(ms) + "-" + std::to_string(below(5)));
    command add{"XADD", key, ids.back()};
    for (auto fields = same_fields ? 2 : 1 + below(4); fields > 0; --fields) {
      add.push_back(same_fields ? "field:" + std::to_string(fields) : text());
      add.push_back(text());
    }
    commands.push_back(add);
  }
  read_by_groups(commands, key, ids);
  for (auto deleted = below(10); deleted > 0; --deleted)
    commands.push_back({"XDEL", key, ids[below(ids.size())]});
  if (below(3) == 0)
    commands.push_back({"XTRIM", key, "MAXLEN", std::to_string(below(ids.size()))});
  if (below(5) == 0) commands.push_back({"XTRIM", key, "MAXLEN", "0"});
  return commands;
}

std::vector<random_values::command> random_values::make(const std::string& type,
                                                        const std::string& key) {
  if (type == "string") return {{"SET", key, text()}};
  if (type == "list") return elements("RPUSH", key);
  if (type == "set") return elements("SADD", key);
  if (type == "hash") return elements("HSET", key);
  if (type == "zset") return elements("ZADD", key);
  return stream(key);
}

}  // namespace hawser::test
