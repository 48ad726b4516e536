#include "admission_errors.hpp"
#include <engine/context.hpp>
#include <engine/dispatcher.hpp>

namespace hawser::engine {

const char* running_script::busy_error() const {
  return function ? "BUSY Redis is busy running a script. You can only call FUNCTION KILL or "
                    "SHUTDOWN NOSAVE."
                  : "BUSY Redis is busy running a script. You can only call SCRIPT KILL or "
                    "SHUTDOWN NOSAVE.";
}

namespace {

const char* forbidden_in_script(acl::denial::reason why) {
  switch (why) {
    case acl::denial::reason::command:
      return "ERR The user executing the script can't run this command or subcommand";
    case acl::denial::reason::key:
      return "ERR The user executing the script can't access at least one of the keys mentioned in "
             "the command arguments";
    case acl::denial::reason::channel:
      break;
  }
  return "ERR The user executing the script can't publish to the channel mentioned in the command";
}

}  // namespace

/// Admission within a script: its checks, in their order, that are not for the script as a whole.
const char* dispatcher::refused_in_script(client& caller, const command& what, words_t words) {
  const auto flags = what.spec->flags;
  if (flags.has(flags::noscript)) return "ERR This Redis command is not allowed from script";
  if (const auto no = denied(caller, what, words, acl::access_log_entry::where::lua))
    return forbidden_in_script(no->why);
  const auto& script = *server_.script;
  if (script.read_only && (flags.has(flags::write) || flags.has(flags::may_replicate)))
    return "ERR Write commands are not allowed from read-only scripts.";
  if (flags.has(flags::denyoom) && !script.allow_oom && !script.has_written &&
      server_.options.maxmemory != 0 && server_.eviction.out_of_memory() && !caller.primary)
    return out_of_memory;
  // What has begun to write is not ended half way by what happens to the server.
  if (!flags.has(flags::write) || script.has_written) return nullptr;
  if (const auto text = refused_by_replica(caller, what, words); !text.empty()) return text.data();
  return refused_writes();
}

const char* dispatcher::call_in_script(client& who, client& caller, words_t words) {
  const char* refused = nullptr;
  command* what = called_by(words, find(words[0], called_));
  if (what == nullptr)
    refused = "ERR Unknown Redis command called from script";
  else if (!what->spec->words.accepts(words.size()) || what->spec->run == nullptr)
    refused = "ERR Wrong number of args calling Redis command from script";
  else
    refused = refused_in_script(caller, *what, words);
  if (refused != nullptr) {
    server_.stats.count_error(refused);
    if (what != nullptr) ++what->statistics.rejected;
    return refused;
  }
  who.last_command = what;
  if (what->spec->flags.has(flags::write)) server_.script->has_written = true;
  start_timing();
  call(who, *what, words, 0);
  return nullptr;
}

}  // namespace hawser::engine
