#include "config/words.hpp"
#include <base/bytes.hpp>
#include <base/numbers.hpp>
#include <engine/config/directives.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace hawser::engine {

namespace {

/// What has to be done differently for each type of a directive's value.
template <typename... Functions>
struct overloaded : Functions... {
  using Functions::operator()...;
};

refusal set(const yes_no& type, settings& to, const std::string& word) {
  const bool yes = base::iequals(word, "yes");
  if (!yes && !base::iequals(word, "no")) return "argument must be 'yes' or 'no'";
  if (yes && !type.refuses_yes.empty()) return std::string(type.refuses_yes);
  to.*type.member = yes;
  return {};
}

std::optional<std::int64_t> parse_percent(std::string_view word) {
  if (word.size() < 2 || word.back() != '%') return std::nullopt;
  const auto value = base::parse_int(word.substr(0, word.size() - 1));
  if (!value || *value < 0) return std::nullopt;
  return -*value;
}

std::optional<std::int64_t> parse_number(unit written, const std::string& word) {
  if (written == unit::plain) return base::parse_int(word);
  if (written == unit::octal) return lenient_integer(word, 8);
  if (const auto amount = base::parse_memory(word)) return static_cast<std::int64_t>(*amount);
  return written == unit::bytes_or_percent ? parse_percent(word) : std::nullopt;
}

std::string_view not_a_number(unit written) {
  switch (written) {
    case unit::bytes:
      return "argument must be a memory value";
    case unit::bytes_or_percent:
      return "argument must be a memory or percent value";
    case unit::octal:
      return "argument couldn't be parsed as an octal number";
    case unit::plain:
      break;
  }
  return "argument couldn't be parsed into an integer";
}

refusal out_of_bounds(const number& type) {
  if (type.written == unit::octal)
    return fmt::format("argument must be between {:o} and {:o} inclusive", type.min, type.max);
  return fmt::format("argument must be between {} and {} inclusive", type.min, type.max);
}

refusal set(const number& type, settings& to, const std::string& word) {
  const auto value = parse_number(type.written, word);
  if (!value) return std::string(not_a_number(type.written));
  if (type.written == unit::bytes_or_percent && *value < type.min)
    return fmt::format("percentage argument must be less or equal to {}", -type.min);
  if (*value < type.min || *value > type.max) return out_of_bounds(type);
  to.*type.member = *value;
  return {};
}

refusal set(const unsigned_bytes& type, settings& to, const std::string& word) {
  const auto value = base::parse_memory(word);
  if (!value) return std::string(not_a_number(unit::bytes));
  to.*type.member = *value;
  return {};
}

refusal set(const text& type, settings& to, const std::string& word) {
  if (const auto why = type.check != nullptr ? type.check(word) : ""; !why.empty())
    return std::string(why);
  to.*type.member = word;
  return {};
}

std::string all_words(const choice& type, std::string_view separator) {
  std::vector<std::string> words;
  for (const auto& known : type.words) words.emplace_back(known.word);
  return join(words, separator);
}

refusal set(const choice& type, settings& to, std::span<const std::string> words) {
  int value = 0;
  bool known = !words.empty();
  for (const auto& word : words) {
    const auto found =
        std::find_if(type.words.begin(), type.words.end(),
                     [&](const choice_word& one) { return base::iequals(one.word, word); });
    known = known && found != type.words.end();
    if (known) value |= found->value;
  }
  if (!known) return "argument(s) must be one of the following: " + all_words(type, ", ");
  if (const auto why = type.check != nullptr ? type.check(value) : ""; !why.empty())
    return std::string(why);
  type.store(to, value);
  return {};
}

std::string format(const number& type, std::int64_t value) {
  if (type.written == unit::octal) return fmt::format("{:o}", value);
  if (type.written == unit::bytes_or_percent && value < 0) return fmt::format("{}%", -value);
  return fmt::format("{}", value);
}

std::string format(const choice& type, int value) {
  std::vector<std::string> words;
  for (const auto& known : type.words) {
    const bool holds = type.bits && value != 0 ? (known.value & value) != 0 : known.value == value;
    if (holds && (type.bits || words.empty())) words.emplace_back(known.word);
  }
  return join(words, " ");
}

std::string_view syntax(const number& type) {
  switch (type.written) {
    case unit::bytes:
      return "<bytes>";
    case unit::bytes_or_percent:
      return "<bytes> or <percent>%";
    case unit::octal:
      return "<octal>";
    case unit::plain:
      break;
  }
  return "<number>";
}

}  // namespace

refusal assign(const directive& row, settings& to, std::span<const std::string> words,
               assignment& how) {
  if (!row.is(attribute::many_words) && words.size() != 1) return "wrong number of arguments";
  return std::visit(overloaded{
                        [&](const custom* type) { return type->parse(to, words, how); },
                        [&](const choice& type) { return set(type, to, words); },
                        [&](const line_only&) { return refusal("it has no value"); },
                        [&](const auto& type) { return set(type, to, words.front()); },
                    },
                    row.type);
}

refusal assign_value(const directive& row, settings& to, std::string_view value, assignment& how) {
  const auto words =
      row.is(attribute::many_words) ? split(value, ' ') : std::vector{std::string(value)};
  return assign(row, to, words, how);
}

std::string format(const directive& row, const settings& from) {
  return std::visit(
      overloaded{
          [&](const yes_no& type) { return std::string(from.*type.member ? "yes" : "no"); },
          [&](const number& type) { return format(type, from.*type.member); },
          [&](const unsigned_bytes& type) { return fmt::format("{}", from.*type.member); },
          [&](const text& type) { return from.*type.member; },
          [&](const choice& type) { return format(type, type.load(from)); },
          [&](const custom* type) { return type->format(from); },
          [&](const line_only&) { return std::string(); },
      },
      row.type);
}

void reset(const directive& row, settings& to) {
  std::visit(overloaded{
                 [&](const choice& type) { type.store(to, type.initial); },
                 [&](const custom* type) { type->reset(to); },
                 [&](const line_only&) {},
                 [&](const auto& type) { to.*type.member = type.initial; },
             },
             row.type);
}

void keep_in_range(settings& all) {
  all.hz = std::clamp(all.hz, std::int64_t{1}, std::int64_t{500});
}

std::string syntax(const directive& row) {
  return std::visit(
      overloaded{
          [](const yes_no&) { return std::string("yes|no"); },
          [](const number& type) { return std::string(syntax(type)); },
          [](const unsigned_bytes&) { return std::string("<bytes>"); },
          [](const text&) { return std::string("<text>"); },
          [](const choice& type) { return all_words(type, "|") + (type.bits ? " ..." : ""); },
          [](const custom* type) { return std::string(type->syntax); },
          [](const line_only& type) { return std::string(type.syntax); },
      },
      row.type);
}

settings::settings() {  // NOLINT(cppcoreguidelines-pro-type-member-init): the table sets every one
  for (const auto& row : directives()) reset(row, *this);
}

}  // namespace hawser::engine
