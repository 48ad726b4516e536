#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hawser::test {

enum class reply_kind {
  simple,
  error,
  integer,
  bulk,
  nil,        ///< "$-1" or RESP3's "_"
  nil_array,  ///< "*-1"
  array,
  map,  ///< items are keys and values in turn
  set,
  push,
  real,
  boolean,
  big_number,
  verbatim,
};

/// One decoded reply of RESP2 or RESP3.
struct reply_value {
  reply_kind kind = reply_kind::nil;
  std::string text;         ///< of strings, errors, numbers and booleans, as sent
  std::int64_t number = 0;  ///< of integers
  std::vector<reply_value> items;

  bool operator==(const reply_value&) const = default;
};

/// True for arrays, maps, sets and pushes.
bool is_aggregate(reply_kind kind);

/// The one notation of replies in tests: a, 3, nil, [a b], nil[], !ERR text, {k: v}, ~[a b], >[a
/// b], ,1.5, #t, (123, =txt:abc; strings with blanks or special characters are quoted.
std::string to_string(const reply_value& value);

/// The notation without the values: only kinds, the code of an error and the number of elements.
std::string shape_of(const reply_value& value);

}  // namespace hawser::test
