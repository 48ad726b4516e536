#include <base/bytes.hpp>
#include <base/numbers.hpp>
#include <engine/command_keys.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace hawser::engine {

namespace {

using words_t = std::span<const std::string_view>;

struct range {
  std::int64_t first;
  std::int64_t last;
  std::int64_t step;
};

/// The keys behind a fixed word: their share of all that follows it. Empty when it is not there, or
/// when nothing is behind it.
std::optional<range> range_behind(const key_spec& spec, words_t words) {
  const auto is_it = [&](auto word) { return base::iequals(word, spec.after); };
  const auto size = static_cast<int>(words.size());
  auto found = words.end();
  if (spec.begin >= 0) {
    found = std::find_if(words.begin() + std::min(spec.begin, size), words.end(), is_it);
  } else {
    const auto last = words.begin() + std::max(0, size + spec.begin + 1);
    const auto back = std::find_if(std::make_reverse_iterator(last), words.rend(), is_it);
    if (back != words.rend()) found = std::prev(back.base());
  }
  if (found == words.end()) return std::nullopt;
  const auto first = found - words.begin() + 1;
  const auto left = (words.end() - found - 1) / spec.share;
  const auto count = spec.last < 0 ? left : std::min<std::ptrdiff_t>(left, 1 + spec.last);
  if (count == 0) return std::nullopt;
  return range{first, first + count - 1, spec.step};
}

/// A number as C's atoi reads it: what there is of one at the front of the text.
std::int64_t leading_number(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())))
    text.remove_prefix(1);
  const bool plus = text.starts_with('+');
  if (plus) text.remove_prefix(1);
  std::int64_t number = 0;
  if (!plus || !text.starts_with('-'))
    std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// What is taken for the keys of a command whose number of keys is not quite one: it will fail, but
/// what a user may know of keys is looked at before. The keys that are counted come first.
std::optional<std::vector<found_key>> keys_by_leading_number(const key_specs& of, words_t words) {
  std::vector<found_key> found;
  const auto counted =
      std::ranges::find(of, key_spec::search::counted, [](const auto& spec) { return spec.find; });
  if (counted == of.end()) return std::nullopt;
  const auto first = static_cast<std::size_t>(counted->begin) + 1;
  const auto step = static_cast<std::size_t>(counted->step);
  if (first > words.size()) return std::nullopt;
  const auto number = leading_number(words[first - 1]);
  if (number < 1 || static_cast<std::uint64_t>(number) > (words.size() - first) / step)
    return std::nullopt;
  for (std::size_t i = 0; i < static_cast<std::size_t>(number); ++i)
    found.push_back({first + i * step, {}});
  for (const auto& spec : of)
    if (spec.find == key_spec::search::range && !(spec.what & use::not_key))
      found.push_back({static_cast<std::size_t>(spec.begin), {}});
  return found;
}

std::optional<range> range_of(const key_spec& spec, words_t words) {
  if (!spec.after.empty()) return range_behind(spec, words);
  const auto size = static_cast<std::int64_t>(words.size());
  if (spec.find == key_spec::search::range)
    return range{spec.begin, spec.last < 0 ? size + spec.last : spec.begin + spec.last, spec.step};
  if (spec.begin >= size) return std::nullopt;
  const auto count = base::parse_int(words[static_cast<std::size_t>(spec.begin)]);
  if (!count || *count < 1 || *count >= size) return std::nullopt;
  return range{spec.begin + 1, spec.begin + 1 + (*count - 1) * spec.step, spec.step};
}

/// The key that the last STORE of a SORT names. The words of options that take some are left out,
/// whatever they are; all others may be an option.
std::optional<std::size_t> stored_key(words_t words) {
  std::optional<std::size_t> found;
  for (std::size_t i = 2; i < words.size(); ++i) {
    if (base::iequals(words[i], "limit"))
      i += 2;
    else if (base::iequals(words[i], "get") || base::iequals(words[i], "by"))
      ++i;
    else if (base::iequals(words[i], "store") && i + 1 < words.size())
      found = i + 1;
  }
  return found;
}

bool any_is(words_t words, std::initializer_list<std::string_view> wanted) {
  return std::ranges::any_of(words, [&](auto word) {
    return std::ranges::any_of(wanted, [&](auto each) { return base::iequals(word, each); });
  });
}

/// True unless all that is to be done with the fields is to read them.
bool changes_fields(words_t operations) {
  for (std::size_t at = 0; at < operations.size();) {
    const auto left = operations.size() - at - 1;
    if (base::iequals(operations[at], "get") && left >= 2) {
      at += 3;
    } else if (base::iequals(operations[at], "overflow") && left >= 1) {
      at += 2;
    } else {
      return true;
    }
  }
  return false;
}

/// What depends on the arguments: SET reads the old value only when it is asked to, BITFIELD
/// changes it only then.
key_use use_of(const key_spec& spec, words_t words) {
  if (!(spec.what & use::variable_flags)) return spec.what;
  if (spec.operations) {
    return changes_fields(words.subspan(2)) ? use::rw | use::accesses | use::updates
                                            : use::ro | use::accesses;
  }
  const bool gets =
      words.size() > 3 && any_is(words.subspan(3), {"get", "ifeq", "ifne", "ifdeq", "ifdne"});
  return gets ? use::rw | use::accesses | use::updates : use::ow | use::updates;
}

}  // namespace

std::span<const std::string_view> key_use_names() {
  static constexpr std::string_view names[] = {
      // clang-format off
      "RO",
      "RW",
      "OW",
      "RM",
      "access",
      "update",
      "insert",
      "delete",
      "not_key",
      "variable_flags",
      "incomplete",
      // clang-format on
  };
  static_assert(use::incomplete == 1U << (std::size(names) - 1));
  return names;
}

bool has_keys(const key_specs& of) {
  return std::ranges::any_of(of, [](const auto& spec) { return !(spec.what & use::not_key); });
}

std::optional<std::vector<found_key>> find_keys(const key_specs& of, words_t words) {
  std::vector<found_key> found;
  for (const auto& spec : of) {
    if (spec.what & use::not_key) continue;
    if (spec.find == key_spec::search::unknown) {
      // Keys that values lead to are not among the words.
      const auto stored = spec.what & use::ow ? stored_key(words) : std::nullopt;
      if (stored) found.push_back({*stored, spec.what});
      continue;
    }
    const auto where = range_of(spec, words);
    if (!where && ((spec.what & use::incomplete) || !spec.after.empty())) continue;
    // Without a key at its place MIGRATE has them at its end.
    if (where && (spec.what & use::incomplete) && found.size() == 1) {
      if (!words[found[0].word].empty()) continue;
      found.clear();
    }
    if (!where || where->last >= static_cast<std::int64_t>(words.size()))
      return keys_by_leading_number(of, words);
    for (auto at = where->first; at <= where->last; at += where->step)
      found.push_back({static_cast<std::size_t>(at), use_of(spec, words)});
  }
  return found;
}

}  // namespace hawser::engine
