#pragma once

// How commands make a change depend on the string that a key holds.

#include "family.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hawser::commands {

/// The XXH3 digest of a string as DIGEST shows it: 16 hexadecimal digits.
std::string digest_text(std::string_view text);

/// IFEQ value | IFNE value | IFDEQ digest | IFDNE digest
class string_condition {
 public:
  bool given() const { return what_ != kind::none; }

  /// Takes the condition if it comes next and none was taken before; throws when it is given a
  /// digest that is none by its length.
  bool accept(engine::arg_reader& args);

  /// Whether a key is as it should be; a missing one differs from everything. Throws wrong_type.
  bool holds(const store::entry* found) const;

 private:
  enum class kind : std::uint8_t { none, equal, different, digest_equal, digest_different };

  kind what_ = kind::none;
  std::string_view operand_;
};

}  // namespace hawser::commands
