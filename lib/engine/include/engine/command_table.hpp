#pragma once

#include <engine/acl_categories.hpp>
#include <engine/command_spec.hpp>
#include <engine/command_statistics.hpp>
#include <engine/config/settings.hpp>
#include <engine/key_specs.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine {

/// A command of this server: its row, its place among the others and what is counted of it.
struct command {
  const command_spec* spec;
  const command* parent = nullptr;  // the container when this is a subcommand
  std::string full_name;            // "get", "client|kill"
  std::string name;                 // that clients call it by; empty: rename-command has taken it
  std::size_t id = 0;               // commands and subcommands are numbered from 0
  acl_categories categories = 0;    // all of them
  const key_specs* keys = nullptr;  // where its keys are; never null
  std::vector<std::unique_ptr<command>> subcommands;
  command_statistics statistics;

  bool is_container() const { return !subcommands.empty(); }
  /// Words that name it.
  std::size_t name_words() const { return parent == nullptr ? 1 : 2; }
  command* find_subcommand(std::string_view name) const;
};

/// What a request calls whose first word names `named`: that, or of a container the subcommand that
/// the second word names. Null: there is no such, or `named` is null.
inline command* called_by(std::span<const std::string_view> words, command* named) {
  const bool by_second = named != nullptr && named->is_container() && words.size() > 1;
  return by_second ? named->find_subcommand(words[1]) : named;
}

/// What is known of a command besides its row.
struct command_facts {
  acl_categories categories = acl::none;  // besides those its flags imply
  const key_specs* keys = nullptr;        // null: it has none
};

/// All that a server has of commands.
struct command_set {
  std::span<const std::span<const command_spec>> families;
  command_facts (*describe)(std::string_view full_name);
};

/// All commands, found by name whatever its case.
class command_table {
 public:
  using rows = std::span<const command_spec>;
  explicit command_table(const command_set& all, std::span<const renamed_command> renamed = {});

  /// The command that clients call so. Null: unknown. O(1).
  command* find(std::string_view name) const;

  /// As find, and of "config|get" the subcommand.
  command* find_full_name(std::string_view name) const;

  /// As find_full_name, by the names that commands have had before rename-command. O(log n).
  command* find_original(std::string_view name) const;

  /// Every top-level command, in the order of their full names.
  const std::vector<std::unique_ptr<command>>& all() const { return commands_; }

  /// Commands and subcommands.
  std::size_t command_count() const { return count_; }

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
  void rename(const renamed_command& line);
  std::unique_ptr<command> make(const command_spec& spec, const command* parent,
                                const command_set& all);

  static constexpr std::size_t slots = 2048;
  std::vector<std::unique_ptr<command>> commands_;
  std::vector<command*> index_;  // open addressing by name
  std::size_t count_ = 0;
};

}  // namespace hawser::engine
