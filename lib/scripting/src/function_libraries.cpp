#include "function_libraries.hpp"

#include "errors.hpp"
#include "runtime.hpp"
#include <base/bytes.hpp>
#include <base/split_args.hpp>
#include <engine/command_error.hpp>

#include <algorithm>
#include <utility>

namespace hawser::scripting {

namespace {

using engine::command_error;

constexpr std::int64_t longest_load_ms = 500;
constexpr int instructions_between_looks = 100'000;

/// Takes the first line, which names the engine and the library, off code; returns the name. The
/// line end stays, so that lines keep their numbers.
std::string take_metadata(std::string_view& code) {
  if (!code.starts_with("#!")) throw command_error("ERR Missing library metadata");
  const auto end = code.find('\n');
  if (end == std::string_view::npos) throw command_error("ERR Invalid library metadata");
  const auto words = base::split_args(code.substr(0, end));
  code.remove_prefix(end);
  if (!words || words->empty()) throw command_error("ERR Invalid library metadata");
  const auto engine = words->front().substr(2);
  std::optional<std::string> name;
  for (std::size_t i = 1; i < words->size(); ++i) {
    const std::string_view word = (*words)[i];
    constexpr std::string_view option = "name=";
    if (!base::iequals(word.substr(0, option.size()), option))
      throw command_error("ERR Invalid metadata value given: " + (*words)[i]);
    if (name)
      throw command_error("ERR Invalid metadata value, name argument was given multiple times");
    name = word.substr(option.size());
  }
  if (!name) throw command_error("ERR Library name was not given");
  if (!is_function_name(*name)) throw command_error(std::string("ERR ") + bad_function_name);
  if (!base::iequals(engine, "lua")) throw command_error("ERR Engine '" + engine + "' not found");
  return *name;
}

}  // namespace

bool is_function_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && std::ranges::all_of(name, allowed);
}

library::~library() {
  for (const auto& [name, each] : functions)
    luaL_unref(vm->state(), LUA_REGISTRYINDEX, each.callback);
}

interpreter& function_libraries::vm() {
  if (!vm_) vm_ = std::make_shared<interpreter>(home_, interpreter::kind::functions);
  return *vm_;
}

const function* function_libraries::find(std::string_view name, const library*& in) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return nullptr;
  in = found->second.second;
  return found->second.first;
}

std::size_t function_libraries::memory() const {
  std::size_t bytes = 0;
  for (const auto& [name, each] : libraries_)
    bytes += sizeof(library) + each->name.capacity() + each->code.capacity() +
             each->functions.size() * sizeof(function);
  return bytes;
}

namespace {

/// Ends a library that is not loaded within a while.
struct load_deadline {
  engine::node& server;
  std::int64_t begun_ns;
};

constexpr const char* deadline_key = "hawser.load_deadline";

void look_at_deadline(lua_State* L, lua_Debug*) {
  lua_getfield(L, LUA_REGISTRYINDEX, deadline_key);
  const auto& until = *static_cast<const load_deadline*>(lua_touserdata(L, -1));
  lua_pop(L, 1);
  const auto ms = (until.server.clock.monotonic_ns() - until.begun_ns) / 1'000'000;
  if (ms < longest_load_ms) return;
  lua_sethook(L, look_at_deadline, LUA_MASKLINE, 0);
  push_error(L, "ERR FUNCTION LOAD timeout");
  lua_error(L);
}

}  // namespace

/// Runs the code of a library, which registers its functions.
void function_libraries::run(library& made, std::string_view source) {
  auto* L = vm().state();
  const int base = lua_gettop(L);
  vm().push_error_handler();
  if (!vm().compile(source, "@user_function")) {
    const std::string why(text_at(L, -1));
    lua_settop(L, base);
    throw command_error("ERR Error compiling function: " + why);
  }
  load_deadline until{home_.server, home_.server.clock.monotonic_ns()};
  lua_pushlightuserdata(L, &until);
  lua_setfield(L, LUA_REGISTRYINDEX, deadline_key);
  loading_ = &made;
  int status = 0;
  {
    const interpreter::loading few_globals(vm());
    lua_sethook(L, look_at_deadline, LUA_MASKCOUNT, instructions_between_looks);
    status = lua_pcall(L, 0, 0, base + 1);
    lua_sethook(L, nullptr, 0, 0);
  }
  loading_ = nullptr;
  std::string why;
  if (status != 0) why = lua_istable(L, -1) ? take_error(L).text : "ERR not enough memory";
  lua_settop(L, base);
  if (status != 0) throw command_error("ERR Error registering functions: " + why);
}

std::unique_ptr<library> function_libraries::compile(std::string_view code) {
  auto source = code;
  auto name = take_metadata(source);
  vm();
  auto made = std::make_unique<library>(vm_, std::move(name), std::string(code));
  run(*made, source);
  if (made->functions.empty()) throw command_error("ERR No functions registered");
  return made;
}

/// A function's name belongs to one library.
void function_libraries::check_collisions(const library& made, const library* replaced) const {
  for (const auto& [name, each] : made.functions) {
    const auto found = by_name_.find(name);
    if (found != by_name_.end() && found->second.second != replaced)
      throw command_error("ERR Function " + name + " already exists");
  }
}

void function_libraries::keep(std::unique_ptr<library> made) {
  remove(made->name);
  for (const auto& [name, each] : made->functions) by_name_[name] = {&each, made.get()};
  auto& place = libraries_[made->name];
  place = std::move(made);
}

std::string function_libraries::load(std::string_view code, when_there how) {
  auto source = code;
  auto name = take_metadata(source);
  const auto there = libraries_.find(name);
  if (there != libraries_.end() && how == when_there::refuse)
    throw command_error("ERR Library '" + name + "' already exists");
  auto made = compile(code);
  check_collisions(*made, there == libraries_.end() ? nullptr : there->second.get());
  keep(std::move(made));
  return name;
}

void function_libraries::join(library_set more, when_there how) {
  // What is replaced does not count when names of functions are compared.
  std::vector<const library*> replaced;
  for (const auto& [name, each] : more) {
    const auto there = libraries_.find(name);
    if (there == libraries_.end()) continue;
    if (how == when_there::refuse) throw command_error("ERR Library " + name + " already exists");
    replaced.push_back(there->second.get());
  }
  for (const auto& [name, each] : more)
    for (const auto& [function_name, one] : each->functions) {
      const auto found = by_name_.find(function_name);
      if (found != by_name_.end() &&
          std::ranges::find(replaced, found->second.second) == replaced.end())
        throw command_error("ERR Function " + function_name + " already exists");
    }
  for (auto& [name, each] : more) keep(std::move(each));
}

bool function_libraries::remove(std::string_view name) {
  const auto found = libraries_.find(name);
  if (found == libraries_.end()) return false;
  for (const auto& [function_name, each] : found->second->functions) by_name_.erase(function_name);
  libraries_.erase(found);
  return true;
}

library_set function_libraries::clear() {
  by_name_.clear();
  return std::exchange(libraries_, {});
}

}  // namespace hawser::scripting
