#include "transcript.hpp"

#include "command_line.hpp"
#include "file_text.hpp"

#include <charconv>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>

namespace hawser::test {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// The first word, and what follows it.
std::pair<std::string, std::string_view> cut_word(std::string_view text) {
  const auto end = text.find(' ');
  if (end == text.npos) return {std::string(text), {}};
  return {std::string(text.substr(0, end)), trimmed(text.substr(end))};
}

int to_number(std::string_view text) {
  int number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size())
    throw std::invalid_argument("not a number: " + std::string(text));
  return number;
}

class transcript_parser {
 public:
  explicit transcript_parser(const std::filesystem::path& file) { result_.file = file; }

  transcript parse() {
    std::istringstream lines(file_text(result_.file));
    for (std::string line; std::getline(lines, line);) {
      ++line_;
      try {
        parse_line(trimmed(line));
      } catch (const std::exception& problem) {
        throw std::runtime_error(result_.file.string() + ":" + std::to_string(line_) + ": " +
                                 problem.what());
      }
    }
    return std::move(result_);
  }

 private:
  void parse_line(std::string_view line) {
    if (line.empty() || line.starts_with("##")) return;
    if (line.starts_with("=>")) return expect(trimmed(line.substr(2)));
    if (line.starts_with("#")) return directive(trimmed(line.substr(1)));
    add(step_kind::command, line).words = split_command(line);
  }

  void expect(std::string_view reply) {
    if (result_.steps.empty()) throw std::invalid_argument("a reply without its command");
    result_.steps.back().expected.emplace_back(reply);
  }

  // The modifiers met since the last step belong to the new one.
  transcript_step& add(step_kind kind, std::string_view source) {
    auto& step = result_.steps.emplace_back(std::exchange(next_, {}));
    step.line = line_;
    step.kind = kind;
    step.only = only_;
    step.source = source;
    return step;
  }

  void directive(std::string_view text) {
    const auto [name, rest] = cut_word(text);
    if (!section(name) && !modifier(name, rest) && !action(name, rest, text))
      throw std::invalid_argument("unknown directive: " + name);
  }

  bool section(const std::string& name) {
    static const std::map<std::string, protocols> sections{
        {"resp2", protocols::resp2}, {"resp3", protocols::resp3}, {"both", protocols::both}};
    const auto found = sections.find(name);
    if (found != sections.end()) only_ = found->second;
    return found != sections.end();
  }

  bool modifier(const std::string& name, std::string_view rest) {
    static const std::map<std::string, compare_mode> modes{{"unordered", compare_mode::unordered},
                                                           {"pairs", compare_mode::pairs},
                                                           {"shape", compare_mode::shape},
                                                           {"ignore", compare_mode::nothing}};
    if (const auto mode = modes.find(name); mode != modes.end()) {
      next_.how.mode = mode->second;
    } else if (name == "near") {
      next_.how.near = to_number(rest);
    } else if (name == "mask") {
      next_.how.mask = std::string(rest);
    } else if (name == "replies") {
      next_.count = to_number(rest);
    } else if (name == "differs") {
      next_.differs = true;
    } else {
      return false;
    }
    return true;
  }

  bool action(const std::string& name, std::string_view rest, std::string_view text) {
    if (name == "options") {
      result_.options = split_command(rest);
    } else if (name == "compact-sets") {
      result_.compact_sets = true;
    } else if (name == "needs") {
      result_.needs = split_command(rest);
    } else if (name == "connection") {
      add(step_kind::connection, text).count = to_number(rest);
    } else if (name == "read") {
      add(step_kind::read, text).count = rest.empty() ? 1 : to_number(rest);
    } else if (name == "send") {
      add(step_kind::send, text).words = split_command(rest);
    } else if (name == "scan") {
      add(step_kind::scan, text).words = split_command(rest);
    } else if (name == "raw") {
      raw(rest, text);
    } else if (name == "until") {
      until(rest, text);
    } else {
      return bare_action(name, text);
    }
    return true;
  }

  bool bare_action(const std::string& name, std::string_view text) {
    static const std::map<std::string, step_kind> actions{{"fresh", step_kind::fresh},
                                                          {"closed", step_kind::closed},
                                                          {"half-close", step_kind::half_close}};
    const auto found = actions.find(name);
    if (found != actions.end()) add(found->second, text);
    return found != actions.end();
  }

  // raw "text", or raw 1000 "text" to repeat it; several go one after another.
  void raw(std::string_view rest, std::string_view text) {
    auto& step = add(step_kind::raw, text);
    std::string_view times;
    if (!rest.starts_with('"')) {
      times = rest.substr(0, rest.find(' '));
      rest = trimmed(rest.substr(times.size()));
    }
    for (int left = times.empty() ? 1 : to_number(times); left > 0; --left)
      for (const auto& word : split_command(rest)) step.bytes += word;
  }

  void until(std::string_view rest, std::string_view text) {
    auto words = split_command(rest);
    if (words.size() < 2) throw std::invalid_argument("until needs a text and a command");
    auto& step = add(step_kind::until, text);
    step.bytes = words.front();
    step.words.assign(words.begin() + 1, words.end());
  }

  transcript result_;
  transcript_step next_;
  protocols only_ = protocols::both;
  int line_ = 0;
};

}  // namespace

transcript parse_transcript(const std::filesystem::path& file) {
  return transcript_parser(file).parse();
}

}  // namespace hawser::test
