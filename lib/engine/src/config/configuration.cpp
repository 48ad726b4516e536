#include <base/bytes.hpp>
#include <base/glob.hpp>
#include <engine/config/configuration.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hawser::engine {

namespace {

/// CONFIG SET does not make the replication backlog smaller than this.
constexpr std::int64_t smallest_backlog = 16 * 1024;

bool is_pattern(std::string_view text) { return text.find_first_of("*?[") != text.npos; }

std::string failed(std::string_view name, std::string_view why) {
  return fmt::format("ERR CONFIG SET failed (possibly related to argument '{}') - {}", name, why);
}

bool allowed(access who, const change_request& request) {
  return who == access::yes || (who == access::local && request.local_client);
}

/// Collects answers of CONFIG GET; the first spelling of a name stays.
class answers {
 public:
  void add(std::string_view name, const directive& row, const settings& from) {
    if (seen_.insert(base::lower(name)).second)
      all_.emplace_back(std::string(name), format(row, from));
  }

  std::vector<std::pair<std::string, std::string>> take() { return std::move(all_); }

 private:
  std::set<std::string> seen_;
  std::vector<std::pair<std::string, std::string>> all_;
};

}  // namespace

/// One argument of CONFIG SET with what the table says about it.
struct configuration::named_row {
  std::string_view asked;
  std::string_view value;
  const directive* row;

  /// The name in the table: the current one or the old one, whichever was asked for.
  std::string_view name() const { return is_alias(*row, asked) ? row->alias : row->name; }
};

configuration::configuration(settings initial, std::string config_file,
                             config_environment& environment, settings_port& port)
    : current_(std::move(initial)),
      config_file_(std::move(config_file)),
      environment_(environment),
      port_(port) {}

std::vector<std::pair<std::string, std::string>> configuration::get(
    std::span<const std::string_view> patterns) const {
  answers found;
  for (const auto pattern : patterns) {
    if (!is_pattern(pattern)) {
      const auto* row = find_directive(pattern);
      if (row != nullptr && row->has_value()) found.add(pattern, *row, current_);
      continue;
    }
    for (const auto& row : directives()) {
      if (!row.has_value() || row.is(attribute::hidden)) continue;
      for (const auto name : {row.name, row.alias})
        if (!name.empty() && base::glob_match(pattern, name, true)) found.add(name, row, current_);
    }
  }
  return found.take();
}

std::optional<std::string> configuration::set(
    std::span<const std::pair<std::string_view, std::string_view>> values,
    const change_request& request) {
  std::vector<named_row> rows;
  for (const auto& [name, value] : values) rows.push_back({name, value, find_directive(name)});
  if (auto error = check(rows, request)) return error;

  const auto before = current_;
  auto error = assign_all(rows);
  if (!error) error = apply_all(rows, before);
  if (error) restore(before);
  return error;
}

/// What can be said against the arguments before looking at the values, in the order of arguments.
std::optional<std::string> configuration::check(std::span<const named_row> rows,
                                                const change_request& request) const {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& [asked, value, row] = rows[i];
    if (row == nullptr || !row->has_value())
      return fmt::format("ERR Unknown option or number of arguments for CONFIG SET - '{}'", asked);
    if (row->is(attribute::immutable)) return failed(asked, "can't set immutable config");
    if (row->is(attribute::guarded) && !allowed(current_.enable_protected_configs, request))
      return failed(asked, "can't set protected config");
    if (row->is(attribute::not_while_loading) && request.loading)
      return "LOADING Redis is loading the dataset in memory";
    const auto same = [&](const named_row& other) { return other.name() == rows[i].name(); };
    if (std::any_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(i), same))
      return failed(asked, "duplicate parameter");
  }
  return std::nullopt;
}

std::optional<std::string> configuration::assign_all(std::span<const named_row> rows) {
  assignment how{environment_};
  for (const auto& each : rows)
    if (const auto why = assign_value(*each.row, current_, each.value, how))
      return failed(each.name(), *why);
  keep_in_range(current_);
  const auto resizes = [](const named_row& each) { return each.row->name == "repl-backlog-size"; };
  if (std::any_of(rows.begin(), rows.end(), resizes))
    current_.repl_backlog_size = std::max(current_.repl_backlog_size, smallest_backlog);
  return std::nullopt;
}

std::optional<std::string> configuration::apply_all(std::span<const named_row> rows,
                                                    const settings& before) {
  std::vector<std::string_view> applied;
  for (const auto& each : rows) {
    const auto& row = *each.row;
    if (!row.is(attribute::effect) || format(row, current_) == format(row, before)) continue;
    applied.push_back(row.name);
    const auto why = port_.apply(row.name, current_);
    if (!why) continue;
    // What fails to go back has told the log so itself; there is nothing better to go to.
    for (const auto name : applied) port_.apply(name, before);
    return failed(each.name(), *why);
  }
  return std::nullopt;
}

void configuration::restore(const settings& before) {
  const bool elsewhere = current_.dir != before.dir;
  current_ = before;
  if (elsewhere) environment_.enter(current_.dir);
}

std::optional<std::string> configuration::rewrite(
    const std::optional<std::vector<std::string>>& users, bool all) {
  if (config_file_.empty()) return "ERR The server is running without a config file";
  std::error_code error;
  auto text = environment_.read(config_file_, error);
  if (!text && error == std::errc::no_such_file_or_directory) text.emplace();
  if (text) error = environment_.replace(config_file_, rewritten(*text, current_, users, all));
  if (error) return fmt::format("ERR Rewriting config file: {}", describe(error));
  return std::nullopt;
}

}  // namespace hawser::engine
