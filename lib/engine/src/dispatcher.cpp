#include "admission_errors.hpp"
#include "reply_or_fail.hpp"
#include <base/bytes.hpp>
#include <base/equal.hpp>
#include <engine/client_info.hpp>
#include <engine/context.hpp>
#include <engine/dispatcher.hpp>
#include <engine/node.hpp>
#include <engine/propagation.hpp>
#include <resp/request_parser.hpp>
#include <store/collection.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hawser::engine {

namespace {

constexpr std::size_t read_ahead_window = 64;  // requests
constexpr std::size_t output_check_size = 16 * 1024;
constexpr std::size_t longest_echo =
    128;  // of an unknown command's name, and of its arguments together

constexpr std::string_view too_few_replicas = "NOREPLICAS Not enough good replicas to write.";
constexpr std::string_view read_only = "READONLY You can't write against a read only replica.";
constexpr std::string_view primary_down =
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";

/// A word as errors show it: no more than `most` bytes of it, and nothing from a zero byte on.
std::string_view shown(std::string_view word, std::size_t most = longest_echo) {
  return word.substr(0, std::min(most, word.find('\0')));
}

std::string unknown_command(dispatcher::words_t words) {
  std::string args;
  for (const auto word : words.subspan(1)) {
    if (args.size() >= longest_echo) break;
    args += fmt::format("'{}' ", shown(word, longest_echo - args.size()));
  }
  return fmt::format("ERR unknown command '{}', with args beginning with: {}", shown(words[0]),
                     args);
}

/// What a web page can make a browser send to this port.
bool sent_by_browser(std::string_view name) {
  return base::iequals(name, "post") || base::iequals(name, "host:");
}

bool allowed_while_subscribed(std::string_view name) {
  for (const auto allowed : {"ping", "subscribe", "ssubscribe", "psubscribe", "unsubscribe",
                             "sunsubscribe", "punsubscribe", "quit", "reset"})
    if (name == allowed) return true;
  return false;
}

bool has_any(command_flags flags, command_flags wanted) { return (flags.bits & wanted.bits) != 0; }

acl::access_log_entry::where where_of(const client& who) {
  using where = acl::access_log_entry::where;
  return who.transaction.active() ? where::multi : where::toplevel;
}

/// Of the commands that need a directive's permission: DEBUG, otherwise MODULE.
bool debugs(const command& what) { return what.full_name == "debug"; }

std::string not_permitted(bool debug) {
  return fmt::format(
      "ERR {} command not allowed. If the {} option is set to \"local\", you can run it from a "
      "local connection, otherwise you need to set this option in the configuration file, and "
      "then restart the server.",
      debug ? "DEBUG" : "MODULE", debug ? "enable-debug-command" : "enable-module-command");
}

std::string forbidden(const acl::denial& why, const command& what) {
  switch (why.why) {
    case acl::denial::reason::command:
      return fmt::format("NOPERM this user has no permissions to run the '{}' command",
                         what.full_name);
    case acl::denial::reason::key:
      return "NOPERM this user has no permissions to access one of the keys used as arguments";
    case acl::denial::reason::channel:
      break;
  }
  return "NOPERM this user has no permissions to access one of the channels used as arguments";
}

bool uses_data(command_flags flags) {
  return flags.has(flags::write) || flags.has(flags::readonly) || flags.has(flags::may_replicate);
}

}  // namespace

void dispatcher::start_timing() {
  lap_ns_ = static_cast<std::uint64_t>(server_.clock.monotonic_ns());
}

std::size_t dispatcher::execute(client& who, const resp::request_batch& batch, std::size_t first,
                                std::size_t last) {
  last = std::min(last, batch.size());
  server_.update_time();
  who.last_interaction = server_.now();
  start_timing();
  if (server_.options.maxmemory_clients != 0) server_.client_memory.look_at(who);
  for (auto at = first; at < last; ++at) {
    if (who.closing) return batch.size();
    if ((at - first) % read_ahead_window == 0) read_ahead(batch, who, at, last);
    const auto how = execute(who, batch.args(at), batch.bytes(at));
    if (how == outcome::postponed) return at;
    if (how == outcome::blocked) return at + 1;
    // Between two commands too, or one batch of large replies could hold any amount of memory.
    if (who.out.size() > output_check_size && !server_.within_output_limit(who))
      return batch.size();
  }
  if (server_.options.maxmemory_clients != 0) server_.client_memory.look_at(who);
  return last;
}

/// Asks the cache for what the batch is going to look up: for all keys the buckets first, then the
/// entries. A batch that begins like the one before goes on in the same way, so what the last
/// command was tells where keys are, and whether elements of collections are going to be looked up
/// as well.
void dispatcher::read_ahead(const resp::request_batch& batch, client& who, std::size_t first,
                            std::size_t last) {
  last = std::min(last, first + read_ahead_window);
  if (last - first < 2) return;
  std::uint64_t hashes[read_ahead_window];
  std::size_t count = 0;
  auto& data = server_.database(who.db);
  const auto flags = requested_.found != nullptr ? requested_.found->spec->flags : command_flags{};
  const std::size_t key = flags.has(flags::runs_script) ? 3 : 1;
  for (auto at = first; at < last; ++at)
    if (const auto words = batch.args(at); words.size() > key)
      hashes[count++] = data.prefetch_bucket(words[key]);
  for (std::size_t i = 0; i < count; ++i) data.prefetch_entry(hashes[i]);
  if (flags.has(flags::element)) read_ahead_elements(batch, data, first, last);
}

void dispatcher::read_ahead_elements(const resp::request_batch& batch, store::database& data,
                                     std::size_t first, std::size_t last) {
  std::pair<const store::large_collection*, std::uint64_t> wanted[read_ahead_window];
  std::size_t count = 0;
  std::string_view key;  // of the request before
  const store::entry* found = nullptr;
  bool looked_up = false;
  for (auto at = first; at < last; ++at) {
    const auto words = batch.args(at);
    if (words.size() < 3) continue;
    // What is a collection of its own each time tends to be small: not worth a look.
    if (words[1] != key) {
      key = words[1];
      looked_up = false;
      continue;
    }
    if (!looked_up) found = data.find(key);
    looked_up = true;
    if (found == nullptr || found->type() == store::value_type::string) continue;
    if (!found->collection().is_large()) continue;
    const auto* large = found->collection().large();
    const auto element = found->type() == store::value_type::hash ? words[2] : words.back();
    wanted[count++] = {large, large->prefetch_bucket(element)};
  }
  for (std::size_t i = 0; i < count; ++i) wanted[i].first->prefetch_records(wanted[i].second);
}

/// Clients, and scripts, tend to ask for the same command many times over.
command* dispatcher::find(std::string_view name, recent_command& last) {
  if (base::equal(name, {last.name, last.size}) && last.found != nullptr) return last.found;
  command* found = server_.commands.find(name);
  if (found != nullptr && name.size() <= sizeof last.name) {
    last.found = found;
    last.size = name.copy(last.name, sizeof last.name);
  }
  return found;
}

command* dispatcher::resolve(client& who, words_t words) {
  command* found = find(words[0], requested_);
  if (found == nullptr && who.primary) found = server_.commands.find_original(words[0]);
  who.last_command = nullptr;
  if (found == nullptr) {
    if (sent_by_browser(words[0]))
      send_away(who);
    else
      reject(who, nullptr, unknown_command(words));
    return nullptr;
  }
  found = called_by(words, found);
  if (found == nullptr) {
    reject(who, nullptr,
           fmt::format("ERR unknown subcommand '{}'. Try {} HELP.", shown(words[1]),
                       base::upper(shown(words[0]))));
    return nullptr;
  }
  who.last_command = found;
  if (!found->spec->words.accepts(words.size()) || found->spec->run == nullptr) {
    reject(who, found,
           fmt::format("ERR wrong number of arguments for '{}' command", found->full_name));
    return nullptr;
  }
  if (found->spec->flags.has(flags::permitted) && !permits(who, *found)) {
    reject(who, found, not_permitted(debugs(*found)));
    return nullptr;
  }
  return found;
}

bool dispatcher::permits(const client& who, const command& what) const {
  const auto& options = server_.options;
  const auto allowed = debugs(what) ? options.enable_debug_command : options.enable_module_command;
  return allowed == access::yes || (allowed == access::local && who.is_local());
}

/// Commands that a web page hides in what it makes a browser send are not to be executed.
void dispatcher::send_away(client& who) {
  server_.log(
      log_level::warning,
      fmt::format("A web browser seems to be used for an attack: {} sent POST or Host:. Its "
                  "connection is closed.",
                  who.address));
  server_.close(who, false);
}

void dispatcher::reject(client& who, command* what, std::string_view text) {
  std::string aborted;
  if (what != nullptr && what->full_name == "exec") {
    // An EXEC that is refused ends the transaction all the same.
    server_.end_transaction(who);
    if (text.starts_with("ERR ")) text.remove_prefix(4);
    aborted = fmt::format("EXECABORT Transaction discarded because of: {}", text);
    text = aborted;
  }
  who.transaction.spoil();
  server_.stats.count_error(text);
  if (who.primary)
    note_failed_request(server_, propagator::primary, text,
                        what == nullptr ? "<unknown>" : what->full_name);
  if (what != nullptr) ++what->statistics.rejected;
  who.reply.error(text);
  tracking_registry::forget_caching(who);
}

/// What a command does, which may depend on the script that it runs.
command_flags dispatcher::flags_of(const command& what, words_t words) const {
  const auto flags = what.spec->flags;
  if (!flags.has(flags::runs_script) || server_.scripts == nullptr) return flags;
  return server_.scripts->flags_of(words).value_or(flags);
}

/// Whether a command has one of the flags, or is an EXEC of one that has.
bool dispatcher::executes_any(client& who, const command& what, words_t words,
                              command_flags wanted) const {
  if (has_any(flags_of(what, words), wanted)) return true;
  if (what.full_name != "exec") return false;
  return std::ranges::any_of(who.transaction.queue(),
                             [&](const auto& each) { return has_any(each.flags, wanted); });
}

bool dispatcher::must_wait(client& who, const command& what, words_t words) const {
  if (!server_.paused.begun() || who.primary || who.follows()) return false;
  switch (server_.paused.what(server_.now())) {
    case pause::scope::none:
      return false;
    case pause::scope::everything:
      return what.full_name != "quit";
    case pause::scope::writes:
      break;
  }
  return executes_any(who, what, words, flags::write | flags::may_replicate);
}

/// What writes are refused with because of the disk; null if they are not.
const char* dispatcher::refused_writes() {
  switch (server_.trouble_with_disk()) {
    case disk_trouble::none:
      break;
    case disk_trouble::snapshot:
      return failed_save;
    case disk_trouble::append_only_file:
      append_refusal_ = failed_append + server_.append_failure;
      return append_refusal_.c_str();
  }
  return nullptr;
}

/// Who only asks whether the server is well is told too.
bool dispatcher::refused_because_of_disk(client& who, const command& what, words_t words) const {
  if (server_.trouble_with_disk() == disk_trouble::none) return false;
  const bool writes = executes_any(who, what, words, flags::write);
  if (who.primary && writes) note_unwritable_request(server_);
  return !who.primary && (writes || what.full_name == "ping");
}

/// Why writes are refused because of who replicates whom; empty if they are not.
std::string_view dispatcher::refused_by_replica(client& who, const command& what,
                                                words_t words) const {
  const auto& options = server_.options;
  if (server_.is_replica()) {
    if (!options.replica_read_only || who.primary) return {};
    return executes_any(who, what, words, flags::write) ? read_only : std::string_view();
  }
  if (options.min_replicas_to_write == 0 || !executes_any(who, what, words, flags::write))
    return {};
  return server_.good_replicas() < options.min_replicas_to_write ? too_few_replicas
                                                                 : std::string_view();
}

/// Whether a command has not got a flag, or is an EXEC of one that has not.
bool dispatcher::lacks(const client& who, const command& what, command_flag wanted) {
  if (!what.spec->flags.has(wanted)) return true;
  return what.full_name == "exec" &&
         std::ranges::any_of(who.transaction.queue(), [wanted](const auto& each) {
           return !each.what->spec->flags.has(wanted);
         });
}

/// Why a command is refused when the data set is not what it should be; empty if it is.
std::string_view dispatcher::refused_without_data(client& who, const command& what,
                                                  words_t words) const {
  if (server_.is_replica() && !server_.options.replica_serve_stale_data &&
      server_.replication.primary.state != link_state::connected && lacks(who, what, flags::stale))
    return primary_down;
  if (server_.loading && lacks(who, what, flags::loading)) return errors::loading;
  const bool aside =
      server_.loading_aside && executes_any(who, what, words, flags::no_async_loading);
  return aside ? errors::loading : std::string_view();
}

/// Makes room for a command; true if there is none and it, or a transaction that goes on, would
/// need some. Not called while a script has others served: nothing may change for it.
bool dispatcher::refused_without_memory(client& who, const command& what, words_t words) {
  if (server_.script != nullptr) return false;
  const auto evicted = server_.stats.evicted_keys;
  server_.eviction.make_room();
  if (server_.stats.evicted_keys != evicted) start_timing();  // the command did not take that time
  if (!server_.eviction.out_of_memory() || who.primary) return false;
  const auto name = what.full_name;
  const bool ends = name == "exec" || name == "discard" || name == "quit" || name == "reset";
  return (who.transaction.active() && !ends) || executes_any(who, what, words, flags::denyoom);
}

dispatcher::outcome dispatcher::execute(client& who, words_t words, std::size_t bytes) {
  command* what = resolve(who, words);
  if (what != nullptr) {
    const auto flags = what->spec->flags;
    if (!who.authenticated && !flags.has(flags::no_auth) &&
        server_.access.requires_authentication()) {
      reject(who, what, "NOAUTH Authentication required.");
    } else if (who.transaction.active() && flags.has(flags::no_multi)) {
      reject(who, what, "ERR Command not allowed inside a transaction");
    } else if (const auto no = denied(who, *what, words, where_of(who))) {
      reject(who, what, forbidden(*no, *what));
    } else if (server_.options.maxmemory != 0 && refused_without_memory(who, *what, words)) {
      reject(who, what, out_of_memory);
    } else if ((server_.save.failed || !server_.append_failure.empty()) &&
               refused_because_of_disk(who, *what, words)) {
      reject(who, what, refused_writes());
    } else if (const auto text = refused_by_replica(who, *what, words); !text.empty()) {
      reject(who, what, text);
    } else if (who.subscribed() && !who.resp3() && !allowed_while_subscribed(what->full_name)) {
      reject(who, what,
             fmt::format(
                 "ERR Can't execute '{}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT "
                 "/ RESET are allowed in this context",
                 what->full_name));
    } else if (const auto problem = refused_without_data(who, *what, words); !problem.empty()) {
      reject(who, what, problem);
    } else if ((who.monitor || who.follows()) && uses_data(flags)) {
      // A replica gets its data by other means, and to MONITOR is to be a kind of replica.
      reject(who, what, "ERR Replica can't interact with the keyspace");
    } else if (server_.script != nullptr && !flags.has(flags::allow_busy)) {
      reject(who, what, server_.script->busy_error());
    } else if (must_wait(who, *what, words)) {
      who.postponed = true;
      server_.postponed.push_back(&who);
      return outcome::postponed;
    } else if (who.transaction.active() && !flags.has(flags::immediate)) {
      who.transaction.push({what, flags_of(*what, words), bytes, {words.begin(), words.end()}});
      who.reply.raw("+QUEUED\r\n");
    } else {
      call(who, *what, words, bytes);
      serve_waiting();
      if (who.blocked) return outcome::blocked;
    }
  }
  if (who.replies != reply_mode::on) end_of_withheld(who);
  return outcome::done;
}

std::optional<acl::denial> dispatcher::denied_by_rules(client& who, const command& what,
                                                       words_t words,
                                                       acl::access_log_entry::where where) {
  const auto found = who.user->check(what, words);
  if (!found) return found;
  using reason = acl::access_log_entry::reason;
  const auto why = static_cast<reason>(found->why);
  log_denial(who, why, where, why == reason::command ? what.full_name : words[found->word],
             who.user->name());
  return found;
}

void dispatcher::log_failed_authentication(client& who, std::string_view user,
                                           std::string_view command) {
  log_denial(who, acl::access_log_entry::reason::auth, where_of(who), command, user);
}

void dispatcher::log_denial(client& who, acl::access_log_entry::reason why,
                            acl::access_log_entry::where where, std::string_view object,
                            std::string_view user) {
  ++server_.stats.denied[static_cast<std::size_t>(why)];
  server_.access.log.add({why, where, std::string(object), std::string(user),
                          describe(who, server_.now()), server_.now()},
                         static_cast<std::size_t>(server_.options.acllog_max_len));
}

void dispatcher::set_replies(client& who, reply_mode mode) {
  who.replies = mode;
  const bool held = mode == reply_mode::off || mode == reply_mode::skip_this;
  who.reply.redirect(held ? nowhere_ : who.out);
}

/// After a command, when CLIENT REPLY holds back its reply or the next one.
void dispatcher::end_of_withheld(client& who) {
  nowhere_.clear();
  if (who.replies == reply_mode::skip_this)
    set_replies(who, reply_mode::on);
  else if (who.replies == reply_mode::skip_next)
    set_replies(who, reply_mode::skip_this);
}

void dispatcher::call(client& who, command& what, words_t words, std::size_t bytes) {
  context cx(server_, *this, who, what, words);
  const auto begun = lap_ns_;
  const auto journalled = server_.journal.log.end();
  const auto& out = cx.reply.out();
  const auto output = out.mark();
  reply_or_fail(cx, [&] {
    what.spec->run(cx);
    return true;
  });
  if (server_.journal.log.end() != journalled) who.last_write = server_.journal.log.end();
  // The end of one command is the beginning of the next: one look at the clock for each.
  start_timing();
  account(cx, {lap_ns_ - begun, bytes, out.written_since(output)}, words);
  if (!server_.tracking.idle()) track(who, what, words);
}

/// What client-side caching has to do behind each command. A script reads what it has declared.
void dispatcher::track(client& who, const command& what, words_t words) {
  auto& tracking = server_.tracking;
  const auto flags = what.spec->flags;
  if (flags.has(flags::readonly) && !flags.has(flags::runs_script)) {
    if (const auto* script = server_.script; who.is_script && script != nullptr)
      tracking.remember(*script->caller, *script->what->keys, script->words);
    else
      tracking.remember(who, *what.keys, words);
  }
  if (who.is_script || who.transaction.active()) return;
  tracking.end_of_command(who);
  server_.limit_tracking();
}

bool dispatcher::replay(client& who, words_t words) {
  command* what = find(words[0], requested_);
  if (what == nullptr) what = server_.commands.find_original(words[0]);
  what = called_by(words, what);
  if (what == nullptr || !what->spec->words.accepts(words.size()) || what->spec->run == nullptr)
    return false;
  who.last_command = what;
  if (who.transaction.active() && !what->spec->flags.has(flags::immediate)) {
    who.transaction.push({what, flags_of(*what, words), 0, {words.begin(), words.end()}});
    return true;
  }
  context cx(server_, *this, who, *what, words);
  reply_or_fail(cx, [&] {
    what->spec->run(cx);
    return true;
  });
  if (who.blocked) end_wait_by_timeout(who);
  return true;
}

void dispatcher::account(context& cx, const costs& of, words_t words) {
  ++server_.stats.commands_processed;
  if (cx.who.blocked) {
    cx.what.statistics.begin(of.took_ns);
    cx.who.blocked->spent_ns = of.took_ns;
    cx.who.blocked->request_bytes = of.request;
  } else {
    cx.what.statistics.record(of.took_ns, server_.options.latency_tracking);
    note_costs(cx, of, words);
  }
  if (!server_.monitors.empty()) feed_monitors(cx, words);
}

void dispatcher::note_costs(const context& cx, const costs& of, words_t words) {
  const auto& options = server_.options;
  const auto took_us = of.took_ns / 1000;
  // A negative threshold is one that nothing reaches.
  const auto reaches = [](std::uint64_t cost, std::int64_t threshold) {
    return cost >= static_cast<std::uint64_t>(threshold);
  };
  if (reaches(took_us, options.slowlog_log_slower_than) ||
      reaches(of.request, options.commandlog_request_larger_than) ||
      reaches(of.reply, options.commandlog_reply_larger_than)) [[unlikely]]
    log_costs(cx, of, words);
  if (server_.hot_keys.tracking() && !cx.who.is_script) [[unlikely]]
    server_.hot_keys.note(cx.what, words, of.took_ns, of.request + of.reply);
  server_.note_latency(cx.what.spec->flags.has(flags::fast) ? "fast-command" : "command",
                       static_cast<std::int64_t>(took_us / 1000));
}

/// What a script asks for is no request of its client, and what it gets is no reply.
void dispatcher::log_costs(const context& cx, const costs& of, words_t words) {
  if (cx.what.spec->flags.has(flags::skip_slowlog)) return;
  std::vector<std::string_view> shown(words.begin(), words.end());
  for (const auto word : cx.redacted()) shown[word] = "(redacted)";
  const auto log = [&](logged_cost what, std::uint64_t amount) {
    const auto limits = limits_of(what, server_.options);
    const auto cost = static_cast<std::int64_t>(amount);
    if (limits.threshold < 0 || cost < limits.threshold) return;
    server_.command_logs[what].add({0, server_.now() / 1000, cost, {}, cx.who.address, cx.who.name},
                                   shown, limits.most);
  };
  log(logged_cost::time, of.took_ns / 1000);
  if (cx.who.is_script) return;
  log(logged_cost::request, of.request);
  if (cx.who.replies == reply_mode::on) log(logged_cost::reply, of.reply);
}

void dispatcher::feed_monitors(const context& cx, words_t words) {
  const auto flags = cx.what.spec->flags;
  if (!flags.has(flags::skip_monitor) && !flags.has(flags::admin)) show_to_monitors(cx, words);
}

void dispatcher::show_to_monitors(const context& cx, words_t words) {
  if (server_.monitors.empty()) return;
  const auto wall = server_.clock.wall();
  const auto who = cx.who.is_script     ? "lua"
                   : cx.who.unix_socket ? "unix:" + server_.options.unixsocket
                                        : cx.who.address;
  auto line = fmt::format("+{}.{:06} [{} {}]", wall / 1'000'000, wall % 1'000'000, cx.who.db, who);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& hidden = cx.redacted();
    const bool hide = std::find(hidden.begin(), hidden.end(), i) != hidden.end();
    line += ' ';
    line += base::quoted(hide ? "(redacted)" : words[i]);
  }
  line += "\r\n";
  for (client* each : server_.monitors) {
    if (each->closing) continue;
    each->reply.raw(line);
    each->link->output_ready();
  }
}

}  // namespace hawser::engine
