#pragma once

// How commands give the time at which a key is to go.

#include "family.hpp"
#include <base/clock.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace hawser::commands {

/// Unit and origin of a time.
enum class time_form : std::uint8_t { seconds, milliseconds, unix_seconds, unix_milliseconds };

constexpr bool in_seconds(time_form form) {
  return form == time_form::seconds || form == time_form::unix_seconds;
}
constexpr bool from_now(time_form form) {
  return form == time_form::seconds || form == time_form::milliseconds;
}

/// The deadline in milliseconds since the epoch that a time in some form stands for; it may lie in
/// the past. Throws the command's "invalid expire time" when it cannot be represented.
base::milliseconds_t deadline_of(const context& cx, time_form form, std::int64_t time);

/// The same for a text, where only times after zero are valid; throws for texts that are no
/// integers.
base::milliseconds_t deadline_of(const context& cx, time_form form, std::string_view time);

/// EX seconds | PX milliseconds | EXAT unix-seconds | PXAT unix-milliseconds
class expiry_option {
 public:
  bool given() const { return form_.has_value(); }

  /// Takes the option if it comes next; one of another form than the one taken before is left.
  bool accept(engine::arg_reader& args);

  /// The deadline, none when the option was not given; throws what deadline_of throws.
  std::optional<base::milliseconds_t> deadline(const context& cx) const;

 private:
  std::optional<time_form> form_;
  std::string_view time_;
};

/// Gives an existing key a deadline; one that is over removes the key.
void expire_at(context& cx, std::string_view key, base::milliseconds_t deadline);

/// Takes a key's deadline away. False: it had none.
bool keep_for_ever(context& cx, std::string_view key, const store::entry& of);

}  // namespace hawser::commands
