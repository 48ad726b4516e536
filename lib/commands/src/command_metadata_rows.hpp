#pragma once

// What every file of metadata needs, and one function each, defined beside its table.

#include <commands/command_metadata.hpp>

namespace hawser::commands {

/// Keys that begin at a word.
constexpr key_spec at(int word, key_use what) {
  key_spec made;
  made.what = what;
  made.begin = word;
  return made;
}

/// A row in the making: what is not said keeps its default.
struct about : command_metadata {
  constexpr about(std::string_view full_name, std::string_view version, std::string_view sentence,
                  std::string_view cost) {
    name = full_name;
    since = version;
    summary = sentence;
    complexity = cost;
  }
  constexpr about in(acl_categories some) const {
    auto more = *this;
    more.categories = some;
    return more;
  }
  constexpr about with(key_specs some) const {
    auto more = *this;
    more.keys = some;
    return more;
  }
  constexpr about takes(std::string_view grammar) const {
    auto more = *this;
    more.arguments = grammar;
    return more;
  }
  constexpr about tip(std::string_view words) const {
    auto more = *this;
    more.tips = words;
    return more;
  }
  constexpr about deprecated(std::string_view version, std::string_view successor) const {
    auto more = *this;
    more.deprecated_since = version;
    more.replaced_by = successor;
    return more;
  }
  constexpr about for_testing() const {
    auto more = *this;
    more.system_command = true;
    return more;
  }
};

/// The rows of a group.
template <std::size_t Rows>
constexpr std::array<command_metadata, Rows> of(group which, const about (&rows)[Rows]) {
  std::array<command_metadata, Rows> table;
  for (std::size_t i = 0; i < Rows; ++i) {
    table[i] = rows[i];
    table[i].group = which;
  }
  return table;
}

/// A table is well formed when it is sorted by name and says something of each command.
template <std::size_t Rows>
constexpr bool well_formed(const std::array<command_metadata, Rows>& table) {
  for (std::size_t i = 0; i < Rows; ++i) {
    if (i > 0 && !(table[i - 1].name < table[i].name)) return false;
    if (table[i].since.empty() || table[i].summary.empty()) return false;
  }
  return true;
}

using metadata_rows = std::span<const command_metadata>;
metadata_rows bitmap_metadata();
metadata_rows cluster_metadata();
metadata_rows connection_metadata();
metadata_rows generic_metadata();
metadata_rows geo_metadata();
metadata_rows hash_metadata();
metadata_rows hyperloglog_metadata();
metadata_rows list_metadata();
metadata_rows pubsub_metadata();
metadata_rows scripting_metadata();
metadata_rows server_metadata();
metadata_rows set_metadata();
metadata_rows stream_metadata();
metadata_rows sorted_set_metadata();
metadata_rows string_metadata();
metadata_rows transaction_metadata();

}  // namespace hawser::commands
