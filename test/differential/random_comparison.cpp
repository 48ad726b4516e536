#include "random_comparison.hpp"

#include "command_line.hpp"
#include "data_set.hpp"
#include "oracle.hpp"
#include "tcp_client.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <strings.h>
#include <system_error>

namespace hawser::test {
namespace {

constexpr std::size_t max_batch = 60;
constexpr std::size_t compare_data_every = 2'000;
constexpr std::size_t shown_tail = 20;
constexpr std::chrono::seconds shrink_for{20};

// The value of a field of CLIENT INFO.
std::string field_of(const std::string& text, const std::string& name) {
  const auto from = text.find(name + "=") + name.size() + 1;
  return text.substr(from, text.find(' ', from) - from);
}

// A fresh start on one server: no keys, new clients, counters at zero.
class player {
 public:
  player(const server_process& server, int clients, int protocol)
      : server_(server), protocol_(protocol), observer_(server) {
    observer_("FLUSHALL");
    clients_.resize(static_cast<std::size_t>(clients));
    for (std::size_t i = 0; i < clients_.size(); ++i) connect(i);
    observer_("CONFIG SET slowlog-log-slower-than -1 slowlog-max-len 128");
    observer_("SLOWLOG RESET");
    observer_("CONFIG RESETSTAT");
  }

  void connect(std::size_t number) {
    auto& connected = clients_[number];
    connected.connection = std::make_unique<tcp_client>(server_);
    const auto info = (*connected.connection)("CLIENT INFO");
    connected.id = field_of(info, "id");
    connected.addr = field_of(info, "addr");
    if (protocol_ == 3) client(number)("HELLO 3");
  }

  // What is sent of a step, with the names of clients in place.
  std::string encode(const std::vector<std::string>& words) const {
    std::string request;
    std::vector<std::string> argv;
    for (const auto& word : words) {
      if (word != ";") {
        argv.push_back(in_place(word));
        continue;
      }
      request += encode_command(argv);
      argv.clear();
    }
    return request + encode_command(argv);
  }

  // Nothing of these clients is left on the server, such as subscriptions.
  void leave() {
    for (auto& each : clients_) {
      each.connection->half_close();
      each.connection->read_until_closed();
    }
  }

  tcp_client& client(std::size_t number) { return *clients_[number].connection; }
  std::size_t client_count() const { return clients_.size(); }

  // Read in the order of each server's table, which must not show.
  std::map<std::string, key_facts> data() {
    auto all = read_data_set(observer_);
    observer_("SLOWLOG RESET");
    return all;
  }

 private:
  struct connected_client {
    std::unique_ptr<tcp_client> connection;
    std::string id, addr;
  };

  std::string in_place(const std::string& word) const {
    const auto number = [&](std::string_view prefix) {
      return std::stoul(word.substr(prefix.size()));
    };
    if (word.starts_with(id_of_client)) return clients_[number(id_of_client)].id;
    if (word.starts_with(addr_of_client)) return clients_[number(addr_of_client)].addr;
    return word;
  }

  const server_process& server_;
  int protocol_;
  tcp_client observer_;
  std::vector<connected_client> clients_;
};

bool may_close(const std::vector<std::string>& argv) {
  return ::strcasecmp(argv[0].c_str(), "quit") == 0 ||
         (argv.size() > 1 && ::strcasecmp(argv[1].c_str(), "kill") == 0);
}

// Commands of one client in a row go out in one write.
std::size_t batch_end(const std::vector<played_command>& commands, std::size_t first) {
  auto end = first + 1;
  while (end < commands.size() && end - first < max_batch &&
         commands[end].client == commands[first].client && end % compare_data_every != 0 &&
         !may_close(commands[end - 1].command.argv))
    ++end;
  return end;
}

std::optional<std::string> compare_reply(const received_reply& expected,
                                         const received_reply& actual, const comparison& how) {
  if (same(expected, actual, how)) return std::nullopt;
  const auto [left, right] =
      around_difference(canonical(expected.value, how), canonical(actual.value, how));
  return "\n  oracle: " + left + "\n  tested: " + right;
}

std::optional<std::string> compare_batch(player& oracle, player& tested,
                                         const std::vector<played_command>& commands,
                                         std::size_t& at, std::size_t end) {
  const auto client = commands[at].client;
  for (auto* each : {&oracle, &tested}) {
    std::string request;
    for (auto i = at; i < end; ++i) request += each->encode(commands[i].command.argv);
    each->client(client).send_raw(request);
  }
  for (; at < end; ++at) {
    const auto expected = oracle.client(client).receive();
    const auto actual = tested.client(client).receive();
    if (auto text = compare_reply(expected, actual, commands[at].command.how)) return text;
  }
  return std::nullopt;
}

// What a client hears up to the reply of a PING that was sent behind a command, which is served
// whatever the client has subscribed to.
constexpr std::string_view end_of_step = "(end of step)";
const std::vector<std::string> ping{"PING", std::string(end_of_step)};

struct heard {
  std::vector<received_reply> replies;
  bool closed = false;
};

bool by_pattern(const received_reply& reply) {
  return !reply.value.items.empty() && reply.value.items[0].text == "pmessage";
}

// A message goes to the patterns it matches in no particular order.
void sort_runs_by_pattern(std::vector<received_reply>& all) {
  const auto less = [](const auto& one, const auto& other) { return one.bytes < other.bytes; };
  for (auto at = all.begin(); at != all.end();) {
    at = std::find_if(at, all.end(), by_pattern);
    const auto end = std::find_if_not(at, all.end(), by_pattern);
    std::sort(at, end, less);
    at = end;
  }
}

bool ends_step(const reply_value& reply) {
  const auto& items = reply.items;
  return reply.text == end_of_step || (items.size() == 2 && items[1].text == end_of_step);
}

heard hear(tcp_client& client) {
  heard all;
  try {
    for (;;) {
      auto next = client.receive();
      if (ends_step(next.value)) break;
      all.replies.push_back(std::move(next));
    }
  } catch (const connection_closed&) {
    all.closed = true;
  }
  sort_runs_by_pattern(all.replies);
  return all;
}

std::string listed(const heard& all) {
  std::string text;
  for (const auto& each : all.replies) text += to_string(each.value) + "; ";
  return text + (all.closed ? "closed" : "still open");
}

std::optional<std::string> compare_heard(const heard& expected, const heard& actual,
                                         const comparison& how) {
  if (expected.closed != actual.closed || expected.replies.size() != actual.replies.size())
    return "\n  oracle: " + listed(expected) + "\n  tested: " + listed(actual);
  for (std::size_t i = 0; i < expected.replies.size(); ++i)
    if (auto text = compare_reply(expected.replies[i], actual.replies[i], how)) return text;
  return std::nullopt;
}

// What the others have heard meanwhile. Whatever had been on its way to a client that was killed
// does not count.
std::optional<std::string> compare_others(player& oracle, player& tested, std::size_t but) {
  for (std::size_t i = 0; i < oracle.client_count(); ++i) {
    if (i == but) continue;
    for (auto* each : {&oracle, &tested}) try {
        each->client(i).send_raw(each->encode(ping));
      } catch (const std::system_error&) {  // killed
      }
    auto expected = hear(oracle.client(i));
    auto actual = hear(tested.client(i));
    if (expected.closed && actual.closed) {
      oracle.connect(i);
      tested.connect(i);
      continue;
    }
    if (const auto text = compare_heard(expected, actual, {}))
      return "\n  heard by " + std::to_string(i) + *text;
  }
  return std::nullopt;
}

// The same for a family whose commands have any number of replies.
std::optional<std::string> compare_steps(player& oracle, player& tested,
                                         const std::vector<played_command>& commands,
                                         std::size_t& at, std::size_t end) {
  const auto client = commands[at].client;
  for (auto* each : {&oracle, &tested}) {
    std::string request;
    for (auto i = at; i < end; ++i)
      request += each->encode(commands[i].command.argv) + each->encode(ping);
    each->client(client).send_raw(request);
  }
  bool closed = false;
  for (; at < end && !closed; ++at) {
    const auto expected = hear(oracle.client(client));
    const auto actual = hear(tested.client(client));
    if (auto text = compare_heard(expected, actual, commands[at].command.how)) return text;
    closed = expected.closed;
  }
  at = end;
  if (closed) {
    oracle.connect(client);
    tested.connect(client);
  }
  return compare_others(oracle, tested, client);
}

std::string listed(const std::vector<played_command>& commands, std::size_t first) {
  std::string text;
  for (auto i = first; i < commands.size(); ++i)
    text += "\n  " + std::to_string(commands[i].client) + "> " + to_line(commands[i].command.argv);
  return text;
}

// Of the family, the commands that the server has.
command_family known_part(const server_process& server, const command_family& family) {
  auto known = family;
  std::erase_if(known.rules, [&](const command_rule& rule) {
    const auto name = rule.pattern.substr(0, rule.pattern.find(' '));
    const bool several = name.front() == '(';
    return !several && name != "NOSUCH" && !knows_command(server, std::string(name));
  });
  if (known.rules.empty()) throw std::runtime_error("the server has no command of the family");
  return known;
}

std::vector<played_command> without(const std::vector<played_command>& commands, std::size_t first,
                                    std::size_t count) {
  auto rest = commands;
  const auto from = rest.begin() + static_cast<std::ptrdiff_t>(first);
  rest.erase(from, from + static_cast<std::ptrdiff_t>(std::min(count, rest.size() - first)));
  return rest;
}

}  // namespace

random_comparison::random_comparison(server_process& oracle, server_process& tested,
                                     const command_family& family, int protocol)
    : oracle_(oracle), tested_(tested), family_(known_part(tested, family)), protocol_(protocol) {}

std::optional<std::string> random_comparison::run(std::uint64_t seed, std::size_t count) {
  command_generator generator(family_, seed);
  std::vector<played_command> commands;
  while (commands.size() < count) {
    const auto client = generator.below(static_cast<std::size_t>(family_.connections));
    for (auto left = 1 + generator.below(max_batch / 2); left > 0; --left)
      commands.push_back({client, generator.next()});
  }
  if (const auto found = play(commands)) return report(*found, std::move(commands));
  return std::nullopt;
}

std::optional<found_difference> random_comparison::play(
    const std::vector<played_command>& commands) {
  player oracle(oracle_, family_.connections, protocol_);
  player tested(tested_, family_.connections, protocol_);
  std::size_t at = 0;
  try {
    while (at < commands.size()) {
      const auto end = batch_end(commands, at);
      const auto compare = family_.pushes ? compare_steps : compare_batch;
      if (const auto text = compare(oracle, tested, commands, at, end))
        return found_difference{at + 1, *text};
      if (at % compare_data_every != 0 && at != commands.size()) continue;
      if (const auto text = difference(oracle.data(), tested.data()); !text.empty())
        return found_difference{at, "\n  data set: " + text};
    }
    oracle.leave();
    tested.leave();
  } catch (const std::exception& problem) {
    return found_difference{std::min(at + 1, commands.size()),
                            std::string("\n  ") + problem.what()};
  }
  return std::nullopt;
}

std::string random_comparison::report(const found_difference& found,
                                      std::vector<played_command> commands) {
  commands.resize(found.at);
  const auto first = commands.size() - std::min(commands.size(), shown_tail);
  auto text = "after " + std::to_string(found.at) + " commands:" + found.text +
              "\nlast commands:" + listed(commands, first);
  const auto shortest = shrink(std::move(commands));
  if (const auto again = play(shortest))
    text += "\nshrunk to " + std::to_string(shortest.size()) + " commands:" + listed(shortest, 0) +
            again->text;
  return text;
}

// Leaves out ever smaller parts as long as the servers still differ.
std::vector<played_command> random_comparison::shrink(std::vector<played_command> commands) {
  const auto end = std::chrono::steady_clock::now() + shrink_for;
  for (auto part = commands.size() / 2; part > 0; part /= 2) {
    for (std::size_t first = 0; first < commands.size();) {
      if (std::chrono::steady_clock::now() > end) return commands;
      auto fewer = without(commands, first, part);
      if (play(fewer)) {
        commands = std::move(fewer);
      } else {
        first += part;
      }
    }
  }
  return commands;
}

}  // namespace hawser::test
