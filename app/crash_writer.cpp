#include "crash_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <ctime>
#include <execinfo.h>
#include <fcntl.h>
#include <unistd.h>

namespace hawser::app {

crash_text& crash_text::operator<<(std::string_view text) {
  const auto size = std::min(text.size(), bytes_.size() - size_);
  std::memcpy(bytes_.data() + size_, text.data(), size);
  size_ += size;
  return *this;
}

crash_text& crash_text::operator<<(std::int64_t number) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return *this << std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

crash_text& crash_text::hex(std::uint64_t number) {
  std::array<char, 16> digits;
  for (auto at = digits.rbegin(); at != digits.rend(); ++at, number >>= 4)
    *at = "0123456789abcdef"[number & 15];
  return *this << std::string_view(digits.data(), digits.size());
}

crash_writer::crash_writer(const char* log_path)
    : file_(*log_path == '\0' ? STDOUT_FILENO
                              : ::open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
}

crash_writer::~crash_writer() {
  if (file_ > STDERR_FILENO) ::close(file_);
}

void crash_writer::write(std::string_view text) const {
  while (!text.empty()) {
    const auto written = ::write(file_, text.data(), text.size());
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void crash_writer::line(const crash_text& text) const {
  crash_text whole;
  whole << ::getpid() << ":signal-handler (" << std::time(nullptr) << ") " << text.view() << "\n";
  write(whole);
}

void crash_writer::stack_trace() const {
  constexpr int own_frames = 1;
  std::array<void*, 100> frames;
  const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
  write("\n------ STACK TRACE ------\nBacktrace:\n");
  if (count > own_frames)
    ::backtrace_symbols_fd(frames.data() + own_frames, count - own_frames, file_);
}

}  // namespace hawser::app
