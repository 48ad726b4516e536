#pragma once

#include "tcp_client.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hawser::test {

/// What of a reply has to be the same on both servers.
enum class compare_mode {
  bytes,      ///< every byte
  unordered,  ///< the elements, in any order, at every depth
  pairs,      ///< the same of a flat array or map of names and values
  lines,      ///< the lines of a text, in any order
  shape,      ///< kinds and counts, not the values
  nothing,
};

/// How replies are compared.
struct comparison {
  compare_mode mode = compare_mode::bytes;
  std::int64_t near = 0;            ///< how far integers may be apart
  std::optional<std::string> mask;  ///< a regular expression: what matches it does not count
};

/// A reply as it is compared and shown: two replies are the same when these texts are.
std::string canonical(const reply_value& value, const comparison& how);

/// Both texts cut to what is around their first difference, so that long replies can be read.
std::pair<std::string, std::string> around_difference(std::string_view left,
                                                      std::string_view right);

/// True when the replies agree as far as the comparison asks.
bool same(const received_reply& left, const received_reply& right, const comparison& how);

}  // namespace hawser::test
