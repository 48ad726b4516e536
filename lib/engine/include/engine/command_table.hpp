#pragma once

#include <engine/command_spec.hpp>
#include <engine/command_statistics.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine {

/// A command of this server: its row, its place among the others and what is counted of it.
struct command {
  const command_spec* spec;
  const command* parent = nullptr;  // the container when this is a subcommand
  std::string full_name;            // "get", "client|kill"
  std::vector<std::unique_ptr<command>> subcommands;
  command_statistics statistics;

  bool is_container() const { return !subcommands.empty(); }
  /// Words that name it.
  std::size_t name_words() const { return parent == nullptr ? 1 : 2; }
  command* find_subcommand(std::string_view name) const;
};

/// All commands, found by name whatever its case.
class command_table {
 public:
  using rows = std::span<const command_spec>;
  explicit command_table(std::span<const rows> families);

  /// Null: unknown. O(1).
  command* find(std::string_view name) const;

  /// As find, and of "config|get" the subcommand.
  command* find_full_name(std::string_view name) const;

  /// Every top-level command, in the order of their names.
  const std::vector<std::unique_ptr<command>>& all() const { return commands_; }

  /// Calls visit(command&) for every command and subcommand.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const auto& each : commands_) {
      visit(*each);
      for (const auto& sub : each->subcommands) visit(*sub);
    }
  }

 private:
  static std::size_t slot_of(std::string_view name);
  static std::unique_ptr<command> make(const command_spec& spec, const command* parent);

  static constexpr std::size_t slots = 2048;
  std::vector<std::unique_ptr<command>> commands_;
  std::vector<command*> index_;  // open addressing by name
};

}  // namespace hawser::engine
