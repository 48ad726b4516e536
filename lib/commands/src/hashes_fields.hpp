#pragma once

// The arguments that the commands on deadlines of fields share.

#include "deadlines.hpp"
#include "hashes.hpp"

#include <span>

namespace hawser::commands {

/// Fields named by `FIELDS numfields field [field ...]`, which end the command.
std::span<const std::string_view> named_fields(context& cx, const char* bad_count);

inline constexpr const char* fields_missing =
    "ERR Mandatory argument FIELDS is missing or not at the right position";

/// The deadline of fields that a time in some form stands for; it may lie in the past. Throws what
/// Redis says of times that are no integers, below zero or too far ahead.
base::milliseconds_t field_deadline(context& cx, time_form form, std::string_view time);

/// EX seconds | PX milliseconds | EXAT unix-seconds | PXAT unix-milliseconds; none if another word
/// comes next.
std::optional<base::milliseconds_t> accept_field_deadline(context& cx);

/// Gives a field that exists a deadline; one that is over removes the field.
void expire_field(context& cx, std::string_view key, hash_value& of, std::string_view field,
                  base::milliseconds_t deadline);

/// To be called after fields of a key got a deadline, which may have removed them.
void fields_expired_at(context& cx, std::string_view key, const hash_value& of,
                       base::milliseconds_t deadline);

}  // namespace hawser::commands
