#include <engine/node.hpp>
#include <engine/propagation.hpp>

#include <fmt/format.h>

namespace hawser::engine {

namespace {

bool ends_process(const settings& options, propagator from) {
  const auto wanted = options.propagation_error_behavior;
  if (from == propagator::append_only_file) return wanted == propagation_error::panic;
  // A replica that clients write to has data of its own, on which what is replicated may fail.
  return wanted != propagation_error::ignore && options.replica_read_only;
}

}  // namespace

void note_failed_request(node& server, propagator from, std::string_view error,
                         std::string_view command) {
  constexpr std::size_t longest = 4096;
  const bool replicated = from == propagator::primary;
  const auto who = replicated ? "replica" : "server";
  const auto to = replicated ? "master" : "AOF-loading-client";
  server.log(log_level::warning,
             fmt::format("== CRITICAL == This {} is sending an error to its {}: '-{}' after "
                         "processing the command '{}'",
                         who, to, error.substr(0, longest), command));
  ++server.stats.unexpected_errors;
  if (!ends_process(server.options, from)) return;
  server.log(log_level::warning,
             fmt::format("This {} panicked sending an error to its {} after processing the command "
                         "'{}'",
                         who, to, command));
  server.process.give_up();
}

void note_unwritable_request(node& server) {
  if (server.options.replica_ignore_disk_write_errors) return;
  server.log(log_level::warning, "Replica was unable to write command to disk.");
  server.process.give_up();
}

}  // namespace hawser::engine
