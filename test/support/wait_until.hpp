#pragma once

#include <chrono>
#include <thread>

namespace hawser::test {

/// How long a test waits for what must happen before it fails.
inline constexpr std::chrono::milliseconds patience{10'000};

/// True as soon as the condition holds, false when it still does not at the deadline.
template <class Condition>
bool wait_until(Condition&& condition, std::chrono::milliseconds deadline = patience) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  auto pause = std::chrono::microseconds{200};
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(pause);
    if (pause < std::chrono::milliseconds{10}) pause *= 2;
  }
  return true;
}

}  // namespace hawser::test
