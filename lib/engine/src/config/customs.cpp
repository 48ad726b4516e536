#include "config/customs.hpp"

#include "config/file_rewriter.hpp"
#include "config/words.hpp"
#include <base/bytes.hpp>
#include <base/numbers.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hawser::engine::customs {

namespace {

constexpr std::size_t max_binds = 16;
constexpr std::string_view wrong_count = "wrong number of arguments";

refusal refuse(std::string_view why) { return std::string(why); }

/// A single empty word means no words.
std::span<const std::string> without_empty(std::span<const std::string> words) {
  const bool empty = words.size() == 1 && words.front().empty();
  return empty ? std::span<const std::string>() : words;
}

std::string named(std::string_view name, std::string_view value) {
  return fmt::format("{} {}", name, value.empty() ? "\"\"" : value);
}

// bind

const std::vector<std::string> default_binds{"*", "-::*"};

refusal parse_bind(settings& to, std::span<const std::string> words, assignment&) {
  if (words.size() > max_binds) return refuse("Too many bind addresses specified.");
  const auto addresses = without_empty(words);
  to.binds.assign(addresses.begin(), addresses.end());
  return {};
}

std::string format_bind(const settings& from) { return join(from.binds, " "); }

void rewrite_bind(std::string_view name, const settings& from, file_rewriter& to) {
  if (from.binds == default_binds) return to.done(name);
  to.line(name, named(name, format_bind(from)), true);
}

// dir

refusal parse_dir(settings& to, std::span<const std::string> words, assignment& how) {
  if (words.size() != 1) return refuse(wrong_count);
  if (const auto error = how.environment.enter(words.front())) return describe(error);
  to.dir = how.environment.directory();
  return {};
}

std::string format_dir(const settings& from) { return from.dir; }

void rewrite_dir(std::string_view name, const settings& from, file_rewriter& to) {
  if (from.dir.empty()) return to.done(name);
  to.line(name, fmt::format("{} {}", name, base::quoted(from.dir)), true);
}

// save

/// The words as pairs, or nothing if one of them will not do.
std::optional<std::vector<save_point>> save_points(std::span<const std::string> words) {
  if (words.size() % 2 != 0) return std::nullopt;
  std::vector<save_point> points;
  for (std::size_t i = 0; i < words.size(); i += 2) {
    const auto seconds = lenient_integer(words[i]);
    const auto changes = lenient_integer(words[i + 1]);
    if (!seconds || !changes || *seconds < 1 || *changes < 0) return std::nullopt;
    points.push_back({*seconds, static_cast<std::int32_t>(*changes)});
  }
  return points;
}

refusal parse_save(settings& to, std::span<const std::string> words, assignment& how) {
  const auto pairs = without_empty(words);
  const auto points = save_points(pairs);
  if (!points) return refuse("Invalid save parameters");
  const bool told_to_clear = pairs.size() != words.size();
  if (!how.reading_file || !how.save_seen || told_to_clear) to.save_points.clear();
  if (how.reading_file) how.save_seen = true;
  to.save_points.insert(to.save_points.end(), points->begin(), points->end());
  return {};
}

std::string format_save(const settings& from) {
  std::vector<std::string> pairs;
  for (const auto& point : from.save_points)
    pairs.push_back(fmt::format("{} {}", point.seconds, point.changes));
  return join(pairs, " ");
}

void rewrite_save(std::string_view name, const settings& from, file_rewriter& to) {
  if (from.save_points.empty()) to.line(name, named(name, {}), true);
  for (const auto& point : from.save_points)
    to.line(name, fmt::format("{} {} {}", name, point.seconds, point.changes), true);
}

// client-output-buffer-limit

constexpr output_limits default_output_limits{{output_limit{},
                                               output_limit{256ULL << 20, 64ULL << 20, 60},
                                               output_limit{32ULL << 20, 8ULL << 20, 60}}};

std::optional<client_class> class_named(std::string_view name) {
  if (base::iequals(name, "normal")) return client_class::normal;
  if (base::iequals(name, "slave") || base::iequals(name, "replica")) return client_class::replica;
  if (base::iequals(name, "pubsub")) return client_class::pubsub;
  return std::nullopt;
}

std::optional<output_limit> parse_limit(std::span<const std::string> words) {
  const auto hard = base::parse_memory(words[0]);
  const auto soft = base::parse_memory(words[1]);
  const auto seconds = lenient_integer(words[2]);
  if (!hard || !soft || !seconds) return std::nullopt;
  const auto kept = static_cast<std::int32_t>(*seconds);
  if (kept < 0) return std::nullopt;
  return output_limit{*hard, *soft, kept};
}

refusal parse_output_limits(settings& to, std::span<const std::string> words, assignment&) {
  if (words.size() % 4 != 0)
    return refuse("Wrong number of arguments in buffer limit configuration.");
  auto limits = to.client_output_buffer_limits;
  for (std::size_t i = 0; i < words.size(); i += 4) {
    const auto which = class_named(words[i]);
    if (!which) return refuse("Invalid client class specified in buffer limit configuration.");
    const auto limit = parse_limit(words.subspan(i + 1, 3));
    if (!limit)
      return refuse("Error in hard, soft or soft_seconds setting in buffer limit configuration.");
    limits[*which] = *limit;
  }
  to.client_output_buffer_limits = limits;
  return {};
}

std::string format_output_limits(const settings& from) {
  constexpr std::array<std::string_view, 3> names{"normal", "slave", "pubsub"};
  std::string result;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& limit = from.client_output_buffer_limits.of[i];
    result += fmt::format("{}{} {} {} {}", i == 0 ? "" : " ", names[i], limit.hard, limit.soft,
                          limit.soft_seconds);
  }
  return result;
}

void rewrite_output_limits(std::string_view name, const settings& from, file_rewriter& to) {
  constexpr std::array<std::string_view, 3> names{"normal", "replica", "pubsub"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& limit = from.client_output_buffer_limits.of[i];
    to.line(name,
            fmt::format("{} {} {} {} {}", name, names[i], with_unit(limit.hard),
                        with_unit(limit.soft), limit.soft_seconds),
            limit != default_output_limits.of[i]);
  }
}

// oom-score-adj-values

refusal parse_oom_values(settings& to, std::span<const std::string> words, assignment&) {
  constexpr std::int64_t bound = 2000;
  auto values = to.oom_score_adj_values;
  if (words.size() != values.size()) return refuse(wrong_count);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = lenient_integer(words[i]);
    if (!value || *value < -bound || *value > bound)
      return refuse("Invalid oom-score-adj-values, elements must be between -2000 and 2000.");
    values[i] = *value;
  }
  to.oom_score_adj_values = values;
  return {};
}

std::string format_oom_values(const settings& from) {
  return fmt::format("{}", fmt::join(from.oom_score_adj_values, " "));
}

// notify-keyspace-events

struct event_letter {
  char letter;
  std::uint32_t bits;
};

constexpr event_letter event_classes[] = {
    {'g', notify::generic}, {'$', notify::string}, {'l', notify::list},    {'s', notify::set},
    {'h', notify::hash},    {'z', notify::zset},   {'x', notify::expired}, {'e', notify::evicted},
    {'t', notify::stream},  {'d', notify::module}, {'n', notify::new_key},
};
constexpr event_letter event_others[] = {
    {'K', notify::keyspace},
    {'E', notify::keyevent},
    {'m', notify::key_miss},
};

std::optional<std::uint32_t> bits_of(char letter) {
  if (letter == 'A') return notify::all;
  for (const auto& event : event_classes)
    if (event.letter == letter) return event.bits;
  for (const auto& event : event_others)
    if (event.letter == letter) return event.bits;
  return std::nullopt;
}

refusal parse_events(settings& to, std::span<const std::string> words, assignment&) {
  if (words.size() != 1) return refuse(wrong_count);
  std::uint32_t events = 0;
  for (const char letter : words.front()) {
    const auto bits = bits_of(letter);
    if (!bits) return refuse("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.");
    events |= *bits;
  }
  to.notify_keyspace_events = events;
  return {};
}

std::string format_events(const settings& from) {
  const auto events = from.notify_keyspace_events;
  std::string letters;
  const bool every = (events & notify::all) == notify::all;
  if (every) letters = "A";
  for (const auto& event : event_classes)
    if (!every && (events & event.bits) != 0) letters += event.letter;
  for (const auto& event : event_others)
    if ((events & event.bits) != 0) letters += event.letter;
  return letters;
}

void rewrite_events(std::string_view name, const settings& from, file_rewriter& to) {
  to.line(name, fmt::format("{} {}", name, base::quoted(format_events(from))),
          from.notify_keyspace_events != 0);
}

// replicaof

refusal parse_replicaof(settings& to, std::span<const std::string> words, assignment&) {
  constexpr std::int64_t max_port = 65535;
  if (words.size() != 2) return refuse(wrong_count);
  if (base::iequals(words[0], "no") && base::iequals(words[1], "one")) {
    to.replicaof = {};
    return {};
  }
  const auto port = lenient_integer(words[1]);
  if (!port || *port < 0 || *port > max_port) return refuse("Invalid master port");
  to.replicaof = {words[0], *port};
  return {};
}

std::string format_replicaof(const settings& from) {
  if (from.replicaof.host.empty()) return {};
  return fmt::format("{} {}", from.replicaof.host, from.replicaof.port);
}

void rewrite_replicaof(std::string_view name, const settings& from, file_rewriter& to) {
  if (from.replicaof.host.empty() || from.cluster_enabled) return to.done(name);
  to.line(name, named(name, format_replicaof(from)), true);
}

// latency-tracking-info-percentiles

refusal parse_percentiles(settings& to, std::span<const std::string> words, assignment&) {
  std::vector<double> percentiles;
  for (const auto& word : without_empty(words)) {
    const auto value = base::parse_double(word);
    if (!value) return refuse("Invalid latency-tracking-info-percentiles parameters");
    if (*value < 0.0 || *value > 100.0)
      return refuse("latency-tracking-info-percentiles parameters should sit between [0.0,100.0]");
    percentiles.push_back(*value);
  }
  to.latency_tracking_info_percentiles = std::move(percentiles);
  return {};
}

/// With six decimals, then without zeros at the end.
std::string short_decimal(double value) {
  auto digits = fmt::format("{:f}", value);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

std::string format_percentiles(const settings& from) {
  std::vector<std::string> words;
  for (const auto percentile : from.latency_tracking_info_percentiles)
    words.push_back(short_decimal(percentile));
  return join(words, " ");
}

void rewrite_percentiles(std::string_view name, const settings& from, file_rewriter& to) {
  to.line(name, named(name, format_percentiles(from)), true);
}

}  // namespace

const custom bind{parse_bind, format_bind, rewrite_bind,
                  [](settings& to) { to.binds = default_binds; }, "[-]<address> ..."};

const custom dir{parse_dir, format_dir, rewrite_dir, [](settings& to) { to.dir.clear(); },
                 "<path>"};

const custom save{parse_save, format_save, rewrite_save,
                  [](settings& to) {
                    to.save_points = {{3600, 1}, {300, 100}, {60, 10000}};
                  },
                  "<seconds> <changes> ..."};

const custom client_output_buffer_limit{
    parse_output_limits, format_output_limits, rewrite_output_limits,
    [](settings& to) { to.client_output_buffer_limits = default_output_limits; },
    "normal|replica|pubsub <hard bytes> <soft bytes> <soft seconds> ..."};

const custom oom_score_adj_values{parse_oom_values, format_oom_values, nullptr,
                                  [](settings& to) {
                                    to.oom_score_adj_values = {0, 200, 800};
                                  },
                                  "<primary> <replica> <background>"};

const custom notify_keyspace_events{parse_events, format_events, rewrite_events,
                                    [](settings& to) { to.notify_keyspace_events = 0; },
                                    "<letters of KEg$lshzxetdnmA>"};

const custom replicaof{parse_replicaof, format_replicaof, rewrite_replicaof,
                       [](settings& to) { to.replicaof = {}; }, "<host> <port> | no one"};

const custom latency_percentiles{parse_percentiles, format_percentiles, rewrite_percentiles,
                                 [](settings& to) {
                                   to.latency_tracking_info_percentiles = {50, 99, 99.9};
                                 },
                                 "<percentile> ..."};

}  // namespace hawser::engine::customs
