#pragma once

#include <base/clock.hpp>

#include <algorithm>
#include <cstdint>

namespace hawser::engine {

/// CLIENT PAUSE: which commands wait, and until when.
class pause {
 public:
  enum class scope : std::uint8_t { none, writes, everything };

  /// A pause in force is only ever made longer and wider.
  void begin(scope what, base::milliseconds_t until, base::milliseconds_t now) {
    if (!in_force(now)) *this = {};
    scope_ = std::max(scope_, what);
    until_ = std::max(until_, until);
  }
  void end() { *this = {}; }

  bool in_force(base::milliseconds_t now) const { return scope_ != scope::none && now < until_; }
  /// A pause was begun and has neither been ended nor seen to be over.
  bool begun() const { return scope_ != scope::none; }
  scope what(base::milliseconds_t now) const { return in_force(now) ? scope_ : scope::none; }
  base::milliseconds_t until() const { return until_; }

 private:
  scope scope_ = scope::none;
  base::milliseconds_t until_ = 0;
};

}  // namespace hawser::engine
