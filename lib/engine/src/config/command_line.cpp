#include "config/words.hpp"
#include <base/bytes.hpp>
#include <base/split_args.hpp>
#include <engine/config/command_line.hpp>
#include <engine/config/directives.hpp>

#include <boost/program_options/cmdline.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/smart_ptr/make_shared.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <sstream>

namespace hawser::engine {

namespace {

namespace po = boost::program_options;

using argument_list = std::vector<std::string>;

constexpr const char* config_file_option = "config-file";

/// The values of a directive: any number of words, which the table judges later.
class directive_words final : public po::value_semantic {
 public:
  explicit directive_words(std::string syntax) : syntax_(std::move(syntax)) {}

  std::string name() const override { return syntax_; }
  unsigned min_tokens() const override { return 0; }
  unsigned max_tokens() const override { return std::numeric_limits<unsigned>::max(); }
  bool is_composing() const override { return true; }
  bool is_required() const override { return false; }
  void parse(boost::any& /*store*/, const argument_list& /*words*/, bool /*utf8*/) const override {}
  bool apply_default(boost::any&) const override { return false; }
  void notify(const boost::any&) const override {}

 private:
  std::string syntax_;
};

std::string help_of(const directive& row) {
  std::string help(row.summary);
  if (!row.has_value()) return help;
  const auto initial = format(row, settings());
  if (!initial.empty()) help += fmt::format(" [{}]", initial);
  return help;
}

/// Every directive by each of its names, or only what help should show.
po::options_description known_options(bool for_help) {
  po::options_description options("Directives, as --name value, with their defaults", 110, 50);
  const auto add = [&](std::string_view name, const directive& row, const std::string& help) {
    options.add(boost::make_shared<po::option_description>(
        std::string(name).c_str(), new directive_words(syntax(row)), help.c_str()));
  };
  for (const auto& row : directives()) {
    if (for_help && row.is(attribute::hidden)) continue;
    add(row.name, row, help_of(row));
    if (!for_help && !row.alias.empty())
      add(row.alias, row, fmt::format("Old name of {}.", row.name));
  }
  return options;
}

bool is_option(std::string_view argument) { return argument.starts_with("--"); }

/// One directive of the command line with the arguments that belong to it.
po::option option_of(argument_list tokens, argument_list value) {
  po::option option;
  const auto words = base::split_args(tokens.front());
  const bool named = is_option(tokens.front()) && words && words->front().size() > 2;
  // Program_options takes a nameless option for a file; "-" is a name that no directive has.
  option.string_key = named ? base::lower(words->front().substr(2)) : "-";
  option.value = std::move(value);
  option.original_tokens = std::move(tokens);
  return option;
}

/// Whether an argument such as "--port" has a name only, not "--port 7000" as one argument.
bool is_bare(const std::string& argument) {
  const auto words = base::split_args(argument);
  return words && words->size() == 1;
}

/// Takes one directive and its values off the front of the arguments, as Redis groups them: the one
/// after a bare name is its value whatever it looks like, and values go on up to the next "--".
po::option take_option(argument_list& arguments) {
  const auto name = arguments.front();
  auto end = arguments.begin() + 1;
  if (is_option(name) && is_bare(name) && end != arguments.end()) {
    const bool none_for_save = base::iequals(name, "--save") && is_option(*end);
    if (!none_for_save) ++end;
  }
  end = std::find_if(end, arguments.end(), is_option);
  argument_list tokens(arguments.begin(), end);
  arguments.erase(arguments.begin(), end);
  if (tokens.size() == 1 && base::iequals(name, "--save")) tokens.emplace_back();
  return option_of(tokens, {tokens.begin() + 1, tokens.end()});
}

po::option leading_file(const std::string& path) {
  po::option option;
  option.position_key = 0;
  option.value = {path};
  option.original_tokens = {path};
  return option;
}

/// Groups the whole command line for Program_options, which then looks the names up.
std::vector<po::option> redis_style(argument_list& arguments) {
  std::vector<po::option> options;
  if (arguments.front().substr(0, 1) != "-") {
    options.push_back(leading_file(arguments.front()));
    arguments.erase(arguments.begin());
  }
  while (!arguments.empty()) options.push_back(take_option(arguments));
  return options;
}

std::vector<po::option> parse(const argument_list& arguments) {
  namespace style = po::command_line_style;
  const auto known = known_options(false);
  po::positional_options_description positional;
  positional.add(config_file_option, 1);
  return po::command_line_parser(arguments)
      .options(known)
      .positional(positional)
      .style(style::allow_long | style::long_allow_adjacent)
      .extra_style_parser(redis_style)
      .allow_unregistered()
      .run()
      .options;
}

/// The option as the line of a file that would say the same.
std::string as_line(const po::option& option) {
  const auto& tokens = option.original_tokens;
  std::string line;
  for (const auto& token : tokens) {
    const bool name = &token == &tokens.front() && is_option(token);
    line += (name ? token.substr(2) : base::quoted(token)) + " ";
  }
  return line;
}

/// Takes a lone "-" off either end: it asks for standard input.
bool take_dash(argument_list& arguments) {
  const auto before = arguments.size();
  if (!arguments.empty() && arguments.front() == "-") arguments.erase(arguments.begin());
  if (!arguments.empty() && arguments.back() == "-") arguments.pop_back();
  return arguments.size() != before;
}

std::string absolute(const std::string& path, const std::string& directory) {
  return (std::filesystem::path(directory) / path).lexically_normal().string();
}

struct asked_for {
  std::string file;
  std::string lines;
};

asked_for gather(const argument_list& arguments) {
  asked_for asked;
  if (arguments.empty()) return asked;
  for (const auto& option : parse(arguments)) {
    if (option.position_key >= 0)
      asked.file = option.value.front();
    else
      asked.lines += "\n" + as_line(option);
  }
  return asked;
}

std::optional<start_up::action> only_a_question(const argument_list& arguments) {
  if (arguments.empty()) return std::nullopt;
  const auto& first = arguments.front();
  if (first == "-v" || first == "--version") return start_up::action::show_version;
  if (first == "-h" || first == "--help") return start_up::action::show_help;
  return std::nullopt;
}

std::optional<start_up_failure> not_supported(const argument_list& arguments) {
  constexpr auto to_user = load_failure::where::standard_error;
  if (std::find(arguments.begin(), arguments.end(), "--sentinel") != arguments.end())
    return start_up_failure{to_user, "--sentinel: this server has no Sentinel mode.\n"};
  for (const auto* mode : {"--test-memory", "--check-system"})
    if (!arguments.empty() && arguments.front() == mode)
      return start_up_failure{to_user, fmt::format("{}: not supported by this server.\n", mode)};
  return std::nullopt;
}

}  // namespace

std::variant<start_up, start_up_failure> parse_command_line(int argc, const char* const* argv,
                                                            config_environment& environment,
                                                            const load_options& options) {
  start_up result;
  result.arguments.assign(argv, argv + argc);
  argument_list arguments(argv + std::min(argc, 1), argv + argc);
  if (const auto question = only_a_question(arguments)) {
    result.what = *question;
    return result;
  }
  if (auto failure = not_supported(arguments)) return *failure;

  std::string more;
  if (take_dash(arguments)) {
    result.warnings.emplace_back("Reading config from stdin");
    more = environment.read_standard_input();
  }
  const auto asked = gather(arguments);
  more += asked.lines;

  config_loader loader(result.configured, environment, options);
  if (!asked.file.empty()) result.config_file = absolute(asked.file, environment.directory());
  auto failure =
      asked.file.empty() ? loader.load(more) : loader.load_file(result.config_file, more);
  if (failure) return *failure;
  return result;
}

std::string help_text(const std::string& program) {
  std::ostringstream text;
  text << "Usage: " << program << " [/path/to/redis.conf] [--directive value ...] [-]\n"
       << "       " << program << " -            reads the configuration from standard input\n"
       << "       " << program << " -v, --version\n"
       << "       " << program << " -h, --help\n\n"
       << "Example: " << program << " /etc/redis.conf --port 7000 --save 60 1\n\n"
       << known_options(true);
  return text.str();
}

}  // namespace hawser::engine
