#include <base/bytes.hpp>
#include <base/glob.hpp>

#include <cstddef>
#include <utility>

namespace hawser::base {

namespace {

class matcher {
 public:
  matcher(std::string_view pattern, bool ignore_case)
      : pattern_(pattern), ignore_case_(ignore_case) {}

  bool at_star() const { return !at_end() && pattern_[at_] == '*'; }
  bool at_end() const { return at_ == pattern_.size(); }

  void skip_stars() {
    while (at_star()) ++at_;
  }

  std::size_t position() const { return at_; }
  void go_to(std::size_t position) { at_ = position; }

  /// Consumes the element at the current position, which is no star; says whether it admits `c`.
  bool element(char c) {
    const char first = take();
    if (first == '?') return true;
    if (first == '[') return char_class(c);
    return same(first == '\\' && !at_end() ? take() : first, c);
  }

 private:
  char take() { return pattern_[at_++]; }

  bool same(char a, char b) const { return ignore_case_ ? to_lower(a) == to_lower(b) : a == b; }

  bool char_class(char c) {
    const bool negated = !at_end() && pattern_[at_] == '^';
    if (negated) ++at_;
    bool found = false;
    while (!at_end()) {
      const char first = take();
      if (first == ']') break;
      found |= member(first, c);
    }
    return found != negated;
  }

  /// One byte, escaped byte or range of a class, of which `first` has been taken already.
  bool member(char first, char c) {
    if (first == '\\' && !at_end()) return take() == c;  // exact even when case is ignored
    if (pattern_.size() - at_ < 2 || pattern_[at_] != '-') return same(first, c);
    ++at_;
    return in_range(first, take(), c);
  }

  bool in_range(signed char low, signed char high, signed char c) const {
    if (low > high) std::swap(low, high);
    if (!ignore_case_) return low <= c && c <= high;
    return to_lower(low) <= to_lower(c) && to_lower(c) <= to_lower(high);
  }

  std::string_view pattern_;
  bool ignore_case_;
  std::size_t at_ = 0;
};

}  // namespace

bool glob_match(std::string_view pattern, std::string_view text, bool ignore_case) {
  if (text.empty()) return pattern.empty();
  matcher match(pattern, ignore_case);
  // After a mismatch only the last star need try a longer run: whatever an earlier star could skip,
  // the last one can skip as well.
  bool star_seen = false;
  std::size_t after_star = 0;
  std::size_t retry = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (match.at_star()) {
      match.skip_stars();
      if (match.at_end()) return true;
      star_seen = true;
      after_star = match.position();
      retry = i;
    } else if (!match.at_end() && match.element(text[i])) {
      ++i;
    } else if (star_seen) {
      match.go_to(after_star);
      i = ++retry;
    } else {
      return false;
    }
  }
  match.skip_stars();
  return match.at_end();
}

}  // namespace hawser::base
