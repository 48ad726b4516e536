#include "data_set.hpp"
#include <commands/snapshot.hpp>
#include <engine/version.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace hawser::commands {

namespace {

using engine::node;

persistence::snapshot_setup setup_of(node& server, const snapshot_options& options) {
  persistence::snapshot_setup setup;
  for (int i = 0; i < server.database_count(); ++i)
    setup.databases.emplace_back(i, &server.database(i));
  setup.options = rdb_options_of(server);
  setup.origin = origin_of(server);
  setup.origin.aof_base = options.aof_base;
  setup.aux = options.aux;
  for (auto& each : history_aux(server)) setup.aux.push_back(std::move(each));
  if (server.scripts != nullptr)
    server.scripts->for_each_library(
        [&](std::string_view code) { setup.libraries.emplace_back(code); });
  setup.limits = options.limits;
  if (server.options.rdb_key_save_delay > 0) {
    // The thread that writes rests after each key, and the walk waits for it.
    setup.limits.chunk_bytes = 0;
    setup.limits.queue_bytes = 1;
    setup.limits.rest = std::chrono::microseconds(server.options.rdb_key_save_delay);
  }
  setup.facts = [&server, kept = what_to_keep(server)](const store::entry& of) {
    return facts_of(server, of, kept);
  };
  setup.run_in_background = [&server](std::function<void()> work) {
    server.process.run_in_background(std::move(work));
  };
  setup.queued_bytes = server.snapshot_queue;
  setup.wake = [&process = server.process] { process.wake_snapshot(); };
  return setup;
}

void log_end(node& server, const persistence::snapshot& of) {
  if (of.cancelled()) return;
  constexpr double microsecond = 1e3, mebibyte = 1024 * 1024;
  server.log(
      engine::log_level::notice,
      fmt::format("Snapshot: {} keys in {} slices, the longest of {:.0f} us, {:.1f} MB kept "
                  "of what changed",
                  of.keys_seen(), of.steps(), static_cast<double>(of.longest_ns()) / microsecond,
                  static_cast<double>(of.kept()) / mebibyte));
}

}  // namespace

bool begin_snapshot(node& server, std::vector<persistence::snapshot_target> targets,
                    const snapshot_options& options) {
  if (server.snapshot) {
    if (!server.snapshot->cancelled()) return false;
    server.snapshot->finish_marking();
    std::exchange(server.snapshot, nullptr)->tell();
  }
  server.snapshot =
      std::make_shared<persistence::snapshot>(setup_of(server, options), std::move(targets));
  server.process.wake_snapshot();
  return true;
}

bool begin_snapshot(node& server, persistence::file_consumer::names where, bool sync_often,
                    std::function<void(std::error_code failure)> done,
                    const snapshot_options& options) {
  std::vector<persistence::snapshot_target> targets;
  targets.push_back({std::make_unique<persistence::file_consumer>(server.process.files(),
                                                                  std::move(where), sync_often),
                     std::move(done)});
  return begin_snapshot(server, std::move(targets), options);
}

bool snapshot_slice(node& server) {
  constexpr std::int64_t shortest = 100'000, longest = 500'000;  // ns
  if (!server.snapshot) return false;
  // Commands that are waiting get as much time as the walk, and what is left over goes to the walk.
  auto& ended = server.snapshot_slice_ended;
  const auto others = server.clock.monotonic_ns() - ended;
  const bool more = snapshot_slice(
      server, persistence::time_slice(server.clock, std::clamp(others, shortest, longest)));
  ended = server.clock.monotonic_ns();
  return more;
}

bool snapshot_slice(node& server, persistence::time_slice limit) {
  using progress = persistence::snapshot::progress;
  if (!server.snapshot) return false;
  const auto begun = server.clock.monotonic_ns();
  const auto how = server.snapshot->step(limit);
  server.snapshot->count_step(server.clock.monotonic_ns() - begun);
  if (how == progress::finished) {
    log_end(server, *server.snapshot);
    if (server.save.in_progress) server.save.kept = server.snapshot->kept();
    std::exchange(server.snapshot, nullptr)->tell();
  }
  return how == progress::more;
}

void cancel_snapshot(node& server) {
  if (!server.snapshot) return;
  server.snapshot->cancel();
  server.snapshot->tell();
  server.process.wake_snapshot();
}

}  // namespace hawser::commands
