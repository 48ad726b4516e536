#include "sorted_sets.hpp"
#include <store/set_value.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using seen = sorted_set_value::seen;
using store::large_sorted_set;
using store::set_value;

enum class operation { unite, intersect, subtract };
enum class aggregate { sum, least, most };

double without_nan(double score) { return std::isnan(score) ? 0 : score; }

double combined(aggregate how, double a, double b) {
  switch (how) {
    case aggregate::sum:
      return without_nan(a + b);  // of infinities
    case aggregate::least:
      return b < a ? b : a;
    default:
      return b > a ? b : a;
  }
}

/// A key that is combined with others: a sorted set, a plain set, whose members all have the score
/// 1, or nothing.
class operand {
 public:
  operand(context& cx, std::string_view key) {
    auto* found = cx.keys.read(key);
    if (found == nullptr) return;
    if (found->type() == sorted_set_value::type)
      sorted_.emplace(cx.keys.data(), *found);
    else if (found->type() == set_value::type)
      plain_.emplace(cx.keys.data(), *found);
    else
      throw command_error(errors::wrong_type);
  }

  std::size_t size() const { return sorted_ ? sorted_->size() : plain_ ? plain_->size() : 0; }

  std::optional<double> score(std::string_view member) const {
    if (plain_) return plain_->contains(member) ? std::optional(1.0) : std::nullopt;
    if (!sorted_) return std::nullopt;
    const auto at = sorted_->find(member);
    return at ? std::optional(at.score()) : std::nullopt;
  }

  /// visit(member, score)
  template <class Visit>
  void for_each(Visit visit) const {
    if (sorted_) sorted_->for_each([&](const seen& each) { visit(each.member(), each.score()); });
    if (!plain_) return;
    store::digits room;
    plain_->for_each([&](const set_value::member& each) { visit(each.text(room.room), 1.0); });
  }

  double weight = 1;

 private:
  std::optional<sorted_set_value> sorted_;
  std::optional<set_value> plain_;
};

/// numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]
struct combination {
  enum class purpose { reply, store, count };

  combination(context& cx, operation what, purpose why) : what(what) {
    auto& args = cx.args;
    const auto number = args.integer();
    if (number < 1)
      throw command_error(
          fmt::format("ERR at least 1 input key is needed for '{}' command", cx.what.full_name));
    if (static_cast<std::uint64_t>(number) > args.left()) throw command_error(errors::syntax);
    for (const auto key : args.rest(args.left() - static_cast<std::size_t>(number)))
      operands.emplace_back(cx, key);
    while (!args.empty()) read_option(args, why);
    // The fewest members first: they decide how much is to be done.
    if (what != operation::subtract)
      std::ranges::stable_sort(operands, {}, [](const operand& each) { return each.size(); });
  }

  operation what;
  std::vector<operand> operands;
  aggregate how = aggregate::sum;
  bool with_scores = false;
  std::size_t limit = std::numeric_limits<std::size_t>::max();

 private:
  void read_option(engine::arg_reader& args, purpose why) {
    const bool weighs = what != operation::subtract && why != purpose::count;
    if (weighs && args.accept_with("WEIGHTS", operands.size())) {
      for (auto& each : operands) each.weight = args.number("ERR weight value is not a float");
    } else if (weighs && args.accept_with("AGGREGATE", 1)) {
      how = read_aggregate(args);
    } else if (why == purpose::reply && args.accept("WITHSCORES")) {
      with_scores = true;
    } else if (why == purpose::count && args.accept_with("LIMIT", 1)) {
      constexpr const char* bad = "ERR LIMIT can't be negative";
      const auto given = args.integer(bad);
      if (given < 0) throw command_error(bad);
      limit =
          given == 0 ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(given);
    } else {
      throw command_error(errors::syntax);
    }
  }

  static aggregate read_aggregate(engine::arg_reader& args) {
    if (args.accept("SUM")) return aggregate::sum;
    if (args.accept("MIN")) return aggregate::least;
    if (args.accept("MAX")) return aggregate::most;
    throw command_error(errors::syntax);
  }
};

/// The score of a member of the first operand that all others have too.
std::optional<double> shared_score(const combination& of, std::string_view member, double score) {
  score = without_nan(score * of.operands.front().weight);
  for (const auto& other : std::span(of.operands).subspan(1)) {
    const auto present = other.score(member);
    if (!present) return std::nullopt;
    score = combined(of.how, score, *present * other.weight);
  }
  return score;
}

bool in_others(const combination& of, std::string_view member) {
  const auto others = std::span(of.operands).subspan(1);
  return std::ranges::any_of(others,
                             [&](const operand& each) { return each.score(member).has_value(); });
}

/// Adds the members of one operand to those of the operands before it.
void unite(large_sorted_set& with, const operand& added, aggregate how) {
  const bool first = with.size() == 0;
  added.for_each([&](std::string_view member, double score) {
    score = without_nan(score * added.weight);
    const auto hash = with.hash_of(member);
    if (auto* present = first ? nullptr : with.find(member, hash))
      present->set_score(combined(how, present->score(), score));
    else
      with.add_unordered(member, score, hash);
  });
}

/// The result, not in order yet.
std::unique_ptr<large_sorted_set> combine(context& cx, const combination& of) {
  auto& home = cx.keys.data();
  auto made = std::make_unique<large_sorted_set>(home.memory(), home.hasher());
  const auto add = [&](std::string_view member, double score) {
    made->add_unordered(member, score, made->hash_of(member));
  };
  if (of.what == operation::unite) {
    for (const auto& each : of.operands) unite(*made, each, of.how);
    return made;
  }
  of.operands.front().for_each([&](std::string_view member, double score) {
    if (of.what == operation::subtract) {
      if (!in_others(of, member)) add(member, score);
    } else if (const auto shared = shared_score(of, member, score)) {
      add(member, *shared);
    }
  });
  return made;
}

void reply_combined(context& cx, operation what) {
  const combination query(cx, what, combination::purpose::reply);
  const auto result = combine(cx, query);
  result->put_in_order();
  const auto how = pairing_of(cx);
  if (query.with_scores)
    reply_pair_count(cx, result->size(), how);
  else
    cx.reply.array(result->size());
  if (result->size() == 0) return;
  auto at = result->order().at(0);
  do {
    if (query.with_scores)
      reply_pair(cx, (*at)->member(), (*at)->score(), how);
    else
      cx.reply.bulk((*at)->member());
  } while (at.next());
}

void store_combined(context& cx, operation what, std::string_view event) {
  const auto to = cx.args.next();
  const combination query(cx, what, combination::purpose::store);
  store_members(cx, to, combine(cx, query), event);
}

/// ZUNION numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]
void zunion(context& cx) { reply_combined(cx, operation::unite); }

/// ZINTER numkeys key [key ...] [WEIGHTS weight [weight ...]] [AGGREGATE SUM|MIN|MAX] [WITHSCORES]
void zinter(context& cx) { reply_combined(cx, operation::intersect); }

/// ZDIFF numkeys key [key ...] [WITHSCORES]
void zdiff(context& cx) { reply_combined(cx, operation::subtract); }

/// ZUNIONSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]]
/// [AGGREGATE SUM|MIN|MAX]
void zunionstore(context& cx) { store_combined(cx, operation::unite, "zunionstore"); }

/// ZINTERSTORE destination numkeys key [key ...] [WEIGHTS weight [weight ...]]
/// [AGGREGATE SUM|MIN|MAX]
void zinterstore(context& cx) { store_combined(cx, operation::intersect, "zinterstore"); }

/// ZDIFFSTORE destination numkeys key [key ...]
void zdiffstore(context& cx) { store_combined(cx, operation::subtract, "zdiffstore"); }

/// ZINTERCARD numkeys key [key ...] [LIMIT limit]
void zintercard(context& cx) {
  const combination query(cx, operation::intersect, combination::purpose::count);
  std::size_t found = 0;
  query.operands.front().for_each([&](std::string_view member, double score) {
    if (found < query.limit && shared_score(query, member, score)) ++found;
  });
  cx.reply.integer(static_cast<std::int64_t>(found));
}

constexpr auto reads = readonly | movablekeys;
constexpr auto stores = write | denyoom | movablekeys;

constexpr command_spec table[] = {
    {"zdiff", arity::at_least(3), reads, key_range::none(), zdiff},
    {"zdiffstore", arity::at_least(4), stores, key_range::one(), zdiffstore},
    {"zinter", arity::at_least(3), reads, key_range::none(), zinter},
    {"zintercard", arity::at_least(3), reads, key_range::none(), zintercard},
    {"zinterstore", arity::at_least(4), stores, key_range::one(), zinterstore},
    {"zunion", arity::at_least(3), reads, key_range::none(), zunion},
    {"zunionstore", arity::at_least(4), stores, key_range::one(), zunionstore},
};
static_assert(well_formed(table));

}  // namespace

void store_members(context& cx, std::string_view key, std::unique_ptr<large_sorted_set> members,
                   std::string_view event) {
  const auto size = members->size();
  if (size == 0) {
    if (cx.keys.remove(key)) cx.modified(key, notify::generic, "del");
  } else {
    auto made = cx.keys.draft<sorted_set_value>();
    made.value().fill(std::move(members));
    cx.keys.put(key, std::move(made));
    cx.modified(key, notify::zset, event);
  }
  cx.reply.integer(static_cast<std::int64_t>(size));
}

engine::command_table::rows sorted_set_combine_commands() { return table; }

}  // namespace hawser::commands
