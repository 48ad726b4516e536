#include "sorted_sets.hpp"

#include "scan_options.hpp"
#include <base/numbers.hpp>

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;

add_options read_add_options(engine::arg_reader& args) {
  add_options read;
  const auto accepted = [&args](const char* word, bool& option) {
    const bool given = args.accept(word);
    option |= given;
    return given;
  };
  while (accepted("NX", read.only_new) || accepted("XX", read.only_present) ||
         accepted("GT", read.only_greater) || accepted("LT", read.only_less) ||
         accepted("CH", read.count_changed) || accepted("INCR", read.increment)) {
  }
  return read;
}

void check(const add_options& options) {
  if (options.only_new && options.only_present)
    throw command_error("ERR XX and NX options at the same time are not compatible");
  if ((options.only_new && (options.only_greater || options.only_less)) ||
      (options.only_greater && options.only_less))
    throw command_error("ERR GT, LT, and/or NX options at the same time are not compatible");
}

/// Adds members as the options say, and counts what happened.
struct addition {
  sorted_set_value set;
  add_options options;
  std::size_t added = 0;
  std::size_t changed = 0;

  /// The member's score now; none if the options forbade to touch it.
  std::optional<double> add(std::string_view member, double score) {
    const auto at = set.find(member);
    if (!at) {
      if (options.only_present) return std::nullopt;
      set.add(at, member, score);
      ++added;
      return score;
    }
    if (options.only_new) return std::nullopt;
    if (options.increment) score += at.score();
    if (std::isnan(score)) throw command_error("ERR resulting score is not a number (NaN)");
    if (options.only_greater && score <= at.score()) return std::nullopt;
    if (options.only_less && score >= at.score()) return std::nullopt;
    if (score != at.score()) {
      set.set_score(at, member, score);
      ++changed;
    }
    return score;
  }
};

using words_t = std::span<const std::string_view>;

/// The scores of `score member` pairs.
std::vector<double> read_scores(words_t pairs) {
  std::vector<double> scores;
  scores.reserve(pairs.size() / 2);
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    const auto score = base::parse_double(pairs[i]);
    if (!score) throw command_error(errors::not_float);
    scores.push_back(*score);
  }
  return scores;
}

void reply_score(context& cx, std::optional<double> score) {
  if (score)
    cx.reply.number(*score);
  else
    cx.reply.null();
}

void add_pairs(context& cx, bool increment) {
  const auto key = cx.args.next();
  auto options = read_add_options(cx.args);
  options.increment |= increment;
  const auto pairs = cx.args.rest();
  if (pairs.empty() || pairs.size() % 2 != 0) throw command_error(errors::syntax);
  check(options);
  if (options.increment && pairs.size() > 2)
    throw command_error("ERR INCR option supports a single increment-element pair");
  add_members(cx, key, options, read_scores(pairs), pairs);
}

/// ZADD key [NX|XX] [GT|LT] [CH] [INCR] score member [score member ...]
void zadd(context& cx) { add_pairs(cx, false); }

/// ZINCRBY key increment member
void zincrby(context& cx) { add_pairs(cx, true); }

/// ZREM key member [member ...]
void zrem(context& cx) {
  const auto key = cx.args.next();
  auto set = cx.keys.write<sorted_set_value>(key);
  if (!set) return void(cx.reply.integer(0));
  std::int64_t removed = 0;
  for (const auto member : cx.args.rest()) {
    if (set->empty()) break;
    if (const auto at = set->find(member)) {
      set->erase(at);
      ++removed;
    }
  }
  if (removed > 0) {
    cx.modified(key, notify::zset, "zrem");
    cx.drop_if_empty(key, *set);
  }
  cx.reply.integer(removed);
}

/// ZCARD key
void zcard(context& cx) {
  const auto set = cx.keys.read<sorted_set_value>(cx.args.next());
  cx.reply.integer(set ? static_cast<std::int64_t>(set->size()) : 0);
}

std::optional<double> score_in(const std::optional<sorted_set_value>& set,
                               std::string_view member) {
  if (!set) return std::nullopt;
  const auto at = set->find(member);
  return at ? std::optional(at.score()) : std::nullopt;
}

/// ZSCORE key member
void zscore(context& cx) {
  const auto set = cx.keys.read<sorted_set_value>(cx.args.next());
  reply_score(cx, score_in(set, cx.args.next()));
}

/// ZMSCORE key member [member ...]
void zmscore(context& cx) {
  const auto set = cx.keys.read<sorted_set_value>(cx.args.next());
  cx.reply.array(cx.args.left());
  for (const auto member : cx.args.rest()) reply_score(cx, score_in(set, member));
}

void reply_rank(context& cx, bool from_end) {
  const auto key = cx.args.next();
  const auto member = cx.args.next();
  const bool with_score = !cx.args.empty();
  if (with_score && !cx.args.accept("WITHSCORE")) throw command_error(errors::syntax);

  const auto set = cx.keys.read<sorted_set_value>(key);
  const auto at = set ? set->find(member) : sorted_set_value::spot();
  if (!at) return void(with_score ? cx.reply.null_array() : cx.reply.null());
  const auto rank = set->rank(at);
  if (with_score) cx.reply.array(2);
  cx.reply.integer(static_cast<std::int64_t>(from_end ? set->size() - 1 - rank : rank));
  if (with_score) cx.reply.number(at.score());
}

/// ZRANK key member [WITHSCORE]
void zrank(context& cx) { reply_rank(cx, false); }

/// ZREVRANK key member [WITHSCORE]
void zrevrank(context& cx) { reply_rank(cx, true); }

/// ZSCAN key cursor [MATCH pattern] [COUNT count]
void zscan(context& cx) {
  const auto key = cx.args.next();
  auto cursor = read_cursor(cx.args.next());
  const auto set = cx.keys.read<sorted_set_value>(key);
  if (!set) return void(cx.reply.array(2).bulk("0").array(0));
  const scan_options options(cx.args);
  std::vector<std::pair<std::string, std::string>> found;  // members and scores
  std::size_t seen = 0;
  const auto visit = [&](std::uint64_t at) {
    return set->scan(at, [&](const sorted_set_value::seen& each) {
      ++seen;
      if (options.select(each.member())) found.emplace_back(each.member(), each.score_text());
    });
  };
  cursor = scan_buckets(cursor, options.count, visit, [&] { return seen; });
  cx.reply.array(2).bulk(fmt::format_int(cursor).c_str()).array(2 * found.size());
  for (const auto& [member, score] : found) cx.reply.bulk(member).bulk(score);
}

constexpr command_spec table[] = {
    {"zadd", arity::at_least(4), write | denyoom | fast | element, key_range::one(), zadd},
    {"zcard", arity::exactly(2), readonly | fast, key_range::one(), zcard},
    {"zincrby", arity::exactly(4), write | denyoom | fast | element, key_range::one(), zincrby},
    {"zmscore", arity::at_least(3), readonly | fast, key_range::one(), zmscore},
    {"zrank", {3, 4}, readonly | fast | element, key_range::one(), zrank},
    {"zrem", arity::at_least(3), write | fast | element, key_range::one(), zrem},
    {"zrevrank", {3, 4}, readonly | fast | element, key_range::one(), zrevrank},
    {"zscan", arity::at_least(3), readonly, key_range::one(), zscan},
    {"zscore", arity::exactly(3), readonly | fast | element, key_range::one(), zscore},
};
static_assert(well_formed(table));

}  // namespace

void add_members(context& cx, std::string_view key, const add_options& options,
                 std::span<const double> scores, std::span<const std::string_view> words) {
  auto present = cx.keys.write<sorted_set_value>(key);
  if (!present && options.only_present)
    return void(options.increment ? cx.reply.null() : cx.reply.integer(0));
  if (!present) present = cx.keys.write_or_create<sorted_set_value>(key);
  addition work{*present, options};
  const auto step = words.size() / scores.size();
  std::optional<double> last;
  for (std::size_t i = 0; i < scores.size(); ++i)
    last = work.add(words[i * step + step - 1], scores[i]);
  if (work.added + work.changed > 0)
    cx.modified(key, notify::zset, options.increment ? "zincr" : "zadd");
  if (options.increment) return reply_score(cx, last);
  cx.reply.integer(
      static_cast<std::int64_t>(work.added + (options.count_changed ? work.changed : 0)));
}

engine::command_table::rows sorted_set_commands() { return table; }

}  // namespace hawser::commands
