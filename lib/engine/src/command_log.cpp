#include <engine/command_log.hpp>
#include <engine/config/settings.hpp>

#include <fmt/format.h>

#include <utility>

namespace hawser::engine {

namespace {

constexpr std::size_t most_words = 32;
constexpr std::size_t longest_word = 128;

std::string shortened(std::string_view word) {
  if (word.size() <= longest_word) return std::string(word);
  return fmt::format("{}... ({} more bytes)", word.substr(0, longest_word),
                     word.size() - longest_word);
}

}  // namespace

void command_log::add(record added, std::span<const std::string_view> words, std::size_t most) {
  added.id = next_id_++;
  const auto kept = words.size() > most_words ? most_words - 1 : words.size();
  for (const auto word : words.first(kept)) added.words.push_back(shortened(word));
  if (kept < words.size())
    added.words.push_back(fmt::format("... ({} more arguments)", words.size() - kept));
  records_.push_front(std::move(added));
  trim(most);
}

void command_log::trim(std::size_t most) {
  while (records_.size() > most) records_.pop_back();
}

void command_logs::trim(const settings& options) {
  for (const auto what : {logged_cost::time, logged_cost::request, logged_cost::reply})
    if (const auto limits = limits_of(what, options); limits.threshold >= 0)
      (*this)[what].trim(limits.most);
}

command_log_limits limits_of(logged_cost what, const settings& options) {
  const auto limits = [](std::int64_t threshold, std::int64_t most) {
    return command_log_limits{threshold, static_cast<std::size_t>(most)};
  };
  switch (what) {
    case logged_cost::time:
      break;
    case logged_cost::request:
      return limits(options.commandlog_request_larger_than,
                    options.commandlog_large_request_max_len);
    case logged_cost::reply:
      return limits(options.commandlog_reply_larger_than, options.commandlog_large_reply_max_len);
  }
  return limits(options.slowlog_log_slower_than, options.slowlog_max_len);
}

}  // namespace hawser::engine
