#include "hashes_fields.hpp"

#include <fmt/format.h>

#include <utility>

namespace hawser::commands {

std::span<const std::string_view> named_fields(context& cx, const char* bad_count) {
  if (!cx.args.accept("FIELDS")) throw command_error(fields_missing);
  const auto count = cx.args.integer(bad_count);
  if (count < 1) throw command_error(bad_count);
  if (static_cast<std::uint64_t>(count) != cx.args.left())
    throw command_error("ERR The `numfields` parameter must match the number of arguments");
  return cx.args.rest();
}

base::milliseconds_t field_deadline(context& cx, time_form form, std::string_view time) {
  constexpr base::milliseconds_t latest = (std::int64_t{1} << 46) - 1;
  const auto value = base::parse_int(time);
  if (!value) throw command_error(errors::not_integer);
  if (*value < 0) throw command_error("ERR invalid expire time, must be >= 0");
  const auto deadline = deadline_of(cx, form, *value);
  if (deadline > latest)
    throw command_error(fmt::format("ERR invalid expire time in '{}' command", cx.what.full_name));
  return deadline;
}

std::optional<base::milliseconds_t> accept_field_deadline(context& cx) {
  constexpr std::pair<std::string_view, time_form> forms[] = {
      {"EX", time_form::seconds},
      {"PX", time_form::milliseconds},
      {"EXAT", time_form::unix_seconds},
      {"PXAT", time_form::unix_milliseconds},
  };
  for (const auto& [word, form] : forms)
    if (cx.args.accept(word)) return field_deadline(cx, form, cx.args.next());
  return std::nullopt;
}

void expire_field(context& cx, std::string_view key, hash_value& of, std::string_view field,
                  base::milliseconds_t deadline) {
  if (cx.is_past(deadline)) {
    of.remove(field);
    cx.effect("HDEL", key, field);
  } else {
    of.set_deadline(field, deadline);
    cx.effect("HPEXPIREAT", key, deadline, "FIELDS", 1, field);
  }
}

void fields_expired_at(context& cx, std::string_view key, const hash_value& of,
                       base::milliseconds_t deadline) {
  cx.modified(key, notify::hash, cx.is_past(deadline) ? "hdel" : "hexpire");
  cx.drop_if_empty(key, of);
}

}  // namespace hawser::commands
