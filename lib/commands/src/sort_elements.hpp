#pragma once

// What SORT sorts: the elements of a list, a set or a sorted set.

#include "family.hpp"
#include <store/listpack.hpp>

#include <cstddef>
#include <string_view>
#include <vector>

namespace hawser::commands {

/// A view into the store, valid as long as nothing is changed there.
using element = store::listpack_element;

struct sort_range {
  std::size_t first;
  std::size_t count;
};

/// The value under a key, which must be of a type that can be sorted or missing.
class sort_source {
 public:
  sort_source(context& cx, std::string_view key);

  std::size_t size() const { return size_; }
  /// A set has no order of its own.
  bool is_set() const { return of_ != nullptr && of_->type() == store::value_type::set; }

  std::vector<element> all() const;
  /// Some of the elements of what is no set, in order, or backwards and counted from the end.
  std::vector<element> part(sort_range which, bool backward) const;

 private:
  context* cx_;
  store::entry* of_;
  std::size_t size_ = 0;
};

}  // namespace hawser::commands
