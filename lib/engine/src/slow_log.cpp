#include <engine/slow_log.hpp>

#include <fmt/format.h>

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

void slow_log::add(std::int64_t when, base::microseconds_t took,
                   std::span<const std::string_view> words, std::string_view address,
                   std::string_view name, std::size_t most) {
  record added{next_id_++, when, took, {}, std::string(address), std::string(name)};
  const auto kept = words.size() > most_words ? most_words - 1 : words.size();
  for (const auto word : words.first(kept)) added.words.push_back(shortened(word));
  if (kept < words.size())
    added.words.push_back(fmt::format("... ({} more arguments)", words.size() - kept));
  records_.push_front(std::move(added));
  trim(most);
}

void slow_log::trim(std::size_t most) {
  while (records_.size() > most) records_.pop_back();
}

}  // namespace hawser::engine
