#include "geo.hpp"
#include "geo_query.hpp"
#include <base/partial_sort.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <memory_resource>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// Members in an area, in the order of the reply.
class geo_result {
 public:
  explicit geo_result(const geo_query& of) {
    if (!of.set) return;
    search(of);
    put_in_order(of);
  }

  struct item {
    double distance;  // metres
    double geohash;
    std::string_view member;
  };
  const std::vector<item>& items() const { return items_; }

 private:
  void search(const geo_query& of);
  void put_in_order(const geo_query& of);
  std::string_view kept(std::string_view member);

  std::vector<item> items_;
  std::array<char, 1024> room_;
  std::pmr::monotonic_buffer_resource texts_{room_.data(), room_.size()};
};

void geo_result::search(const geo_query& of) {
  const geo_neighbourhood area(of.centre, of.shape);
  const auto limit = of.search_limit();
  const bool in_pack = of.set->how() == store::encoding::listpack;
  const auto visit = [&](const sorted_set_value::seen& each) {
    const double score = each.score();
    const double distance = area.distance_to(place_of(score));
    if (distance == geo_neighbourhood::outside) return true;
    items_.push_back({distance, score, in_pack ? kept(each.member()) : each.member()});
    return items_.size() != limit;
  };
  for (const auto& cell : area.cells()) {
    const auto range = geohashes_in(cell);
    of.set->for_scores({range.first, range.end, false, true}, visit);
    if (limit > 0 && items_.size() == limit) return;
  }
}

/// A copy of a text that does not stay where it is.
std::string_view geo_result::kept(std::string_view member) {
  auto* copy = static_cast<char*>(texts_.allocate(member.size() + 1, 1));
  std::copy(member.begin(), member.end(), copy);
  return {copy, member.size()};
}

/// Members at the same distance stay in the order they were found in unless some are left out.
void geo_result::put_in_order(const geo_query& of) {
  const double sign = of.order == geo_query::sorting::farthest_first ? -1 : 1;
  const bool cut = of.count > 0 && items_.size() > of.count;
  if (of.order != geo_query::sorting::none && cut)
    base::partial_sort(std::span(items_), of.count, [sign](const item& a, const item& b) {
      const double difference = sign * (a.distance - b.distance);
      return difference < 0 ? -1 : difference > 0;
    });
  else if (of.order != geo_query::sorting::none)
    std::ranges::stable_sort(items_, {}, [sign](const item& of) { return sign * of.distance; });
  if (cut) items_.resize(of.count);
}

void reply_found(context& cx, const geo_query& query, const geo_result& found) {
  const auto details = std::size_t{query.with_distance} + query.with_hash + query.with_place;
  cx.reply.array(found.items().size());
  for (const auto& each : found.items()) {
    if (details > 0) cx.reply.array(1 + details);
    cx.reply.bulk(each.member);
    if (query.with_distance) reply_distance(cx, each.distance / query.shape.unit);
    if (query.with_hash) cx.reply.integer(static_cast<std::int64_t>(geohash_bits(each.geohash)));
    if (query.with_place) reply_place(cx, place_of(each.geohash));
  }
}

void store_found(context& cx, const geo_query& query, const geo_result& found,
                 std::string_view event) {
  auto& home = cx.keys.data();
  auto members = std::make_unique<store::large_sorted_set>(home.memory(), home.hasher());
  for (const auto& each : found.items())
    members->add_unordered(each.member,
                           query.stores_distances ? each.distance / query.shape.unit : each.geohash,
                           members->hash_of(each.member));
  store_members(cx, query.destination, std::move(members), event);
}

void search(context& cx, const geo_form& form) {
  const geo_query query(cx, form);
  const geo_result found(query);
  if (query.stores)
    store_found(cx, query, found, form.by_options ? "geosearchstore" : "georadiusstore");
  else
    reply_found(cx, query, found);
}

/// GEOSEARCH key FROMMEMBER member|FROMLONLAT longitude latitude
/// BYRADIUS radius M|KM|FT|MI|BYBOX width height M|KM|FT|MI [ASC|DESC] [COUNT count [ANY]]
/// [WITHCOORD] [WITHDIST] [WITHHASH]
void geosearch(context& cx) {
  search(cx, {.by_options = true, .by_member = false, .may_store = false});
}

/// GEOSEARCHSTORE destination source FROMMEMBER member|FROMLONLAT longitude latitude
/// BYRADIUS radius M|KM|FT|MI|BYBOX width height M|KM|FT|MI [ASC|DESC] [COUNT count [ANY]]
/// [STOREDIST]
void geosearchstore(context& cx) {
  search(cx, {.by_options = true, .by_member = false, .may_store = true});
}

/// GEORADIUS key longitude latitude radius M|KM|FT|MI [WITHCOORD] [WITHDIST] [WITHHASH]
/// [COUNT count [ANY]] [ASC|DESC] [STORE key|STOREDIST key]
void georadius(context& cx) {
  search(cx, {.by_options = false, .by_member = false, .may_store = true});
}

/// The same without STORE and STOREDIST.
void georadius_ro(context& cx) {
  search(cx, {.by_options = false, .by_member = false, .may_store = false});
}

/// GEORADIUSBYMEMBER key member radius M|KM|FT|MI [WITHCOORD] [WITHDIST] [WITHHASH]
/// [COUNT count [ANY]] [ASC|DESC] [STORE key|STOREDIST key]
void georadiusbymember(context& cx) {
  search(cx, {.by_options = false, .by_member = true, .may_store = true});
}

/// The same without STORE and STOREDIST.
void georadiusbymember_ro(context& cx) {
  search(cx, {.by_options = false, .by_member = true, .may_store = false});
}

constexpr auto may_write = write | denyoom | movablekeys;

constexpr command_spec table[] = {
    {"georadius", arity::at_least(6), may_write, key_range::one(), georadius},
    {"georadius_ro", arity::at_least(6), readonly, key_range::one(), georadius_ro},
    {"georadiusbymember", arity::at_least(5), may_write, key_range::one(), georadiusbymember},
    {"georadiusbymember_ro", arity::at_least(5), readonly, key_range::one(), georadiusbymember_ro},
    {"geosearch", arity::at_least(7), readonly, key_range::one(), geosearch},
    {"geosearchstore", arity::at_least(8), write | denyoom, {1, 2, 1}, geosearchstore},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows geo_search_commands() { return table; }

}  // namespace hawser::commands
