#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hawser::app {

/// Text put together without allocating, for signal handlers; what does not fit is cut off.
class crash_text {
 public:
  crash_text& operator<<(std::string_view text);
  crash_text& operator<<(std::int64_t number);
  /// Sixteen digits.
  crash_text& hex(std::uint64_t number);

  std::string_view view() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 512> bytes_;
  std::size_t size_ = 0;
};

/// Writes text to a log file, or to standard output when the path is empty; safe in a signal
/// handler.
class crash_writer {
 public:
  explicit crash_writer(const char* log_path);
  ~crash_writer();
  crash_writer(const crash_writer&) = delete;
  crash_writer& operator=(const crash_writer&) = delete;

  void write(std::string_view text) const;
  void write(const crash_text& text) const { write(text.view()); }
  /// A line that says who writes and when, in the way of redis-server's signal handlers.
  void line(const crash_text& text) const;
  /// The stack of this thread, from its caller on, one line a frame.
  void stack_trace() const;

 private:
  int file_;
};

}  // namespace hawser::app
