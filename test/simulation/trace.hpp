#pragma once

#include "virtual_time.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::simulation {

/// All that happens in a world, in order: as a fingerprint, and as text if somebody is going to
/// read it.
class trace {
 public:
  trace(const virtual_time& time, bool readable) : time_(time), readable_(readable) {}

  void note(std::string_view what, std::initializer_list<std::int64_t> numbers,
            std::string_view text = {});

  std::uint64_t fingerprint() const { return fingerprint_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  void mix(std::string_view bytes);

  const virtual_time& time_;
  const bool readable_;
  std::uint64_t fingerprint_ = 14695981039346656037ULL;
  std::vector<std::string> lines_;
};

}  // namespace hawser::simulation
