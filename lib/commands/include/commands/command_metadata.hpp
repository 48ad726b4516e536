#pragma once

#include <engine/acl_categories.hpp>
#include <engine/key_specs.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace hawser::commands {

using engine::acl_categories;
using engine::key_spec;
using engine::key_specs;
using engine::key_use;
namespace acl = engine::acl;
namespace use = engine::use;

/// The chapter of the documentation a command belongs to.
enum class group : std::uint8_t {
  generic,
  string,
  pubsub,
  transactions,
  connection,
  server,
  cluster,
  bitmap,
  hyperloglog,
  set,
  hash,
  stream,
  sorted_set,
  list,
  geo,
  scripting,
};

std::string_view name_of(group which);

/// What is said of a command besides its row in a command table.
struct command_metadata {
  std::string_view name;  // in full: "config|get"
  commands::group group = group::server;
  std::string_view since;  // the version of Redis it appeared in
  std::string_view summary;
  std::string_view complexity;            // empty: nothing to say
  acl_categories categories = acl::none;  // besides those its flags imply
  std::string_view tips;                  // for clients and proxies, separated by spaces
  key_specs keys;
  std::string_view arguments;  // see command_grammar.hpp
  std::string_view deprecated_since;
  std::string_view replaced_by;
  bool system_command = false;
};

/// What is said of a command, by its full lower-case name; null when nothing is. O(log n).
const command_metadata* find_metadata(std::string_view full_name);

/// Everything that is said, by group; sorted by name within a group.
std::span<const std::span<const command_metadata>> all_metadata();

}  // namespace hawser::commands
