#include <base/bytes.hpp>
#include <engine/command_table.hpp>

#include <algorithm>
#include <cstring>

namespace hawser::engine {

command* command::find_subcommand(std::string_view name) const {
  for (const auto& each : subcommands)
    if (base::iequals(each->spec->name, name)) return each.get();
  return nullptr;
}

/// Setting bit 5 makes letters lower case and keeps different names different enough.
std::size_t command_table::slot_of(std::string_view name) {
  constexpr std::uint64_t lower = 0x2020202020202020;
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  const auto size = std::min<std::size_t>(name.size(), 8);
  std::memcpy(&head, name.data(), size);
  std::memcpy(&tail, name.data() + name.size() - size, size);
  auto mixed = ((head | lower) * 31 + (tail | lower) + name.size()) * 0x9e3779b97f4a7c15;
  return mixed >> 53;
}

command_table::command_table(const command_set& all, std::span<const renamed_command> renamed)
    : index_(slots) {
  for (const auto& family : all.families)
    for (const auto& spec : family) commands_.push_back(make(spec, nullptr, all));
  std::sort(commands_.begin(), commands_.end(),
            [](const auto& a, const auto& b) { return a->full_name < b->full_name; });
  for (const auto& line : renamed) rename(line);
  for (const auto& each : commands_) {
    if (each->name.empty()) continue;
    auto slot = slot_of(each->name);
    while (index_[slot] != nullptr) slot = (slot + 1) % slots;
    index_[slot] = each.get();
  }
}

/// What has been renamed may be renamed again.
void command_table::rename(const renamed_command& line) {
  const auto found = std::ranges::find_if(commands_, [&](const auto& each) {
    return !each->name.empty() && base::iequals(each->name, line.from);
  });
  if (found != commands_.end()) (*found)->name = line.to;
}

std::unique_ptr<command> command_table::make(const command_spec& spec, const command* parent,
                                             const command_set& all) {
  static constexpr key_specs none;
  auto made = std::make_unique<command>();
  made->spec = &spec;
  made->parent = parent;
  if (parent != nullptr) made->full_name = parent->full_name + '|';
  made->full_name += spec.name;
  made->name = made->full_name;
  const auto facts = all.describe(made->full_name);
  made->id = count_++;
  made->categories = all_categories(spec.flags, facts.categories);
  made->keys = facts.keys != nullptr ? facts.keys : &none;
  for (const auto& sub : spec.subcommands) made->subcommands.push_back(make(sub, made.get(), all));
  return made;
}

command* command_table::find(std::string_view name) const {
  for (auto slot = slot_of(name); index_[slot] != nullptr; slot = (slot + 1) % slots)
    if (base::iequals(index_[slot]->name, name)) return index_[slot];
  return nullptr;
}

namespace {

/// Of "config|get" and the command "config" the subcommand.
command* subcommand_in(command* found, std::string_view name) {
  const auto bar = name.find('|');
  if (found == nullptr || bar == name.npos) return found;
  return found->find_subcommand(name.substr(bar + 1));
}

}  // namespace

command* command_table::find_full_name(std::string_view name) const {
  return subcommand_in(find(name.substr(0, name.find('|'))), name);
}

command* command_table::find_original(std::string_view name) const {
  const auto first = base::lower(name.substr(0, name.find('|')));
  const auto found = std::ranges::lower_bound(
      commands_, first, {}, [](const auto& each) -> const std::string& { return each->full_name; });
  if (found == commands_.end() || (*found)->full_name != first) return nullptr;
  return subcommand_in(found->get(), name);
}

}  // namespace hawser::engine
