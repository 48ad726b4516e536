#include "reply_or_fail.hpp"
#include <engine/context.hpp>
#include <engine/dispatcher.hpp>

#include <algorithm>

namespace hawser::engine {

namespace {

constexpr std::int64_t ns_per_ms = 1'000'000;

/// The time after so many milliseconds; 0 and what the clock cannot show is never.
std::int64_t deadline_after(std::int64_t timeout, std::int64_t now_ns) {
  if (timeout == 0 || timeout > (wait_list::never - now_ns) / ns_per_ms) return wait_list::never;
  return now_ns + timeout * ns_per_ms;
}

}  // namespace

void dispatcher::block(client& who, std::shared_ptr<blocked_command> what, words_t keys,
                       std::int64_t timeout, std::int64_t retry_ms) {
  const auto now_ns = server_.clock.monotonic_ns();
  what->deadline_ns = deadline_after(timeout, now_ns);
  what->retry_ns = deadline_after(retry_ms, now_ns);
  const auto next = std::min(what->deadline_ns, what->retry_ns);
  server_.waits.add(who, std::move(what), keys);
  ask_for_alarm(next);
}

/// The one alarm is for the nearest deadline. Waits that end early leave it be: to put it off each
/// time would cost more than that it goes off once for nothing.
void dispatcher::ask_for_alarm(std::int64_t at_ns) {
  if (at_ns >= alarm_ns_) return;
  alarm_ns_ = at_ns;
  server_.process.wake_at(at_ns);
}

void dispatcher::serve_ready() {
  auto& waits = server_.waits;
  while (auto* queue = waits.begin_serving()) {
    while (client* next = waits.next_client(*queue))
      if (!serve(*next, *queue)) break;
    waits.end_serving(*queue);
  }
}

/// Tries a client's command again; false when the key has nothing for those behind it either.
bool dispatcher::serve(client& who, const wait_list::queue& from) {
  const auto blocked = who.blocked;  // its own notifications may close the client
  const auto held = server_.type_of(from.db, from.key);
  if (held != blocked->type && !blocked->sees_loss) return held || from.seeing_loss > 0;

  const auto key = from.key;
  try_again(who, {&key, 1});
  return true;
}

/// False: it waits on.
bool dispatcher::try_again(client& who, words_t keys) {
  const auto blocked = who.blocked;
  context cx(server_, *this, who, blocked->what, blocked->words(), true);
  const auto begun = lap_ns_;
  const auto& out = cx.reply.out();
  const auto output = out.mark();
  const bool replied = reply_or_fail(cx, [&] { return blocked->again(cx, keys); });
  start_timing();
  if (!replied) {
    if (cx.retry_ms() != context::no_retry) retry_after(who, cx.retry_ms());
    return false;
  }
  const auto took_ns = lap_ns_ - begun;
  const auto total_ns = blocked->spent_ns + took_ns;
  blocked->what.statistics.finish(took_ns, total_ns, server_.options.latency_tracking);
  note_costs(cx, {total_ns, blocked->request_bytes, out.written_since(output)}, blocked->words());
  if (!server_.tracking.idle()) server_.tracking.end_of_command(who);
  end_wait(who);
  return true;
}

void dispatcher::serve_acknowledged() {
  std::erase_if(server_.replication.waiting, [&](std::uint64_t id) {
    const auto found = server_.clients.find(id);
    if (found == server_.clients.end() || !found->second->blocked) return true;
    return try_again(*found->second, {});
  });
}

void dispatcher::retry_after(client& who, std::int64_t ms) {
  const auto at_ns = deadline_after(ms, server_.clock.monotonic_ns());
  server_.waits.retry_at(who, at_ns);
  ask_for_alarm(at_ns);
}

/// The client has its reply and goes on.
void dispatcher::end_wait(client& who) {
  server_.waits.remove(who);
  if (who.replies != reply_mode::on) end_of_withheld(who);
  who.link->output_ready();
  who.link->resume();
}

void dispatcher::end_wait_by_timeout(client& who) {
  if (const auto& reply = who.blocked->at_timeout)
    reply(who);
  else
    who.reply.null_array();
  end_wait(who);
}

void dispatcher::end_wait_by_error(client& who, std::string_view text) {
  server_.stats.count_error(text);
  ++who.blocked->what.statistics.failed;
  who.reply.error(text);
  end_wait(who);
}

void dispatcher::end_overdue_waits() {
  server_.update_time();
  const auto now_ns = server_.clock.monotonic_ns();
  while (client* who = server_.waits.overdue(now_ns)) {
    if (who->blocked->deadline_ns <= now_ns) {
      end_wait_by_timeout(*who);
    } else {
      server_.waits.retry_at(*who, wait_list::never);
      server_.waits.touch_keys_of(*who);
    }
  }
  start_timing();
  serve_waiting();
  server_.end_pause_when_over();
  alarm_ns_ = wait_list::never;
  ask_for_alarm(server_.waits.next_deadline());
  ask_for_end_of_pause();
}

void dispatcher::ask_for_end_of_pause() {
  if (!server_.paused.begun()) return;
  const auto left = std::max<base::milliseconds_t>(server_.paused.until() - server_.now(), 1);
  ask_for_alarm(deadline_after(left, server_.clock.monotonic_ns()));
}

}  // namespace hawser::engine
