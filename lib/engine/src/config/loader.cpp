#include "config/words.hpp"
#include <base/bytes.hpp>
#include <base/split_args.hpp>
#include <engine/config/directives.hpp>
#include <engine/config/loader.hpp>

#include <fmt/format.h>

namespace hawser::engine {

namespace {

constexpr std::string_view bad_line = "Bad directive or wrong number of arguments";

bool is_pattern(std::string_view path) { return path.find_first_of("*?[") != path.npos; }

load_failure cannot_open(const std::string& path, const std::error_code& error) {
  return {load_failure::where::log,
          fmt::format("Fatal error, can't open config file '{}': {}", path, describe(error))};
}

/// Words of one quoted argument count as arguments of their own: save "60 1" is save 60 1.
std::vector<std::string> unpacked(std::span<const std::string> words) {
  if (words.size() == 1 && !words.front().empty())
    return base::split_args(words.front()).value_or(std::vector<std::string>());
  return {words.begin(), words.end()};
}

}  // namespace

config_loader::config_loader(settings& to, config_environment& environment, load_options options)
    : to_(to), options_(std::move(options)), how_{environment} {
  if (to_.dir.empty()) to_.dir = environment.directory();
}

std::optional<load_failure> config_loader::load(std::string_view text) {
  how_.reading_file = true;
  std::size_t number = 0;
  for (const auto& untrimmed : split(text, '\n')) {
    ++number;
    const auto line = trimmed(untrimmed);
    if (line.empty() || line.front() == '#') continue;
    std::optional<load_failure> included;
    if (const auto why = take_line(line, included)) return fatal(line, number, *why);
    if (included) return included;
  }
  // Lines after an include are no longer seen as lines of a file, as Redis has it: a `save` there
  // replaces the points read so far.
  how_.reading_file = false;
  return check_whole();
}

std::optional<load_failure> config_loader::load_file(const std::string& path,
                                                     std::string_view more) {
  const auto paths =
      is_pattern(path) ? how_.environment.matches(path) : std::vector<std::string>{path};
  std::string text;
  for (const auto& one : paths) {
    std::error_code error;
    const auto content = how_.environment.read(one, error);
    if (!content) return cannot_open(one, error);
    text += *content;
  }
  return load(text.append(more));
}

refusal config_loader::take_line(std::string_view line, std::optional<load_failure>& included) {
  const auto words = base::split_args(line);
  if (!words) return "Unbalanced quotes in configuration line";
  if (words->empty()) return {};
  const auto arguments = std::span(*words).subspan(1);
  if (const auto* row = find_directive(words->front())) {
    if (row->has_value()) return take_value(*row, arguments);
    return take_line_only(std::get<line_only>(row->type), arguments, included);
  }
  if (words->front().find('.') == std::string::npos) return std::string(bad_line);
  if (arguments.size() != 1) return "Module config specified without value";
  to_.module_settings.push_back({base::lower(words->front()), arguments.front()});
  return {};
}

refusal config_loader::take_value(const directive& row, std::span<const std::string> words) {
  if (!row.is(attribute::many_words)) return assign(row, to_, words, how_);
  return assign(row, to_, unpacked(words), how_);
}

refusal config_loader::take_line_only(const line_only& type, std::span<const std::string> words,
                                      std::optional<load_failure>& included) {
  using enum line_only::kind;
  if (words.size() < type.min_words || words.size() > type.max_words) return std::string(bad_line);
  switch (type.what) {
    case include:
      included = this->include(words.front());
      return {};
    case rename_command:
      return this->rename_command(words[0], words[1]);
    case user:
      return declare_user(words);
    case loadmodule:
      to_.modules.emplace_back(words.begin(), words.end());
      return {};
    case sentinel:
      if (words.empty()) return {};
      return "sentinel directive while not in sentinel mode";
    case ignored:
      return {};
  }
  return {};
}

refusal config_loader::declare_user(std::span<const std::string> words) {
  const std::vector<std::string_view> views(words.begin(), words.end());
  if (options_.declare_user)
    if (auto wrong = options_.declare_user(views)) return wrong;
  to_.users.emplace_back(words.begin(), words.end());
  return {};
}

refusal config_loader::rename_command(const std::string& from, const std::string& to) {
  const auto exists = [&](const std::string& lower_name) {
    if (added_commands_.contains(lower_name)) return true;
    return !removed_commands_.contains(lower_name) && options_.command_exists &&
           options_.command_exists(lower_name);
  };
  const auto old_name = base::lower(from);
  const auto new_name = base::lower(to);
  if (options_.command_exists && !exists(old_name)) return "No such command in rename-command";
  removed_commands_.insert(old_name);
  added_commands_.erase(old_name);
  if (!to.empty() && exists(new_name)) return "Target command name already exists";
  if (!to.empty()) added_commands_.insert(new_name);
  to_.renamed_commands.push_back({from, to});
  return {};
}

std::optional<load_failure> config_loader::include(const std::string& path) {
  if (depth_ == max_include_depth)
    return load_failure{load_failure::where::log,
                        fmt::format("Fatal error, can't open config file '{}': includes nest "
                                    "deeper than {} files",
                                    path, max_include_depth)};
  ++depth_;
  auto failure = load_file(path);
  --depth_;
  return failure;
}

std::optional<load_failure> config_loader::check_whole() {
  if (!to_.logfile.empty())
    if (const auto error = how_.environment.probe_append(to_.logfile))
      return fatal({}, 0, "Can't open the log file: " + describe(error));
  if (to_.cluster_enabled && !to_.replicaof.host.empty())
    return fatal({}, 0, "replicaof directive not allowed in cluster mode");
  keep_in_range(to_);
  return std::nullopt;
}

/// Line number 0 stands for the configuration as a whole.
load_failure config_loader::fatal(std::string_view line, std::size_t number,
                                  std::string_view why) const {
  auto text = fmt::format("\n*** FATAL CONFIG FILE ERROR ({}) ***\n", options_.product);
  if (number != 0)
    text += fmt::format("Reading the configuration file, at line {}\n>>> '{}'\n", number, line);
  text.append(why).append("\n");
  return {load_failure::where::standard_error, std::move(text)};
}

}  // namespace hawser::engine
