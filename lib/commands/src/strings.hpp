#pragma once

// What the files of string commands share.

#include "family.hpp"
#include <base/numbers.hpp>
#include <store/entry.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hawser::commands {

/// Replies the string under a key, null when there is none.
inline void reply_string(context& cx, const store::entry* found) {
  if (found == nullptr) {
    cx.reply.null();
  } else if (found->is_integer()) {
    cx.reply.bulk_integer(found->integer());
  } else {
    cx.reply.bulk(found->text());
  }
}

/// The integer under a key, 0 when there is none; throws for a string that is no integer.
inline std::int64_t integer_of(const store::entry* found) {
  if (found == nullptr) return 0;
  if (found->is_integer()) return found->integer();
  const auto value = base::parse_int(found->text());
  if (!value) throw command_error(errors::not_integer);
  return *value;
}

/// The bytes of a string however it is stored; none for a missing key. The view is valid as long as
/// both this object and the entry are.
class string_bytes {
 public:
  explicit string_bytes(const store::entry* found) {
    if (found == nullptr) return;
    bytes_ = found->is_integer()
                 ? std::string_view(digits_, base::format_int(digits_, found->integer()))
                 : found->text();
  }
  string_bytes(const string_bytes&) = delete;
  string_bytes& operator=(const string_bytes&) = delete;

  bool missing() const { return bytes_.data() == nullptr; }
  std::string_view view() const { return bytes_; }
  std::size_t size() const { return bytes_.size(); }

 private:
  char digits_[base::max_int_chars];
  std::string_view bytes_;
};

}  // namespace hawser::commands
