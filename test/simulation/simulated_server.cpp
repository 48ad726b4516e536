#include "simulated_server.hpp"

#include <commands/append_only_file.hpp>
#include <commands/data_file.hpp>
#include <commands/replication.hpp>
#include <commands/snapshot.hpp>

#include <scripting/families.hpp>
#include <scripting/install.hpp>

namespace hawser::simulation {

namespace {

/// As app::main has it.
void on_tick(engine::node& node) {
  if (node.loading || node.loading_aside) return;
  commands::save_if_due(node);
  commands::append_only_file::of(node).tick();
  commands::look_after_replicas(node);
}

}  // namespace

simulated_server::simulated_server(const start_of_server& how, virtual_time& time, ways_out ways)
    : how_(how),
      ways_(std::move(ways)),
      config_(how.options, "", environment_, *this),
      clock_(time, how.clock_wrong_by),
      server_(std::make_unique<net::server>(config_, scripting::families(), clock_, hooks(),
                                            how.seed)) {
  scripting::install(server_->node());
}

simulated_server::~simulated_server() = default;

net::process_hooks simulated_server::hooks() {
  net::process_hooks made;
  made.log = [this](engine::log_level, std::string_view line) {
    if (!vanished_) ways_.log(line);
  };
  made.allocated_memory = made.allocated_lately = [] { return std::size_t{0}; };
  made.facts = [number = how_.number] {
    engine::process_facts facts;
    facts.process_id = 100 + number;
    return facts;
  };
  made.release_free_memory = [] {};
  made.files = how_.files.get();
  made.on_tick = on_tick;
  made.snapshot_slice = [](engine::node& node) { return commands::snapshot_slice(node); };
  made.replace_data = commands::replace_data;
  made.on_role_change = made.on_ready = [](const engine::settings&) {};
  made.first_data = commands::first_data;
  made.has_threads = false;
  made.connect = [this](const std::string& host, std::uint16_t port) {
    return vanished_ ? -1 : ways_.connect(host, port);
  };
  return made;
}

bool simulated_server::begin() {
  return commands::append_only_file::of(node()).open() && server_->begin();
}

void simulated_server::vanish() {
  vanished_ = true;
  server_->shut_down();
}

std::optional<std::string> simulated_server::apply(std::string_view directive,
                                                   const engine::settings& now) {
  if (directive != "appendonly") return std::nullopt;
  auto& file = commands::append_only_file::of(node());
  if (!now.appendonly) file.switch_off();
  if (!now.appendonly || file.switch_on()) return std::nullopt;
  return "Unable to turn on AOF. Check server logs.";
}

}  // namespace hawser::simulation
