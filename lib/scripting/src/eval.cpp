#include "invocation.hpp"
#include "numbered_keys.hpp"
#include "runtime.hpp"
#include "tables.hpp"
#include <engine/dispatcher.hpp>

namespace hawser::scripting {

namespace {

using namespace engine::flags;
using engine::arity;
using engine::command_error;
using engine::command_spec;
using engine::context;
using engine::key_range;
using engine::well_formed;

void call(context& cx, const script& what, const numbered_keys& with) {
  auto& home = runtime::of(cx.server);
  const callee called{home.scripts.vm(), what.sha, what.flags, what.function};
  invocation(cx, called).run_script(with.keys, with.args);
}

/// EVAL script numkeys [key ...] [arg ...], EVAL_RO -- the script's line in MONITOR comes before
/// those of its commands.
void eval(context& cx) {
  cx.dispatcher.show_to_monitors(cx, cx.args.words());
  const auto text = cx.args.next();
  auto& home = runtime::of(cx.server);
  const auto with = read_keys(cx.args, engine::errors::not_integer);
  call(cx, home.scripts.get(text), with);
}

/// EVALSHA sha1 numkeys [key ...] [arg ...], EVALSHA_RO
void evalsha(context& cx) {
  cx.dispatcher.show_to_monitors(cx, cx.args.words());
  const auto sha = cx.args.next();
  auto& home = runtime::of(cx.server);
  constexpr const char* unknown = "NOSCRIPT No matching script. Please use EVAL.";
  constexpr std::size_t digits = 40;
  if (sha.size() != digits) throw command_error(unknown);
  const auto with = read_keys(cx.args, engine::errors::not_integer);
  const auto* found = home.scripts.find(sha);
  if (found == nullptr) throw command_error(unknown);
  call(cx, *found, with);
}

constexpr auto usual =
    noscript | stale | skip_monitor | no_mandatory_keys | movablekeys | runs_script;

constexpr command_spec table[] = {
    {"eval", arity::at_least(3), usual | may_replicate, key_range::none(), eval},
    {"eval_ro", arity::at_least(3), usual | readonly, key_range::none(), eval},
    {"evalsha", arity::at_least(3), usual | may_replicate, key_range::none(), evalsha},
    {"evalsha_ro", arity::at_least(3), usual | readonly, key_range::none(), evalsha},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows eval_commands() { return table; }

}  // namespace hawser::scripting
