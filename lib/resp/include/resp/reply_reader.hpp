#pragma once

#include <cstdint>
#include <string_view>

namespace hawser::resp {

/// The kinds of replies, by the byte that they begin with.
enum class reply_kind : char {
  simple = '+',
  error = '-',
  integer = ':',
  bulk = '$',
  array = '*',
  map = '%',
  set = '~',
  push = '>',
  null = '_',
  boolean = '#',
  number = ',',
  big_number = '(',
  verbatim = '=',
  attribute = '|',
};

/// A reply without what it contains.
struct reply_item {
  reply_kind kind;
  std::string_view text;   // of a line, a bulk string or a verbatim one; into the input
  std::int64_t count = 0;  // an integer's value, an aggregate's elements (pairs of a map); -1: null
};

/// Takes whole replies of either protocol apart, item by item: the elements of an aggregate follow
/// it. Nothing outside of the input is read.
class reply_reader {
 public:
  explicit reply_reader(std::string_view input)
      : at_(input.data()), end_(input.data() + input.size()) {}

  bool empty() const { return at_ == end_; }

  /// False: there is no whole item.
  bool next(reply_item& item);

 private:
  bool line(std::string_view& text);

  const char* at_;
  const char* end_;
};

}  // namespace hawser::resp
