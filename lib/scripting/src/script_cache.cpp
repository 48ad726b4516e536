#include "script_cache.hpp"

#include <base/bytes.hpp>
#include <base/digest.hpp>
#include <base/split_args.hpp>
#include <engine/command_error.hpp>

#include <utility>

namespace hawser::scripting {

namespace {

using engine::command_error;

/// Reads "flags=a,b".
script_flags read_flags(std::string_view names) {
  script_flags flags = 0;
  while (!names.empty()) {
    const auto end = std::min(names.find(','), names.size());
    const auto name = names.substr(0, end);
    const auto found = find_flag(name);
    if (!found) throw command_error("ERR Unexpected flag in script shebang: " + std::string(name));
    flags |= *found;
    names.remove_prefix(end == names.size() ? end : end + 1);
    // What follows a comma is a name, even if it is empty.
    if (names.empty() && end != 0 && names.data()[-1] == ',')
      throw command_error("ERR Unexpected flag in script shebang: ");
  }
  return flags;
}

/// Takes the first line that says how a script is to be run off its text. The line end stays, so
/// that lines keep their numbers.
script_flags take_declaration(std::string_view& text) {
  if (!text.starts_with("#!")) return flag::undeclared;
  const auto end = text.find('\n');
  if (end == std::string_view::npos) throw command_error("ERR Invalid script shebang");
  const auto words = base::split_args(text.substr(0, end));
  text.remove_prefix(end);
  if (!words || words->empty()) throw command_error("ERR Invalid engine in script shebang");
  if (words->front() != "#!lua")
    throw command_error("ERR Unexpected engine in script shebang: " + words->front());
  script_flags flags = 0;
  for (std::size_t i = 1; i < words->size(); ++i) {
    const std::string_view word = (*words)[i];
    constexpr std::string_view option = "flags=";
    if (!word.starts_with(option))
      throw command_error("ERR Unknown lua shebang option: " + (*words)[i]);
    flags |= read_flags(word.substr(option.size()));
  }
  return flags;
}

}  // namespace

interpreter& script_cache::vm() {
  if (!vm_) vm_ = std::make_shared<interpreter>(home_, interpreter::kind::scripts);
  return *vm_;
}

const script* script_cache::find(std::string_view sha) const {
  auto found = by_sha_.find(sha);
  if (found == by_sha_.end()) found = by_sha_.find(base::lower(sha));
  return found == by_sha_.end() ? nullptr : found->second;
}

const script* script_cache::find_text(std::string_view text) const {
  const auto found = by_text_.find(text);
  return found == by_text_.end() ? nullptr : found->second.get();
}

const script& script_cache::get(std::string_view text) {
  if (const auto* found = find_text(text)) return *found;
  auto source = text;
  const auto flags = take_declaration(source);
  auto* L = vm().state();
  if (!vm().compile(source, "@user_script")) {
    const std::string why(text_at(L, -1));
    lua_pop(L, 1);
    throw command_error("ERR Error compiling script (new function): " + why);
  }
  const int function = luaL_ref(L, LUA_REGISTRYINDEX);
  auto made =
      std::make_unique<script>(script{base::sha1_hex(text), std::string(text), flags, function});
  memory_ += sizeof(script) + made->sha.capacity() + made->text.capacity();
  const auto& kept = *made;
  by_sha_.emplace(kept.sha, &kept);
  by_text_.emplace(kept.text, std::move(made));
  return kept;
}

std::shared_ptr<interpreter> script_cache::clear() {
  by_sha_.clear();
  by_text_.clear();
  memory_ = 0;
  return std::exchange(vm_, nullptr);
}

}  // namespace hawser::scripting
