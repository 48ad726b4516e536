#pragma once

#include "geo_area.hpp"
#include "sorted_sets.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hawser::commands {

/// What distinguishes the commands that search an area.
struct geo_form {
  bool by_options;  // GEOSEARCH and GEOSEARCHSTORE; the others begin with their centre and radius
  bool by_member;   // the centre at the beginning is a member
  bool may_store;
};

/// Such a command, read.
///
/// Members that are not there are an error only if their set is, and what GEORADIUSBYMEMBER says of
/// the radius is read only then.
class geo_query {
 public:
  /// Words are read and the key is looked up in Redis's order.
  geo_query(context& cx, const geo_form& form);

  enum class sorting : std::uint8_t { none, nearest_first, farthest_first };

  std::optional<sorted_set_value> set;
  coordinates centre{};
  geo_shape shape;
  std::string_view destination;
  bool stores = false;
  bool stores_distances = false;
  bool with_distance = false;
  bool with_hash = false;
  bool with_place = false;
  bool any = false;
  std::size_t count = 0;  // 0: all
  sorting order = sorting::none;

  /// Members to find before the search ends; 0: all.
  std::size_t search_limit() const { return any ? count : 0; }

 private:
  void read_centre(engine::arg_reader& args);
  bool read_output_option(engine::arg_reader& args);
  bool read_area_option(engine::arg_reader& args);
  bool read_store_option(engine::arg_reader& args);
  void read_destination(engine::arg_reader& args, bool distances);
  void read_circle(engine::arg_reader& args);
  void read_box(engine::arg_reader& args);
  void go_to_member(std::string_view member);
  void check(std::string_view command) const;

  geo_form form_;
  bool from_place_ = false;
  bool from_member_ = false;
};

}  // namespace hawser::commands
