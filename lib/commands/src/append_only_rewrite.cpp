#include <commands/append_only_file.hpp>
#include <commands/snapshot.hpp>
#include <engine/script_engine.hpp>
#include <resp/request.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <persistence/dump_payload.hpp>
#include <persistence/file_consumer.hpp>

namespace hawser::commands {

namespace {

using engine::log_level;

constexpr std::int64_t second_ns = 1'000'000'000;

/// RESTORE key deadline payload ABSTTL
void append_restore(std::string& to, store::database& home, store::entry& of, bool compress) {
  resp::append_request(to, {"RESTORE", of.key(), std::to_string(of.deadline().value_or(0)),
                            persistence::dump_payload(home, of, compress), "ABSTTL"});
}

/// The data set as requests that make it.
std::error_code write_requests(engine::node& server, persistence::byte_sink& to) {
  constexpr std::size_t enough = std::size_t{64} << 10;
  std::error_code failure;
  std::string out;
  if (server.scripts != nullptr)
    server.scripts->for_each_library([&](std::string_view code) {
      resp::append_request(out, {"FUNCTION", "LOAD", code});
    });
  for (int i = 0; i < server.database_count(); ++i) {
    auto& data = server.database(i);
    if (data.empty()) continue;
    resp::append_request(out, {"SELECT", std::to_string(i)});
    data.for_each([&](store::entry* each) {
      append_restore(out, data, *each, server.options.rdbcompression);
      if (out.size() < enough || failure) return;
      failure = to.write(out);
      out.clear();
    });
  }
  return failure ? failure : to.write(out);
}

}  // namespace

std::error_code write_base_data(engine::node& server, persistence::byte_sink& to, bool as_rdb) {
  return as_rdb ? write_data(server, to, file_kind::aof_base) : write_requests(server, to);
}

bool append_only_file::rewrite() {
  rewrites.scheduled = false;
  if (!begin_rewrite()) {
    rewrite_failed();
    return false;
  }
  if (base_is_rdb_)
    write_base_beside_commands();
  else
    base_written(write_base_at_once());
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

/// In the form of requests: commands wait meanwhile.
std::error_code append_only_file::write_base_at_once() {
  std::error_code failure;
  const auto file = server_.process.files().create(temporary_base_, failure);
  if (!failure) failure = write_base_data(server_, *file, base_is_rdb_);
  return failure ? failure : file->sync();
}

void append_only_file::write_base_beside_commands() {
  const auto process = server_.process.facts().process_id;
  auto file = std::make_unique<persistence::file_consumer>(
      server_.process.files(),
      persistence::file_consumer::names{temporary_base_,
                                        fmt::format("temp-rewriteaof-{}.aof", process)},
      server_.options.aof_rewrite_incremental_fsync);
  std::vector<persistence::snapshot_target> targets;
  targets.push_back({std::move(file), [this](std::error_code failure) { base_written(failure); }});
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
    needs_base_ = false;
    if (!names.increment.empty() && !segments_.empty()) segments_.back().name = names.increment;
    older_bytes_ = size_of(names.base);
    // Replicas may want to read them still, as long as they are whole.
    if (const auto status = writer_.now(); status.write_failure || status.sync_failure) {
      writer_.retire_old_files();
      segments_.erase(segments_.begin(), segments_.end() - 1);
    }
    size_after_rewrite_ = size();
  }
  remove_history();
  server_.log(log_level::notice, "Background AOF rewrite finished successfully");
  server_.process.append_only_progress();
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
    segments_.clear();
    rewrites.scheduled = true;
  }
}

/// Not while a replica is to read it.
void append_only_file::remove_history() {
  if (server_.options.aof_disable_auto_gc || read_by_replicas()) return;
  const auto& kept = directory_.manifest().increments;
  std::erase_if(segments_, [&](const segment& each) {
    return std::ranges::find(kept, each.name, &persistence::aof_file::name) == kept.end();
  });
  report(directory_.remove_history([this](const std::string& name) {
    server_.log(log_level::notice,
                fmt::format("Removing the history file {} in the background", name));
  }));
}

/// A snapshot for somebody else goes first.
bool append_only_file::start_rewrite() {
  if (!server_.snapshot) return rewrite();
  rewrites.scheduled = true;
  return true;
}

void append_only_file::cancel_rewrite() {
  if (rewrites.in_progress) cancel_snapshot(server_);
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
