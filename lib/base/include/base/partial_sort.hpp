#pragma once

// Bentley and McIlroy's quicksort ("Engineering a Sort Function", Software: Practice and Experience
// 23, 1993), which leaves alone what is not asked for. Like every quicksort it moves equal elements
// about. Redis sorts so where a reply shows only some of the elements, and which ones of equal
// elements are shown, and in what order, follows from every exchange: hence this instead of
// std::partial_sort.

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace hawser::base {

namespace partial_sort_detail {

template <class T, class Compare>
void insertion_sort(std::span<T> all, Compare compare) {
  for (std::size_t i = 1; i < all.size(); ++i)
    for (auto j = i; j > 0 && compare(all[j - 1], all[j]) > 0; --j) std::swap(all[j - 1], all[j]);
}

template <class T, class Compare>
T* median(T* a, T* b, T* c, Compare compare) {
  if (compare(*a, *b) < 0) return compare(*b, *c) < 0 ? b : compare(*a, *c) < 0 ? c : a;
  return compare(*b, *c) > 0 ? b : compare(*a, *c) < 0 ? a : c;
}

/// The element to divide by: of three, or of many the median of three medians.
template <class T, class Compare>
T* pivot(std::span<T> all, Compare compare) {
  T* first = all.data();
  T* middle = first + all.size() / 2;
  T* last = first + all.size() - 1;
  if (all.size() <= 7) return middle;
  if (const auto step = static_cast<std::ptrdiff_t>(all.size() / 8); all.size() > 40) {
    first = median(first, first + step, first + 2 * step, compare);
    middle = median(middle - step, middle, middle + step, compare);
    last = median(last - 2 * step, last - step, last, compare);
  }
  return median(first, middle, last, compare);
}

/// How many elements are less than the others' pivot, and how many are greater.
struct division {
  std::size_t less;
  std::size_t greater;
};

/// Brings the lesser elements to the front and the greater ones to the back. Those equal to the
/// pivot are gathered at both ends meanwhile and go between the two afterwards.
template <class T, class Compare>
division divide(std::span<T> all, Compare compare) {
  T* const begin = all.data();
  T* const end = begin + all.size();
  std::swap(*begin, *pivot(all, compare));
  T* equal_end = begin + 1;
  T* low = begin + 1;
  T* high = end - 1;
  T* equal_begin = end - 1;
  for (;; std::swap(*low++, *high--)) {
    for (; low <= high; ++low) {
      const auto order = compare(*low, *begin);
      if (order > 0) break;
      if (order == 0) std::swap(*equal_end++, *low);
    }
    for (; low <= high; --high) {
      const auto order = compare(*high, *begin);
      if (order < 0) break;
      if (order == 0) std::swap(*high, *equal_begin--);
    }
    if (low > high) break;
  }
  const auto front = std::min(equal_end - begin, low - equal_end);
  std::swap_ranges(begin, begin + front, low - front);
  const auto back = std::min(equal_begin - high, end - equal_begin - 1);
  std::swap_ranges(low, low + back, end - back);
  return {static_cast<std::size_t>(low - equal_end), static_cast<std::size_t>(equal_begin - high)};
}

}  // namespace partial_sort_detail

/// Sorts so that the elements from `first` up to `last` (not included) are in their places.
/// compare(a, b) is negative, zero or positive. O(n + wanted * log(wanted)) expected.
template <class T, class Compare>
void partial_sort(std::span<T> all, std::size_t first, std::size_t last, Compare compare) {
  while (first < last && all.size() > 1) {
    if (all.size() < 7) return partial_sort_detail::insertion_sort(all, compare);
    const auto parts = partial_sort_detail::divide(all, compare);
    partial_sort(all.first(parts.less), first, std::min(last, parts.less), compare);
    const auto behind = all.size() - parts.greater;
    first = first > behind ? first - behind : 0;
    last = last > behind ? last - behind : 0;
    all = all.last(parts.greater);
  }
}

/// The same for the first `wanted` elements.
template <class T, class Compare>
void partial_sort(std::span<T> all, std::size_t wanted, Compare compare) {
  partial_sort(all, 0, wanted, compare);
}

}  // namespace hawser::base
