#include "data_set.hpp"
#include "requests_consumer.hpp"
#include <commands/append_only_file.hpp>
#include <commands/snapshot.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace hawser::commands {

namespace {

using engine::log_level;

constexpr std::int64_t second_ns = 1'000'000'000;

}  // namespace

bool append_only_file::rewrite() {
  rewrites.scheduled = false;
  if (!begin_rewrite()) {
    rewrite_failed();
    return false;
  }
  write_base();
  return true;
}

/// From here on the journal goes to a new increment, which belongs to the base that is going to be
/// written.
bool append_only_file::begin_rewrite() {
  base_is_rdb_ = server_.options.aof_use_rdb_preamble;
  temporary_base_ = fmt::format("temp-rewriteaof-bg-{}.aof", server_.process.facts().process_id);
  rewrite_begun_ns_ = server_.clock.monotonic_ns();
  if (is_on()) {
    hand_over(0);
    const auto before = size();
    persistence::aof_directory::increment next;
    if (report(directory_.begin_rewrite(waits_for_base(), next))) return false;
    server_.log(log_level::notice,
                fmt::format("Creating AOF incr file {} on background rewrite", next.name));
    if (!write_to(std::move(next))) return false;
    older_bytes_ = before;
  }
  ++rewrites.begun;
  rewrites.in_progress = true;
  follow_options();
  server_.log(log_level::notice, "Background append only file rewriting started");
  return true;
}

/// Beside commands.
void append_only_file::write_base() {
  const auto process = server_.process.facts().process_id;
  const auto temporary = [process](std::string_view what) {
    return fmt::format("temp-rewriteaof-{}.{}", process, what);
  };
  auto& files = server_.process.files();
  const auto& home = server_.database(0);
  const persistence::file_consumer::names where{temporary_base_, temporary("aof")};
  const bool sync_often = server_.options.aof_rewrite_incremental_fsync;
  base_given_up_ = std::make_shared<std::atomic<bool>>(false);
  persistence::snapshot_target target{nullptr,
                                      [this](std::error_code failure) { base_written(failure); }};
  if (base_is_rdb_)
    target.to = std::make_unique<persistence::file_consumer>(files, where, sync_often);
  else
    target.to = std::make_unique<requests_consumer>(
        files,
        requests_consumer::setup{where, temporary("rdb"), sync_often, rdb_options_of(server_),
                                 home.limits(), home.hasher(), base_given_up_});
  std::vector<persistence::snapshot_target> targets;
  targets.push_back(std::move(target));
  snapshot_options options;
  options.aof_base = true;
  begin_snapshot(server_, std::move(targets), options);
}

void append_only_file::base_written(std::error_code failure) {
  rewrites.in_progress = false;
  rewrites.last_seconds = (server_.clock.monotonic_ns() - rewrite_begun_ns_) / second_ns;
  if (failure == std::errc::operation_canceled) {
    server_.log(log_level::notice, "Background AOF rewrite cancelled");
    rewrite_failed();
  } else if (failure) {
    server_.log(log_level::warning,
                fmt::format("Write error writing append only file on disk: {}", failure.message()));
    server_.log(log_level::warning, "Background AOF rewrite terminated with error");
    rewrite_failed();
  } else {
    server_.log(log_level::notice,
                fmt::format("Successfully created the temporary AOF base file {}",
                            temporary_base_.string()));
    server_.log(log_level::notice, "Background AOF rewrite terminated with success");
    put_base();
  }
  follow_options();
}

void append_only_file::put_base() {
  persistence::aof_directory::rewritten names;
  if (report(directory_.finish_rewrite(temporary_base_, base_is_rdb_, names)))
    return rewrite_failed();
  server_.log(log_level::notice,
              fmt::format("Successfully renamed the temporary AOF base file {} into {}",
                          temporary_base_.string(), names.base));
  if (!names.increment.empty())
    server_.log(log_level::notice,
                fmt::format("Successfully renamed the temporary AOF incr file {} into {}",
                            directory_.detached_name(), names.increment));
  rewrites.failed = false;
  rewrites.failures_in_a_row = 0;
  if (is_on()) {
    state_ = state::on;
    older_bytes_ = size_of(names.base);
    writer_.retire_old_files();
    size_after_rewrite_ = size();
  }
  remove_history();
  server_.log(log_level::notice, "Background AOF rewrite finished successfully");
}

void append_only_file::rewrite_failed() {
  server_.process.files().remove(temporary_base_);
  rewrites.failed = true;
  ++rewrites.failures_in_a_row;
  rewrites.scheduled = false;
  const bool first = waits_for_base();
  directory_.abandon_rewrite();
  if (first) {
    // Nothing that is written now would be of use. It is tried again.
    cursor_.reset();
    writer_.switch_to(nullptr, 0, server_.journal.log.end());
    rewrites.scheduled = true;
  }
}

void append_only_file::remove_history() {
  if (server_.options.aof_disable_auto_gc) return;
  // Who closes a file last frees its blocks, which takes long if there are many.
  std::vector<std::shared_ptr<persistence::byte_source>> held;
  report(directory_.remove_history([&](const std::string& name) {
    server_.log(log_level::notice,
                fmt::format("Removing the history file {} in the background", name));
    std::error_code missing;
    held.push_back(server_.process.files().open(directory_.path_of(name), missing));
  }));
  server_.process.run_in_background([held = std::move(held)] {});
}

/// A snapshot for somebody else goes first.
bool append_only_file::start_rewrite() {
  if (!server_.snapshot) return rewrite();
  rewrites.scheduled = true;
  return true;
}

void append_only_file::cancel_rewrite() {
  if (!rewrites.in_progress) return;
  base_given_up_->store(true);
  cancel_snapshot(server_);
}

/// After three failures in a row rewrites begin by themselves ever more rarely.
bool append_only_file::rewrite_is_held_back() {
  constexpr std::uint64_t most_failures = 3;
  constexpr int longest = 60;  // minutes
  constexpr base::milliseconds_t minute = 60'000;
  if (rewrites.failures_in_a_row < most_failures) {
    retry_minutes_ = 0;
    return false;
  }
  if (server_.now() < retry_at_) return true;
  if (retry_minutes_ > 0 && retry_failures_ == rewrites.failures_in_a_row) return false;
  retry_failures_ = rewrites.failures_in_a_row;
  retry_minutes_ = std::min(std::max(1, retry_minutes_ * 2), longest);
  retry_at_ = server_.now() + retry_minutes_ * minute;
  server_.log(log_level::warning,
              fmt::format("Background AOF rewrite has repeatedly failed and triggered the limit, "
                          "will retry in {} minutes",
                          retry_minutes_));
  return true;
}

void append_only_file::rewrite_if_grown() {
  const auto& options = server_.options;
  if (state_ != state::on || rewrites.in_progress || options.auto_aof_rewrite_percentage == 0)
    return;
  const auto now = size();
  if (now <= static_cast<std::uint64_t>(options.auto_aof_rewrite_min_size)) return;
  const auto before = std::max<std::uint64_t>(size_after_rewrite_, 1);
  const auto growth = now * 100 / before;
  if (growth < 100 + static_cast<std::uint64_t>(options.auto_aof_rewrite_percentage)) return;
  if (rewrite_is_held_back()) return;
  server_.log(log_level::notice,
              fmt::format("Starting automatic rewriting of AOF on {}% growth", growth - 100));
  start_rewrite();
}

}  // namespace hawser::commands
