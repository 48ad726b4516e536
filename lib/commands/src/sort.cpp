#include "sort_elements.hpp"
#include "sort_pattern.hpp"
#include <base/partial_sort.hpp>
#include <store/list_value.hpp>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::value_type;

/// The options of a SORT.
struct sort_request {
  std::optional<sort_pattern> by;
  std::vector<sort_pattern> get;
  std::int64_t offset = 0;
  std::int64_t count = -1;  // negative: all
  bool sorted = true;       // BY a pattern without an asterisk asks for no order
  bool descending = false;
  bool alphabetic = false;
  std::optional<std::string_view> destination;

  /// `may_look_up`: the user may read every key, to which values can lead.
  sort_request(engine::arg_reader& args, bool may_store, bool may_look_up) {
    while (!args.empty()) {
      if (args.accept("ASC")) {
        descending = false;
      } else if (args.accept("DESC")) {
        descending = true;
      } else if (args.accept("ALPHA")) {
        alphabetic = true;
      } else if (args.accept_with("LIMIT", 2)) {
        offset = args.integer();
        count = args.integer();
      } else if (may_store && args.accept_with("STORE", 1)) {
        destination = args.next();
      } else if (args.accept_with("BY", 1)) {
        by.emplace(args.next());
        if (by->has_asterisk() && !may_look_up)
          throw command_error("ERR BY option of SORT denied due to insufficient ACL permissions.");
        sorted = sorted && by->has_asterisk();
      } else if (args.accept_with("GET", 1)) {
        if (!may_look_up)
          throw command_error("ERR GET option of SORT denied due to insufficient ACL permissions.");
        get.emplace_back(args.next());
      } else {
        throw command_error(errors::syntax);
      }
    }
  }

  /// The part of `size` elements that is asked for.
  sort_range range(std::size_t size) const {
    const auto all = static_cast<std::int64_t>(size);
    const auto first = std::clamp<std::int64_t>(offset, 0, all);
    const auto most = count < 0 ? all : std::min(count, all);
    return {static_cast<std::size_t>(first), static_cast<std::size_t>(std::min(most, all - first))};
  }
};

/// Reads a weight as C's strtod does, which takes blanks in front, ends at a NUL and gives 0 for
/// nothing at all.
double weight_of(const element& of) {
  if (of.is_integer()) return static_cast<double>(of.integer);
  const std::string text(of.string, of.size);
  char* end = nullptr;
  errno = 0;
  const double value = std::strtod(text.c_str(), &end);
  if (*end != '\0' || errno == ERANGE || std::isnan(value))
    throw command_error("ERR One or more scores can't be converted into double");
  return value;
}

/// Puts the part of `items` that is asked for where it would be if all were in order, which is that
/// of the oracle: equal items keep their order when all are sorted, else base::partial_sort moves
/// them about. compare(a, b) is negative, zero or positive.
template <class Item, class Compare>
void order_part(std::vector<Item>& items, sort_range part, bool by_pattern, Compare compare) {
  if (by_pattern && part.count < items.size())
    return base::partial_sort(std::span(items), part.first, part.first + part.count, compare);
  const auto before = [&](const Item& a, const Item& b) { return compare(a, b) < 0; };
  const auto first = items.begin() + static_cast<std::ptrdiff_t>(part.first);
  const auto last = first + static_cast<std::ptrdiff_t>(part.count);
  if (part.count == items.size()) return std::stable_sort(first, last, before);
  // What is equal is the same, since items are their own weights (up to a NUL).
  if (part.first > 0 && part.count > 0) std::nth_element(items.begin(), first, items.end(), before);
  std::partial_sort(first, last, items.end(), before);
}

/// Brings elements into the order of their numbers; those with the same into that of their bytes.
class numeric_order {
 public:
  numeric_order(context& cx, const sort_request& request) : cx_(cx), request_(request) {}

  void operator()(std::vector<element>& elements, sort_range part) {
    std::vector<weighted> items;
    items.reserve(elements.size());
    for (const auto& each : elements) items.push_back({weight(each), each});
    const auto compare = [](const weighted& a, const weighted& b) {
      if (a.weight != b.weight) return a.weight < b.weight ? -1 : 1;
      store::digits room_a, room_b;
      return a.of.text(room_a.room).compare(b.of.text(room_b.room));
    };
    order_part(items, part, request_.by.has_value(), [&](const weighted& a, const weighted& b) {
      return request_.descending ? compare(b, a) : compare(a, b);
    });
    std::ranges::transform(items, elements.begin(), &weighted::of);
  }

 private:
  struct weighted {
    double weight;
    element of;
  };

  double weight(const element& of) {
    if (!request_.by) return weight_of(of);
    const auto found = finder_(cx_, *request_.by, of);
    return found ? weight_of(*found) : 0;
  }

  context& cx_;
  const sort_request& request_;
  pattern_finder finder_;
};

/// Brings elements into the order of bytes: of their own or of what their patterns lead to, what
/// leads nowhere first. Those with the same keep their order.
class alphabetic_order {
 public:
  alphabetic_order(context& cx, const sort_request& request) : cx_(cx), request_(request) {}

  void operator()(std::vector<element>& elements, sort_range part) {
    std::vector<weighted> items;
    items.reserve(elements.size());
    digits_.reserve(elements.size());
    for (const auto& each : elements) items.push_back({weight(each), each});
    order_part(items, part, request_.by.has_value(), [&](const weighted& a, const weighted& b) {
      return request_.descending ? compare(b.weight, a.weight) : compare(a.weight, b.weight);
    });
    std::ranges::transform(items, elements.begin(), &weighted::of);
  }

 private:
  struct weighted {
    std::string_view weight;  // no data: there is none
    element of;
  };

  static int compare(std::string_view a, std::string_view b) {
    if (a.data() == nullptr || b.data() == nullptr)
      return (a.data() != nullptr) - (b.data() != nullptr);
    return a.compare(b);
  }

  std::string_view weight(const element& of) {
    if (!request_.by) return text_of(of);
    const auto found = finder_(cx_, *request_.by, of);
    return found ? text_of(*found) : std::string_view{};
  }

  /// What is compared: to its first NUL only (strcoll's way), unless the result is to be stored.
  std::string_view text_of(const element& of) {
    if (of.is_integer()) return of.text(digits_.emplace_back().room);
    const std::string_view text(of.string, of.size);
    return request_.destination ? text : text.substr(0, text.find('\0'));
  }

  context& cx_;
  const sort_request& request_;
  pattern_finder finder_;
  std::vector<store::digits> digits_;  // never more than there are elements: they do not move
};

/// Calls emit(element), or emit(nothing) where a pattern leads nowhere, for all that is replied of
/// an element.
template <class Emit>
void for_each_result(context& cx, const sort_request& request, std::span<const element> elements,
                     Emit emit) {
  pattern_finder finder;
  for (const auto& each : elements) {
    if (request.get.empty()) emit(std::optional(each));
    for (const auto& pattern : request.get) emit(finder(cx, pattern, each));
  }
}

void reply_results(context& cx, const sort_request& request, std::span<const element> elements) {
  cx.reply.array(elements.size() * std::max<std::size_t>(1, request.get.size()));
  for_each_result(cx, request, elements, [&](const std::optional<element>& each) {
    if (!each)
      cx.reply.null();
    else if (each->is_integer())
      cx.reply.bulk_integer(each->integer);
    else
      cx.reply.bulk({each->string, each->size});
  });
}

/// The result is a list, where nothing is an empty string.
void store_results(context& cx, const sort_request& request, std::span<const element> elements) {
  const auto to = *request.destination;
  auto made = cx.keys.draft<store::list_value>();
  auto list = made.value();
  for_each_result(cx, request, elements, [&](const std::optional<element>& each) {
    store::digits room;
    list.push(store::list_end::back, each ? each->text(room.room) : std::string_view{});
  });
  const auto size = list.size();
  if (size > 0) {
    cx.keys.put(to, std::move(made));
    cx.modified(to, notify::list, "sortstore");
  } else if (cx.keys.remove(to)) {
    cx.modified(to, notify::generic, "del");
  }
  cx.reply.integer(static_cast<std::int64_t>(size));
}

void run_sort(context& cx, bool may_store) {
  const auto key = cx.args.next();
  sort_request request(cx.args, may_store, cx.who.user->reads_all_keys());
  const sort_source source(cx, key);
  if (!request.sorted && source.is_set() && request.destination) {
    // What is stored must not depend on how a set happens to be kept.
    request.sorted = request.alphabetic = true;
    request.by.reset();
  }
  auto part = request.range(source.size());
  std::vector<element> elements;
  if (!request.sorted && !source.is_set()) {
    elements = source.part(part, request.descending);
    part.first = 0;
  } else {
    elements = source.all();
    if (request.sorted && request.alphabetic)
      alphabetic_order(cx, request)(elements, part);
    else if (request.sorted)
      numeric_order(cx, request)(elements, part);
  }
  const auto chosen = std::span(elements).subspan(part.first, part.count);
  request.destination ? store_results(cx, request, chosen) : reply_results(cx, request, chosen);
}

/// SORT key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC|DESC] [ALPHA] [STORE dest]
void sort(context& cx) { run_sort(cx, true); }

/// SORT_RO key [BY pattern] [LIMIT offset count] [GET pattern ...] [ASC|DESC] [ALPHA]
void sort_ro(context& cx) { run_sort(cx, false); }

constexpr command_spec table[] = {
    {"sort", arity::at_least(2), write | denyoom | movablekeys, key_range::one(), sort},
    {"sort_ro", arity::at_least(2), readonly | movablekeys, key_range::one(), sort_ro},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows sort_commands() { return table; }

}  // namespace hawser::commands
