#include "lists.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// LINSERT key BEFORE|AFTER pivot element -- -1 when the pivot is not there.
void linsert(context& cx) {
  const auto key = cx.args.next();
  const bool after = cx.args.accept("after");
  if (!after && !cx.args.accept("before")) throw command_error(errors::syntax);
  const auto pivot = cx.args.next();
  const auto element = checked(cx.args.next());

  auto list = cx.keys.write<list_value>(key);
  if (!list) return void(cx.reply.integer(0));
  const auto found = list->find(pivot);
  if (!found) return void(cx.reply.integer(-1));
  list->insert(*found + after, element);
  list_changed(cx, key, *list, "linsert");
  cx.reply.integer(static_cast<std::int64_t>(list->size()));
}

/// LREM key count element -- the first `count`, the last ones if negative, all of them if 0.
void lrem(context& cx) {
  const auto key = cx.args.next();
  const auto count = cx.args.integer();
  const auto element = cx.args.next();

  auto list = cx.keys.write<list_value>(key);
  if (!list) return void(cx.reply.integer(0));
  constexpr auto all = std::numeric_limits<std::size_t>::max();
  const bool backward = count < 0;
  const auto distance =
      backward ? 0 - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
  const auto removed = list->remove(element, count == 0 ? all : distance, backward);
  if (removed > 0) list_changed(cx, key, *list, "lrem", removed);
  cx.reply.integer(static_cast<std::int64_t>(removed));
}

/// Which matches LPOS replies, and how far it looks for them.
struct search {
  explicit search(context& cx) {
    auto& args = cx.args;
    while (!args.empty()) {
      if (args.accept_with("rank", 1))
        read_rank(args.integer());
      else if (args.accept_with("count", 1))
        count = not_negative(cx, "ERR COUNT can't be negative"), counted = true;
      else if (args.accept_with("maxlen", 1))
        longest = not_negative(cx, "ERR MAXLEN can't be negative");
      else
        throw command_error(errors::syntax);
    }
  }

  bool backward = false;
  std::uint64_t rank = 1;  // of the first match that counts
  bool counted = false;    // an array is replied
  std::uint64_t count = 1;
  std::uint64_t longest = 0;  // 0: all of the list

 private:
  void read_rank(std::int64_t given) {
    if (given == 0)
      throw command_error(
          "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or "
          "use negative to start from the end of the list");
    backward = given < 0;
    rank = backward ? 0 - static_cast<std::uint64_t>(given) : static_cast<std::uint64_t>(given);
    // What has no positive counterpart is the first one from the end.
    if (given == std::numeric_limits<std::int64_t>::min()) rank = 1;
  }
  static std::uint64_t not_negative(context& cx, const char* error) {
    const auto number = cx.args.integer(error);
    if (number < 0) throw command_error(error);
    return static_cast<std::uint64_t>(number);
  }
};

std::vector<std::size_t> positions(const list_value& list, std::string_view text,
                                   const search& how) {
  std::vector<std::size_t> found;
  const store::element_matcher matches(text);
  const auto size = list.size();
  std::uint64_t seen = 0, matched = 0;
  list.walk(how.backward ? size - 1 : 0, how.backward, [&](const auto& each) {
    if (matches(each) && ++matched >= how.rank)
      found.push_back(how.backward ? size - 1 - seen : seen);
    ++seen;
    return !(how.count != 0 && found.size() >= how.count) && seen != how.longest;
  });
  return found;
}

/// LPOS key element [RANK rank] [COUNT count] [MAXLEN len]
void lpos(context& cx) {
  const auto key = cx.args.next();
  const auto element = cx.args.next();
  const search how(cx);
  const auto list = cx.keys.read<list_value>(key);
  std::vector<std::size_t> found;
  if (list) found = positions(*list, element, how);
  if (how.counted)
    cx.reply.array(found.size());
  else if (found.empty())
    cx.reply.null();
  for (const auto position : found) cx.reply.integer(static_cast<std::int64_t>(position));
}

constexpr command_spec table[] = {
    {"linsert", arity::exactly(5), write | denyoom, key_range::one(), linsert},
    {"lpos", arity::at_least(3), readonly, key_range::one(), lpos},
    {"lrem", arity::exactly(4), write, key_range::one(), lrem},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows list_search_commands() { return table; }

}  // namespace hawser::commands
