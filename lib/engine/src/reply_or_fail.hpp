#pragma once

#include <engine/command_error.hpp>
#include <engine/context.hpp>
#include <engine/node.hpp>

namespace hawser::engine {

/// A stretch of work whose changes are one unit of the journal.
class journal_unit {
 public:
  explicit journal_unit(journal& of) : of_(of.has_reader() ? &of : nullptr) {
    if (of_ != nullptr) of_->begin_unit();
  }
  journal_unit(const journal_unit&) = delete;
  journal_unit& operator=(const journal_unit&) = delete;
  ~journal_unit() {
    if (of_ != nullptr) of_->end_unit();
  }

 private:
  journal* of_;
};

/// Runs what replies to a command, and returns what it returns: whether it has replied. When it
/// throws a command_error, that is the reply. What it has changed is journalled in either case.
template <class Work>
bool reply_or_fail(context& cx, Work work) {
  const journal_unit unit(cx.server.journal);
  const auto changes = cx.server.changes_by_commands();
  auto& out = cx.reply.out();
  const auto before = out.mark();
  bool replied = true;
  try {
    replied = work();
  } catch (const command_error& error) {
    out.rollback(before);
    cx.fail(error.text());
  }
  if (cx.server.changes_by_commands() != changes && !cx.journalled()) cx.effect_of(cx.args.words());
  return replied;
}

}  // namespace hawser::engine
