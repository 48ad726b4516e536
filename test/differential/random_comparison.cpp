#include "random_comparison.hpp"

#include "command_line.hpp"
#include "data_set.hpp"
#include "oracle.hpp"
#include "tcp_client.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace hawser::test {
namespace {

constexpr std::size_t max_batch = 60;
constexpr std::size_t compare_data_every = 2'000;
constexpr std::size_t shown_tail = 20;
constexpr std::chrono::seconds shrink_for{20};

// A fresh start on one server: no keys, new clients.
class player {
 public:
  player(const server_process& server, int clients, int protocol) : observer_(server) {
    observer_("FLUSHALL");
    for (int i = 0; i < clients; ++i) {
      clients_.push_back(std::make_unique<tcp_client>(server));
      if (protocol == 3) (*clients_.back())("HELLO 3");
    }
  }

  tcp_client& client(std::size_t number) { return *clients_[number]; }
  std::map<std::string, key_facts> data() { return read_data_set(observer_); }

 private:
  tcp_client observer_;
  std::vector<std::unique_ptr<tcp_client>> clients_;
};

// Commands of one client in a row go out in one write.
std::size_t batch_end(const std::vector<played_command>& commands, std::size_t first) {
  auto end = first + 1;
  while (end < commands.size() && end - first < max_batch &&
         commands[end].client == commands[first].client && end % compare_data_every != 0)
    ++end;
  return end;
}

std::optional<std::string> compare_batch(player& oracle, player& tested,
                                         const std::vector<played_command>& commands,
                                         std::size_t& at, std::size_t end) {
  const auto client = commands[at].client;
  std::string request;
  for (auto i = at; i < end; ++i) request += encode_command(commands[i].command.argv);
  oracle.client(client).send_raw(request);
  tested.client(client).send_raw(request);
  for (; at < end; ++at) {
    const auto expected = oracle.client(client).receive();
    const auto actual = tested.client(client).receive();
    const auto& how = commands[at].command.how;
    if (same(expected, actual, how)) continue;
    const auto [left, right] =
        around_difference(canonical(expected.value, how), canonical(actual.value, how));
    return "\n  oracle: " + left + "\n  tested: " + right;
  }
  return std::nullopt;
}

std::string listed(const std::vector<played_command>& commands, std::size_t first) {
  std::string text;
  for (auto i = first; i < commands.size(); ++i)
    text += "\n  " + std::to_string(commands[i].client) + "> " + to_line(commands[i].command.argv);
  return text;
}

// Of the family, the commands that the server has.
command_family known_part(const server_process& server, const command_family& family) {
  command_family known{family.name, family.connections, {}};
  for (const auto& rule : family.rules) {
    const auto name = rule.pattern.substr(0, rule.pattern.find(' '));
    const bool several = name.front() == '(';
    if (several || name == "NOSUCH" || knows_command(server, std::string(name)))
      known.rules.push_back(rule);
  }
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
      if (const auto text = compare_batch(oracle, tested, commands, at, end))
        return found_difference{at + 1, *text};
      if (at % compare_data_every != 0 && at != commands.size()) continue;
      if (const auto text = difference(oracle.data(), tested.data()); !text.empty())
        return found_difference{at, "\n  data set: " + text};
    }
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
