#include "transcript_runner.hpp"

#include "command_line.hpp"
#include "data_set.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace hawser::test {
namespace {

constexpr std::size_t too_many_differences = 25;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// Subscribing answers once for each channel.
int replies_to(const transcript_step& step) {
  if (step.count) return *step.count;
  static const std::set<std::string> per_argument{"subscribe",   "psubscribe",   "ssubscribe",
                                                  "unsubscribe", "punsubscribe", "sunsubscribe"};
  if (step.words.empty() || !per_argument.contains(lower(step.words.front()))) return 1;
  return std::max(1, static_cast<int>(step.words.size()) - 1);
}

bool applies(protocols only, int protocol) {
  return only == protocols::both || (only == protocols::resp2) == (protocol == 2);
}

// All elements of all pages of a cursor, as a multiset.
std::multiset<std::string> all_pages(tcp_client& client, std::vector<std::string> words) {
  const std::size_t cursor = lower(words.front()) == "scan" ? 1 : 2;
  std::multiset<std::string> elements;
  do {
    client.send_argv(words);
    const auto page = client.receive().value;
    if (page.items.size() != 2) {
      elements.insert(to_string(page));
      break;
    }
    for (const auto& item : page.items[1].items) elements.insert(to_string(item));
    words.at(cursor) = page.items[0].text;
  } while (words[cursor] != "0");
  return elements;
}

std::string joined(const std::multiset<std::string>& elements) {
  std::string result;
  for (const auto& element : elements) result += " " + element;
  return result;
}

}  // namespace

transcript_runner::transcript_runner(const transcript& script, int protocol)
    : script_(script),
      protocol_(protocol),
      oracle_server_(script.options),
      tested_server_(tested_options(script.options, script.compact_sets)) {}

std::string transcript_runner::missing_command() const {
  for (const auto& name : script_.needs)
    if (!knows_command(tested_server_, name)) return name;
  return {};
}

std::vector<std::string> transcript_runner::run() {
  for (const auto& step : script_.steps) {
    if (!applies(step.only, protocol_)) continue;
    try {
      run_step(step);
    } catch (const std::exception& problem) {
      report(step, "an answer", problem.what());
      return differences_;
    }
    if (differences_.size() >= too_many_differences) return differences_;
  }
  compare_data_sets();
  compare_left_overs();
  return differences_;
}

void transcript_runner::run_step(const transcript_step& step) {
  switch (step.kind) {
    case step_kind::command:
      return step.expected.empty() ? exchange(step) : ask_for_expected(step);
    case step_kind::send:
    case step_kind::raw:
      return send_to_both(step);
    case step_kind::read:
      return compare_replies(step, *step.count);
    case step_kind::connection:
      current_ = *step.count;
      client(expected_);
      client(actual_);
      return;
    case step_kind::fresh:
      for (auto* each : {&expected_, &actual_}) {
        each->clients.erase(current_);
        each->ids.erase(current_);
      }
      return;
    case step_kind::half_close:
      client(expected_).half_close();
      client(actual_).half_close();
      return;
    case step_kind::closed:
      return compare_ends(step);
    case step_kind::until:
      return until(step);
    case step_kind::scan:
      return scan(step);
  }
}

void transcript_runner::exchange(const transcript_step& step) {
  send_to_both(step);
  compare_replies(step, replies_to(step));
}

void transcript_runner::ask_for_expected(const transcript_step& step) {
  if (step.differs) {
    client(expected_).send_argv(step.words);
    for (int i = replies_to(step); i > 0; --i) client(expected_).receive();
  }
  // What the oracle does not know is not asked of it when it plays the server under test.
  if (testing_the_oracle() && !step.differs) return;
  client(actual_).send_argv(step.words);
  for (const auto& expected : step.expected) {
    const auto reply = client(actual_).reply();
    if (reply != expected && !testing_the_oracle()) report(step, expected, reply);
  }
}

void transcript_runner::compare_replies(const transcript_step& step, int count) {
  for (int i = 0; i < count; ++i) {
    const auto expected = client(expected_).receive();
    received_reply actual;
    try {
      actual = client(actual_).receive();
    } catch (const std::exception& problem) {
      throw std::runtime_error(problem.what() + ("; the oracle says " + to_string(expected.value)));
    }
    if (same(expected, actual, step.how)) continue;
    const auto left = canonical(expected.value, step.how);
    const auto right = canonical(actual.value, step.how);
    // Two bytes forms of one text, such as simple and bulk strings.
    const bool alike = left == right;
    report(step, alike ? quote(expected.bytes) : left, alike ? quote(actual.bytes) : right);
  }
}

void transcript_runner::compare_ends(const transcript_step& step) {
  const auto expected = client(expected_).read_until_closed();
  const auto actual = client(actual_).read_until_closed();
  const bool counts = step.how.mode != compare_mode::nothing;
  if (counts && expected != actual) report(step, quote(expected), quote(actual));
  expected_.clients.erase(current_);
  actual_.clients.erase(current_);
}

void transcript_runner::scan(const transcript_step& step) {
  const auto expected = all_pages(client(expected_), step.words);
  const auto actual = all_pages(client(actual_), step.words);
  if (expected != actual) report(step, joined(expected), joined(actual));
}

void transcript_runner::until(const transcript_step& step) {
  for (auto* each : {&expected_, &actual_}) {
    const bool happened = wait_until([&] {
      client(*each).send_argv(step.words);
      return to_string(client(*each).receive().value).find(step.bytes) != std::string::npos;
    });
    if (!happened) throw std::runtime_error("waited in vain for " + step.bytes);
  }
}

// A server that says more than it was asked for is found out when the clients leave.
void transcript_runner::compare_left_overs() {
  for (auto& [number, expected] : expected_.clients) {
    transcript_step step;
    step.source = "(left over on connection " + std::to_string(number) + ")";
    try {
      auto& actual = actual_.clients.at(number);
      expected.half_close();
      actual.half_close();
      const auto left = expected.read_until_closed();
      const auto right = actual.read_until_closed();
      if (left != right) report(step, quote(left), quote(right));
    } catch (const std::exception& problem) {
      report(step, "the end of the stream", problem.what());
    }
  }
}

void transcript_runner::compare_data_sets() {
  transcript_step step;
  step.source = "(data sets at the end)";
  try {
    tcp_client expected(expected_.server);
    tcp_client actual(actual_.server);
    const auto found = difference(read_data_set(expected), read_data_set(actual));
    if (!found.empty()) differences_.push_back(script_.file.filename().string() + ": " + found);
  } catch (const std::exception& problem) {
    report(step, "all keys", problem.what());
  }
}

void transcript_runner::send_to_both(const transcript_step& step) {
  for (auto* each : {&expected_, &actual_})
    client(*each).send_raw(
        step.kind == step_kind::raw ? step.bytes : encode_command(with_ids(*each, step.words)));
}

// <id 2> is the id of connection 2, which each server has numbered in its way.
std::vector<std::string> transcript_runner::with_ids(side& of, std::vector<std::string> words) {
  constexpr std::string_view begin = "<id ";
  for (auto& word : words) {
    if (!word.starts_with(begin)) continue;
    const auto number = std::stoi(word.substr(begin.size()));
    auto& id = of.ids[number];
    if (id.empty()) id = of.clients.at(number)("CLIENT ID");
    word = id;
  }
  return words;
}

tcp_client& transcript_runner::client(side& of) {
  const auto found = of.clients.find(current_);
  return found != of.clients.end() ? found->second
                                   : of.clients.emplace(current_, connect(of)).first->second;
}

tcp_client transcript_runner::connect(side& to) const {
  tcp_client fresh(to.server);
  if (protocol_ == 3) fresh("HELLO 3");
  return fresh;
}

void transcript_runner::report(const transcript_step& step, const std::string& expected,
                               const std::string& actual) {
  const auto [left, right] = around_difference(expected, actual);
  differences_.push_back(script_.file.filename().string() + ":" + std::to_string(step.line) + ": " +
                         step.source + "\n  oracle: " + left + "\n  tested: " + right);
}

}  // namespace hawser::test
