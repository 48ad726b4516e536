#include "string_condition.hpp"

#include "strings.hpp"
#include <base/hash.hpp>

#include <fmt/format.h>

#include <utility>

namespace hawser::commands {

namespace {

constexpr std::size_t digest_digits = 16;

}  // namespace

std::string digest_text(std::string_view text) {
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

bool string_condition::accept(engine::arg_reader& args) {
  constexpr std::pair<std::string_view, kind> words[] = {
      {"IFEQ", kind::equal},
      {"IFNE", kind::different},
      {"IFDEQ", kind::digest_equal},
      {"IFDNE", kind::digest_different},
  };
  if (given()) return false;
  for (const auto& [word, what] : words) {
    if (!args.accept_with(word, 1)) continue;
    what_ = what;
    operand_ = args.next();
    const bool by_digest = what == kind::digest_equal || what == kind::digest_different;
    if (by_digest && operand_.size() != digest_digits)
      throw command_error("ERR must be exactly 16 hexadecimal characters");
    return true;
  }
  return false;
}

bool string_condition::holds(const store::entry* found) const {
  const bool wants_difference = what_ == kind::different || what_ == kind::digest_different;
  if (found == nullptr) return wants_difference;
  if (found->type() != store::value_type::string) throw command_error(errors::wrong_type);
  const string_bytes bytes(found);
  if (what_ == kind::equal || what_ == kind::different)
    return (bytes.view() == operand_) != wants_difference;
  return base::iequals(digest_text(bytes.view()), operand_) != wants_difference;
}

}  // namespace hawser::commands
