#include "runtime.hpp"

#include <base/bytes.hpp>
#include <engine/command_error.hpp>

#include <scripting/install.hpp>

namespace hawser::scripting {

engine::script_facts runtime::facts() const {
  engine::script_facts now;
  now.scripts = scripts.size();
  now.scripts_memory = scripts.memory();
  now.scripts_vm_memory = scripts.vm_memory();
  now.libraries = libraries.all().size();
  now.functions = libraries.function_count();
  now.functions_memory = libraries.memory();
  now.functions_vm_memory = libraries.vm_memory();
  return now;
}

std::optional<engine::command_flags> runtime::flags_of(std::span<const std::string_view> words) {
  if (words.size() < 2) return std::nullopt;
  const auto* found = server.commands.find(words[0]);
  if (found == nullptr) return std::nullopt;
  const auto usual = found->spec->flags;
  if (found->full_name.starts_with("fcall")) {
    const library* in = nullptr;
    const auto* called = libraries.find(words[1], in);
    if (called == nullptr) return std::nullopt;
    return as_command_flags(usual, called->flags);
  }
  const script* known = nullptr;
  if (found->full_name.starts_with("evalsha")) {
    known = scripts.find(words[1]);
  } else
    try {
      known = &scripts.get(words[1]);
    } catch (const engine::command_error&) {  // which it replies when it is executed
    }
  if (known == nullptr) return std::nullopt;
  return as_command_flags(usual, known->flags);
}

std::optional<std::string> runtime::load_library(std::string_view code) try {
  libraries.load(code, function_libraries::when_there::replace);
  return std::nullopt;
} catch (const engine::command_error& error) {
  return error.text();
}

void runtime::for_each_library(const std::function<void(std::string_view)>& show) const {
  for (const auto& [name, each] : libraries.all()) show(each->code);
}

void install(engine::node& server) { server.scripts = std::make_unique<runtime>(server); }

}  // namespace hawser::scripting
