#pragma once

#include "chance.hpp"
#include "function_libraries.hpp"
#include "invocation.hpp"
#include "script_cache.hpp"
#include "script_client.hpp"
#include <engine/node.hpp>
#include <engine/script_engine.hpp>

namespace hawser::scripting {

/// All of scripting that belongs to one server.
class runtime final : public engine::script_engine {
 public:
  explicit runtime(engine::node& server) : server(server), scripts(*this), libraries(*this) {}

  /// That of a server that has one.
  static runtime& of(engine::node& server) { return static_cast<runtime&>(*server.scripts); }

  engine::node& server;
  script_client commands;
  chance numbers;
  script_cache scripts;
  function_libraries libraries;
  invocation* running = nullptr;

  engine::script_facts facts() const override;
  std::optional<engine::command_flags> flags_of(std::span<const std::string_view> words) override;
  std::optional<std::string> load_library(std::string_view code) override;
  void for_each_library(const std::function<void(std::string_view)>& show) const override;
  void remove_libraries() override { libraries.clear(); }
};

}  // namespace hawser::scripting
