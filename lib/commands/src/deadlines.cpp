#include "deadlines.hpp"

#include <fmt/format.h>

#include <utility>

namespace hawser::commands {

namespace {

[[noreturn]] void invalid_time(const context& cx) {
  throw command_error(fmt::format("ERR invalid expire time in '{}' command", cx.what.full_name));
}

}  // namespace

base::milliseconds_t deadline_of(const context& cx, time_form form, std::int64_t time) {
  base::milliseconds_t deadline = time;
  if (in_seconds(form) && __builtin_mul_overflow(time, 1000, &deadline)) invalid_time(cx);
  if (from_now(form) && __builtin_add_overflow(deadline, cx.now, &deadline)) invalid_time(cx);
  return deadline;
}

base::milliseconds_t deadline_of(const context& cx, time_form form, std::string_view time) {
  const auto value = base::parse_int(time);
  if (!value) throw command_error(errors::not_integer);
  if (*value <= 0) invalid_time(cx);
  return deadline_of(cx, form, *value);
}

bool expiry_option::accept(engine::arg_reader& args) {
  constexpr std::pair<std::string_view, time_form> forms[] = {
      {"EX", time_form::seconds},
      {"PX", time_form::milliseconds},
      {"EXAT", time_form::unix_seconds},
      {"PXAT", time_form::unix_milliseconds},
  };
  for (const auto& [word, form] : forms)
    if ((!form_ || *form_ == form) && args.accept_with(word, 1)) {
      form_ = form;
      time_ = args.next();
      return true;
    }
  return false;
}

std::optional<base::milliseconds_t> expiry_option::deadline(const context& cx) const {
  if (!form_) return std::nullopt;
  return deadline_of(cx, *form_, time_);
}

void expire_at(context& cx, std::string_view key, base::milliseconds_t deadline) {
  if (cx.is_past(deadline)) {
    cx.keys.remove(key);
    cx.modified(key, notify::generic, "del");
    cx.effect("DEL", key);
  } else {
    cx.keys.set_deadline(key, deadline);
    cx.modified(key, notify::generic, "expire");
    cx.effect("PEXPIREAT", key, deadline);
  }
}

bool keep_for_ever(context& cx, std::string_view key, const store::entry& of) {
  if (!of.has_deadline_room()) return false;
  cx.keys.set_deadline(key, std::nullopt);
  cx.modified(key, notify::generic, "persist");
  cx.effect("PERSIST", key);
  return true;
}

}  // namespace hawser::commands
