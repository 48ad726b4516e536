#include "config/tables/inert.hpp"
#include "config/tables/memory.hpp"
#include "config/tables/network.hpp"
#include "config/tables/persistence.hpp"
#include "config/tables/process.hpp"
#include "config/tables/replication.hpp"
#include <base/bytes.hpp>
#include <engine/config/directives.hpp>

#include <algorithm>
#include <array>
#include <map>

namespace hawser::engine {

namespace {

constexpr topic groups[] = {
    {"Network and TLS", rows::network},
    {"The process and its users", rows::process},
    {"Memory, clients and observation", rows::memory},
    {"Persistence", rows::persistence},
    {"Replication", rows::replication},
    {"Cluster", rows::cluster},
    {"Lines without a value", rows::lines},
};

constexpr std::size_t table_size() {
  std::size_t size = 0;
  for (const auto& group : groups) size += group.rows.size();
  return size;
}

constexpr auto joined() {
  std::array<directive, table_size()> all{};
  auto at = all.begin();
  for (const auto& group : groups) at = std::copy(group.rows.begin(), group.rows.end(), at);
  return all;
}

constexpr auto table = joined();

constexpr bool named(const directive& row, std::string_view name) {
  return row.name == name || (!row.alias.empty() && row.alias == name);
}

constexpr bool names_are_unique() {
  for (const auto& row : table) {
    const auto same = [&](std::string_view name) {
      return std::count_if(table.begin(), table.end(),
                           [&](const directive& other) { return named(other, name); });
    };
    if (same(row.name) != 1 || (!row.alias.empty() && same(row.alias) != 1)) return false;
  }
  return true;
}

constexpr bool inert_rows_exist() {
  return std::all_of(std::begin(rows::inert), std::end(rows::inert), [](std::string_view name) {
    return std::any_of(table.begin(), table.end(),
                       [&](const directive& row) { return row.name == name; });
  });
}

static_assert(names_are_unique());
static_assert(inert_rows_exist());

using row_index = std::map<std::string_view, const directive*>;

row_index index_of_table() {
  row_index index;
  for (const auto& row : table) {
    index.emplace(row.name, &row);
    if (!row.alias.empty()) index.emplace(row.alias, &row);
  }
  return index;
}

}  // namespace

std::span<const directive> directives() { return table; }

std::span<const topic> topics() { return groups; }

const directive* find_directive(std::string_view name) {
  static const row_index index = index_of_table();
  const auto found = index.find(base::lower(name));
  return found == index.end() ? nullptr : found->second;
}

bool is_alias(const directive& row, std::string_view name) {
  return !row.alias.empty() && base::iequals(row.alias, name);
}

std::span<const std::string_view> inert_directives() { return rows::inert; }

bool is_inert(const directive& row) {
  return std::find(std::begin(rows::inert), std::end(rows::inert), row.name) !=
         std::end(rows::inert);
}

}  // namespace hawser::engine
