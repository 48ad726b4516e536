#include <commands/append_only_file.hpp>
#include <resp/request.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace hawser::commands {

namespace {

using engine::fsync_policy;
using engine::log_level;
using persistence::file_failure;
using persistence::sync_policy;

constexpr std::int64_t second_ns = 1'000'000'000;

sync_policy policy_of(fsync_policy option) {
  switch (option) {
    case fsync_policy::always:
      return sync_policy::always;
    case fsync_policy::everysec:
      return sync_policy::every_second;
    case fsync_policy::no:
      break;
  }
  return sync_policy::never;
}

}  // namespace

append_only_file& append_only_file::of(engine::node& server) {
  if (!server.aof) server.aof = std::make_unique<append_only_file>(server);
  return static_cast<append_only_file&>(*server.aof);
}

append_only_file::append_only_file(engine::node& server)
    : server_(server),
      directory_(server.process.files(), server.options.appenddirname,
                 server.options.appendfilename),
      writer_(server.clock, [&server] { server.process.append_only_progress(); }) {}

append_only_file::~append_only_file() {
  if (is_on()) hand_over(0);
  writer_.stop();
  if (run_over_.valid()) run_over_.wait();
}

/// True: there is a failure, and the log says which.
bool append_only_file::report(const file_failure& failure) {
  if (failure) server_.log(log_level::warning, failure.text);
  return static_cast<bool>(failure);
}

bool append_only_file::open() {
  bool moved = false;
  if (report(directory_.open(moved))) return false;
  if (moved)
    server_.log(log_level::notice,
                fmt::format("Successfully migrated an old-style AOF file ({}) into the AOF "
                            "directory ({}).",
                            server_.options.appendfilename, server_.options.appenddirname));
  return true;
}

std::uint64_t append_only_file::size_of(const std::string& name) {
  std::error_code missing;
  return server_.process.files().size(directory_.path_of(name), missing);
}

bool append_only_file::begin() {
  const bool as_rdb = server_.options.aof_use_rdb_preamble;
  if (directory_.manifest().empty()) {
    std::string base;
    // There is nothing to be written as requests: a server without a manifest starts empty.
    const auto write = [this, as_rdb](persistence::byte_sink& to) {
      return as_rdb ? write_data(server_, to, file_kind::aof_base) : std::error_code();
    };
    if (report(directory_.make_first_base(write, as_rdb, base))) return false;
    server_.log(log_level::notice, fmt::format("Creating AOF base file {} on server start", base));
  }
  persistence::aof_directory::increment last;
  if (report(directory_.open_increment(last))) return false;
  server_.log(log_level::notice, fmt::format("{} AOF incr file {} on server start",
                                             last.made ? "Creating" : "Opening", last.name));
  const auto& files = directory_.manifest();
  older_bytes_ = files.base ? size_of(files.base->name) : 0;
  for (std::size_t i = 0; i + 1 < files.increments.size(); ++i)
    older_bytes_ += size_of(files.increments[i].name);
  state_ = state::on;
  if (!write_to(std::move(last))) return false;
  size_after_rewrite_ = size();
  remove_history();
  return true;
}

/// The journal is written to this file from here on. The line in front of it says where in the
/// journal that is; a database that readers of the journal have selected already is told again.
bool append_only_file::write_to(persistence::aof_directory::increment to) {
  auto& journal = server_.journal;
  auto front = fmt::format("#OFFSET:{}:{}\r\n", server_.replication.past.id(), journal.log.end());
  if (journal.selected() >= 0)
    resp::append_request(front, {"SELECT", std::to_string(journal.selected())});
  if (const auto failure = to.file->write(front)) {
    to.file->truncate(to.size);
    return !report({fmt::format("Error writing to the AOF file: {}", failure.message())});
  }
  start_writer();
  follow_options();
  if (!cursor_) cursor_.emplace(journal.log, journal.log.end());
  hand_over(0);
  writer_.switch_to(std::move(to.file), to.size + front.size(), journal.log.end());
  return true;
}

/// The writer works on a thread of its own, where there are any.
void append_only_file::start_writer() {
  if (writer_runs_) return;
  writer_runs_ = true;
  auto over = std::make_shared<std::promise<void>>();
  run_over_ = over->get_future();
  const bool beside = server_.process.run_beside([this, over] {
    writer_.run();
    over->set_value();
  });
  if (beside) return;
  run_over_ = {};
  writer_.work_inline();
}

void append_only_file::follow_options() {
  const auto policy = policy_of(server_.options.appendfsync);
  const bool may_sync = !rewrites.in_progress || !server_.options.no_appendfsync_on_rewrite;
  writer_.follow(policy, may_sync);
  const bool holds = state_ == state::on && policy == sync_policy::always;
  if (holds_replies_.exchange(holds) && !holds) server_.process.append_only_progress();
}

void append_only_file::hand_over(std::size_t replies) {
  if (!cursor_) return;
  if (cursor_->lost()) follow_new_history();
  if (cursor_->lag() == 0) return writer_.hand_over(replies);
  follow_options();
  const auto now = server_.now() / 1000;
  if (server_.options.aof_timestamp_enabled && now != last_stamp_) {
    last_stamp_ = now;
    auto line = std::make_shared<const std::string>(fmt::format("#TS:{}\r\n", now));
    writer_.append(line, *line, cursor_->position());
  }
  while (cursor_->lag() > 0) {
    auto next = cursor_->next();
    if (next.bytes.empty()) break;
    writer_.append(std::move(next.block), next.bytes, cursor_->position());
  }
  writer_.hand_over(replies);
}

/// The journal has begun anew, as a replica's does after a full synchronization: what was written
/// before means nothing to it, so that a new base is needed.
void append_only_file::follow_new_history() {
  const auto end = server_.journal.log.end();
  cursor_.reset();
  cursor_.emplace(server_.journal.log, end);
  server_.journal.select_again();
  rewrites.scheduled = true;
}

bool append_only_file::flush() {
  if (!is_on()) return true;
  hand_over(0);
  writer_.drain();
  look();
  const auto status = writer_.now();
  return !status.write_failure && !status.sync_failure;
}

std::uint64_t append_only_file::size() const {
  const auto status = writer_.now();
  return older_bytes_ + status.size + status.buffered;
}

/// Under `always` there may be clients whose replies wait for what cannot be written, and others
/// have seen its effect: the process ends before anybody is told that all is well.
void append_only_file::look() {
  if (!server_.waits.empty())
    for (int i = 0; i < server_.database_count(); ++i) server_.waits.touch(i, progress_key);
  const auto status = writer_.now();
  const auto& failure = status.write_failure ? status.write_failure : status.sync_failure;
  auto text = failure && is_on() ? failure.message() : std::string();
  if (text == server_.append_failure) return;
  const bool always = server_.options.appendfsync == fsync_policy::always;
  if (status.write_failure)
    server_.log(log_level::warning,
                fmt::format("Error writing to the AOF file: {}", failure.message()));
  else if (failure)
    server_.log(log_level::warning,
                fmt::format("Fail to fsync the AOF file: {}", failure.message()));
  if (failure && always) {
    server_.log(log_level::warning,
                status.write_failure
                    ? std::string("Can't recover from AOF write error when the AOF fsync policy is "
                                  "'always'. Exiting...")
                    : fmt::format("Can't persist AOF for fsync error when the AOF fsync policy is "
                                  "'always': {}. Exiting...",
                                  failure.message()));
    server_.process.give_up();
  }
  if (text.empty())
    server_.log(log_level::warning, "AOF write error looks solved, Redis can write again.");
  // What was lost with a failed sync is in the data set still: a new base makes up for it.
  if (status.sync_failure) rewrites.scheduled = true;
  server_.append_failure = std::move(text);
}

bool append_only_file::switch_on() {
  if (is_on()) return true;
  start_writer();
  state_ = state::waits_for_base;
  if (start_rewrite()) return true;
  server_.log(log_level::warning,
              "Redis needs to enable the AOF but can't trigger a background AOF rewrite operation. "
              "Check the above logs for more info about the error.");
  switch_off();
  return false;
}

void append_only_file::switch_off() {
  if (!is_on()) return;
  flush();
  state_ = state::off;
  cancel_rewrite();
  directory_.abandon_rewrite();
  cursor_.reset();
  writer_.switch_to(nullptr, 0, server_.journal.log.end());
  writer_.retire_old_files();
  server_.append_failure.clear();
  rewrites.scheduled = false;
  older_bytes_ = 0;
  follow_options();
}

bool append_only_file::reload() {
  if (is_on() && !flush()) return false;
  server_.flush_all();
  return load() != load_result::outcome::failed;
}

void append_only_file::tick() {
  follow_options();
  hand_over(0);
  look();
  if (rewrites.scheduled && !rewrites.in_progress && !server_.snapshot) {
    rewrite();
    return;
  }
  rewrite_if_grown();
  if (!directory_.manifest().history.empty() && !rewrites.in_progress) remove_history();
}

}  // namespace hawser::commands
