#include "geo_query.hpp"

#include "geo.hpp"

#include <fmt/format.h>

namespace hawser::commands {

geo_query::geo_query(context& cx, const geo_form& form) : form_(form) {
  auto& args = cx.args;
  if (form.by_options && form.may_store) read_destination(args, false);
  set = cx.keys.read<sorted_set_value>(args.next());
  if (!form.by_options) read_centre(args);
  while (!args.empty())
    if (!read_output_option(args) && !read_store_option(args) && !read_area_option(args))
      throw command_error(errors::syntax);
  check(args.words().front());
  if (count > 0 && order == sorting::none && !any) order = sorting::nearest_first;
}

/// The centre and the radius of commands that do not have them as options.
void geo_query::read_centre(engine::arg_reader& args) {
  if (!form_.by_member) {
    centre = read_place(args);
    return read_circle(args);
  }
  const auto member = args.next();
  if (!set) return void(args.rest(args.left() - 2));
  go_to_member(member);
  read_circle(args);
}

void geo_query::go_to_member(std::string_view member) {
  const auto at = set->find(member);
  if (!at) throw command_error("ERR could not decode requested zset member");
  centre = place_of(at.score());
}

void geo_query::read_circle(engine::arg_reader& args) {
  shape.what = geo_shape::kind::circle;
  shape.radius = args.number("ERR need numeric radius");
  if (shape.radius < 0) throw command_error("ERR radius cannot be negative");
  shape.unit = read_unit(args);
}

void geo_query::read_box(engine::arg_reader& args) {
  shape.what = geo_shape::kind::box;
  shape.width = args.number("ERR need numeric width");
  shape.height = args.number("ERR need numeric height");
  if (shape.width < 0 || shape.height < 0)
    throw command_error("ERR height or width cannot be negative");
  shape.unit = read_unit(args);
}

bool geo_query::read_output_option(engine::arg_reader& args) {
  if (args.accept("WITHDIST")) {
    with_distance = true;
  } else if (args.accept("WITHHASH")) {
    with_hash = true;
  } else if (args.accept("WITHCOORD")) {
    with_place = true;
  } else if (args.accept("ANY")) {
    any = true;
  } else if (args.accept("ASC")) {
    order = sorting::nearest_first;
  } else if (args.accept("DESC")) {
    order = sorting::farthest_first;
  } else if (args.accept_with("COUNT", 1)) {
    const auto given = args.integer();
    if (given <= 0) throw command_error("ERR COUNT must be > 0");
    count = static_cast<std::size_t>(given);
  } else {
    return false;
  }
  return true;
}

bool geo_query::read_area_option(engine::arg_reader& args) {
  if (!form_.by_options) return false;
  if (!from_place_ && args.accept_with("FROMMEMBER", 1)) {
    from_member_ = true;
    const auto member = args.next();
    if (set) go_to_member(member);
  } else if (!from_member_ && args.accept_with("FROMLONLAT", 2)) {
    from_place_ = true;
    centre = read_place(args);
  } else if (shape.what != geo_shape::kind::box && args.accept_with("BYRADIUS", 2)) {
    read_circle(args);
  } else if (shape.what != geo_shape::kind::circle && args.accept_with("BYBOX", 3)) {
    read_box(args);
  } else {
    return false;
  }
  return true;
}

bool geo_query::read_store_option(engine::arg_reader& args) {
  if (!form_.may_store) return false;
  if (form_.by_options) {
    if (!args.accept("STOREDIST")) return false;
    stores_distances = true;
    return true;
  }
  if (args.accept_with("STORE", 1)) {
    read_destination(args, false);
  } else if (args.accept_with("STOREDIST", 1)) {
    read_destination(args, true);
  } else {
    return false;
  }
  return true;
}

void geo_query::read_destination(engine::arg_reader& args, bool distances) {
  destination = args.next();
  stores = true;
  stores_distances = distances;
}

void geo_query::check(std::string_view command) const {
  if (stores && (with_distance || with_hash || with_place))
    throw command_error(
        fmt::format("ERR {} is not compatible with WITHDIST, WITHHASH and WITHCOORD options",
                    form_.by_options ? "GEOSEARCHSTORE" : "STORE option in GEORADIUS"));
  constexpr const char* one_of = "ERR exactly one of {} can be specified for {}";
  if (form_.by_options && !from_place_ && !from_member_)
    throw command_error(fmt::format(one_of, "FROMMEMBER or FROMLONLAT", command));
  if (shape.what == geo_shape::kind::none && form_.by_options)
    throw command_error(fmt::format(one_of, "BYRADIUS and BYBOX", command));
  if (any && count == 0) throw command_error("ERR the ANY argument requires COUNT argument");
}

}  // namespace hawser::commands
