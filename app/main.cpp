#include "allocator.hpp"
#include "applier.hpp"
#include "crash_report.hpp"
#include "daemon.hpp"
#include "limits.hpp"
#include "log_file.hpp"
#include "oom_score.hpp"
#include "process_facts.hpp"
#include "process_title.hpp"
#include "restart.hpp"
#include "shutdown_signals.hpp"
#include "start_log.hpp"
#include <base/clock.hpp>
#include <commands/append_only_file.hpp>
#include <commands/data_file.hpp>
#include <commands/replication.hpp>
#include <commands/snapshot.hpp>
#include <commands/users.hpp>
#include <engine/config/command_line.hpp>
#include <engine/config/configuration.hpp>
#include <engine/config/environment.hpp>
#include <engine/node.hpp>
#include <engine/version.hpp>
#include <net/server.hpp>

#include <csignal>
#include <cstdio>
#include <memory>
#include <persistence/file_system.hpp>
#include <random>
#include <scripting/families.hpp>
#include <scripting/install.hpp>
#include <variant>

namespace hawser::app {

namespace {

/// Users that a configuration file declares are tried on nobody.
struct user_rehearsal {
  engine::settings nothing;
  engine::command_table commands{scripting::families()};
  engine::acl::access_control access{commands, nothing};
};

engine::load_options load_options() {
  auto rehearsal = std::make_shared<user_rehearsal>();
  return {"Hawser " + std::string(engine::hawser_version),
          [rehearsal](std::string_view name) { return rehearsal->commands.find(name) != nullptr; },
          [rehearsal](std::span<const std::string_view> words) {
            return rehearsal->access.declare(words);
          }};
}

int refuse(const engine::start_up_failure& failure) {
  if (failure.to == engine::load_failure::where::standard_error)
    std::fputs(failure.text.c_str(), stderr);
  else
    log_file().warning(failure.text);
  return 1;
}

/// Fits maxclients and the limit on open files to each other; false when there is room for none.
bool fit_clients(engine::settings& options, file_limit& files, log_file& log) {
  const auto room = make_room(options.maxclients, own_files(options.io_threads), files);
  for (const auto& each : room.warnings) log.warning(each);
  if (!room.notice.empty()) log.notice(room.notice);
  options.maxclients = room.clients;
  return room.enough;
}

/// False: the users of the ACL file cannot be loaded.
bool load_users_at_start(engine::node& server) {
  const auto& options = server.options;
  if (options.aclfile.empty()) return true;
  if (!options.users.empty()) {
    server.log(engine::log_level::warning,
               "There are users both in the configuration and in an ACL file. Declare them in one "
               "of the two, or you will not know who may do what. Exiting.");
    return false;
  }
  const auto errors = commands::load_users(server, nullptr);
  if (errors)
    server.log(engine::log_level::warning, "Aborting startup because of ACL errors: " + *errors);
  return !errors;
}

void on_tick(engine::node& server) {
  if (server.loading || server.loading_aside) return;
  commands::save_if_due(server);
  commands::append_only_file::of(server).tick();
  commands::look_after_replicas(server);
}

/// On the thread that waits for signals.
void end_by_signal(net::server& server, shutdown_signals& signals, int signal) {
  server.enter([&signals, signal](engine::node& node) {
    const auto& now = node.options;
    const bool interrupted = signal == SIGINT;
    if (commands::prepare_shutdown(node,
                                   interrupted ? now.shutdown_on_sigint : now.shutdown_on_sigterm))
      return node.process.shut_down();
    node.log(engine::log_level::warning,
             "The server cannot be shut down as the signal asked, see above.");
    signals.wait_for_another();
  });
}

int serve(engine::start_up asked, engine::config_environment& environment, process_title& title,
          const restart& again) {
  auto& options = asked.configured;
  log_file log(options);
  const supervisor manager(options.supervised, log);
  if (options.daemonize && !manager.present()) go_to_background();
  prepare_signals();
  log_start(asked, log);
  manager.loading();
  log.role(options.replicaof.host.empty() ? log_role::primary : log_role::replica);

  process_file_limit files;
  if (!fit_clients(options, files, log)) return 1;
  oom_score oom;
  oom.follow(options, log);
  allocator::release_in_background(options.jemalloc_bg_thread);

  net::server* running = nullptr;
  const auto show_title = [&title, program = asked.arguments.front(),
                           file = asked.config_file](const engine::settings& now) {
    if (now.set_proc_title) title.show(title_text(now, program, file));
  };
  applier port({log, files, oom,
                [&running](const engine::settings& now) { return running->listen_again(now); },
                [&running](const engine::settings& now) { return running->secure_again(now); },
                show_title, report_crashes,
                [&running](const std::string& password) {
                  running->node().access.set_default_password(password);
                },
                allocator::release_in_background,
                [&running](bool on) {
                  auto& file = commands::append_only_file::of(running->node());
                  if (on) return file.switch_on();
                  file.switch_off();
                  return true;
                },
                [&running] {
                  const auto& node = running->node();
                  return node.eviction.counted_of(node.used_memory());
                }});
  engine::configuration config(std::move(options), asked.config_file, environment, port);
  const auto& now = config.current();
  const base::system_clock clock;
  persistence::posix_file_system files_of_server;
  net::server server(
      config, scripting::families(), clock,
      {[&log](engine::log_level level, std::string_view text) { log.write(level, text); },
       allocator::allocated, allocator::allocated_lately, look_at_process, allocator::release,
       allocator::number, allocator::text,
       [&log, &again] { log.warning("The program cannot begin anew: " + again.begin()); },
       &files_of_server, on_tick, [](engine::node& node) { return commands::snapshot_slice(node); },
       commands::replace_data,
       [&](const engine::settings& now) {
         log.role(now.replicaof.host.empty() ? log_role::primary : log_role::replica);
         oom.follow(now, log);
       },
       commands::first_data,
       [&](const engine::settings& now) {
         log_ready(now, log);
         manager.ready(!now.replicaof.host.empty());
       }},
      std::random_device{}());
  running = &server;
  scripting::install(server.node());
  if (!server.listen()) return 1;

  show_title(now);
  {
    const pid_file pid(pid_file_path(now), log);
    describe_crashes(
        {now.logfile, pid_file_path(now), describe_server(now), now.use_exit_on_panic});
    report_crashes(now.crash_log_enabled);
    log_listening(now, log);
    if (!load_users_at_start(server.node())) return 1;
    if (!commands::append_only_file::of(server.node()).open()) return 1;
    shutdown_signals signals(
        log, [&](int signal) { end_by_signal(server, signals, signal); },
        [&server]() -> bool { return server.node().loading; });
    if (!server.run()) return 1;
    manager.stopping();
  }
  log.warning("Hawser is now ready to exit, bye bye...");
  return 0;
}

int start(int argc, char** argv) {
  const restart again({argv, argv + argc});
  engine::system_environment environment;
  auto parsed = engine::parse_command_line(argc, argv, environment, load_options());
  if (const auto* failure = std::get_if<engine::start_up_failure>(&parsed)) return refuse(*failure);
  auto& asked = std::get<engine::start_up>(parsed);
  if (asked.what == engine::start_up::action::show_version)
    return std::fputs(version_text().c_str(), stdout) < 0;
  if (asked.what == engine::start_up::action::show_help)
    return std::fputs(engine::help_text(argv[0]).c_str(), stdout) < 0;
  process_title title(argc, argv);
  return serve(std::move(asked), environment, title, again);
}

}  // namespace

}  // namespace hawser::app

int main(int argc, char** argv) { return hawser::app::start(argc, argv); }
