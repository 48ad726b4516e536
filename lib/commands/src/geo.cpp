#include "geo.hpp"

#include "geo_area.hpp"
#include "sorted_sets.hpp"
#include <base/numbers.hpp>

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;

/// GEOADD key [NX|XX] [CH] longitude latitude member [longitude latitude member ...]
void geoadd(context& cx) {
  const auto key = cx.args.next();
  add_options options;
  for (;;) {
    if (cx.args.accept("NX"))
      options.only_new = true;
    else if (cx.args.accept("XX"))
      options.only_present = true;
    else if (cx.args.accept("CH"))
      options.count_changed = true;
    else
      break;
  }
  const auto words = cx.args.rest();
  if (words.empty() || words.size() % 3 != 0 || (options.only_new && options.only_present))
    throw command_error(errors::syntax);
  std::vector<double> scores;
  scores.reserve(words.size() / 3);
  for (auto places = engine::arg_reader(words, 0); !places.empty(); places.next())
    scores.push_back(geohash_of(read_place(places)));
  add_members(cx, key, options, scores, words);
}

/// Where a member of a set is; none if it is not there.
std::optional<coordinates> place_in(const std::optional<sorted_set_value>& set,
                                    std::string_view member) {
  if (!set) return std::nullopt;
  const auto at = set->find(member);
  return at ? std::optional(place_of(at.score())) : std::nullopt;
}

/// GEODIST key member1 member2 [M|KM|FT|MI]
void geodist(context& cx) {
  const auto key = cx.args.next();
  const auto first = cx.args.next();
  const auto second = cx.args.next();
  if (cx.args.left() > 1) throw command_error(errors::syntax);
  const double unit = cx.args.empty() ? 1 : read_unit(cx.args);
  const auto set = cx.keys.read<sorted_set_value>(key);
  const auto from = place_in(set, first);
  const auto to = place_in(set, second);
  if (!from || !to) return void(cx.reply.null());
  reply_distance(cx, geo_distance(*from, *to) / unit);
}

/// GEOHASH key [member ...]
void geohash(context& cx) {
  const auto set = cx.keys.read<sorted_set_value>(cx.args.next());
  cx.reply.array(cx.args.left());
  for (const auto member : cx.args.rest()) {
    if (const auto place = place_in(set, member)) {
      const auto text = geohash_text(*place);
      cx.reply.bulk({text.data(), text.size()});
    } else {
      cx.reply.null();
    }
  }
}

/// GEOPOS key [member ...]
void geopos(context& cx) {
  const auto set = cx.keys.read<sorted_set_value>(cx.args.next());
  cx.reply.array(cx.args.left());
  for (const auto member : cx.args.rest()) {
    if (const auto place = place_in(set, member))
      reply_place(cx, *place);
    else
      cx.reply.null_array();
  }
}

constexpr command_spec table[] = {
    {"geoadd", arity::at_least(5), write | denyoom, key_range::one(), geoadd},
    {"geodist", arity::at_least(4), readonly, key_range::one(), geodist},
    {"geohash", arity::at_least(2), readonly, key_range::one(), geohash},
    {"geopos", arity::at_least(2), readonly, key_range::one(), geopos},
};
static_assert(well_formed(table));

void reply_coordinate(context& cx, double degrees) {
  const auto text = base::format_long_double(degrees);
  if (!cx.reply.resp3()) return void(cx.reply.bulk(text));
  cx.reply.raw(",").raw(text).raw("\r\n");
}

}  // namespace

coordinates read_place(engine::arg_reader& args) {
  coordinates place;
  place.longitude = args.number();
  place.latitude = args.number();
  if (!within_limits(place))
    throw command_error(fmt::format("ERR invalid longitude,latitude pair {:.6f},{:.6f}",
                                    place.longitude, place.latitude));
  return place;
}

double read_unit(engine::arg_reader& args) {
  if (args.accept("M")) return 1;
  if (args.accept("KM")) return 1000;
  if (args.accept("FT")) return 0.3048;
  if (args.accept("MI")) return 1609.34;
  throw command_error("ERR unsupported unit provided. please use M, KM, FT, MI");
}

void reply_distance(context& cx, double distance) {
  // Ten-thousandths are rounded before they become digits, as in Redis.
  const auto parts = std::llrint(distance * 1e4);
  fmt::memory_buffer text;
  fmt::format_to(fmt::appender(text), FMT_COMPILE("{}.{:04}"), parts / 10'000, parts % 10'000);
  cx.reply.bulk({text.data(), text.size()});
}

void reply_place(context& cx, coordinates place) {
  cx.reply.array(2);
  reply_coordinate(cx, place.longitude);
  reply_coordinate(cx, place.latitude);
}

engine::command_table::rows geo_commands() { return table; }

}  // namespace hawser::commands
