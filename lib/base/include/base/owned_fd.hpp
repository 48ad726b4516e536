#pragma once

#include <unistd.h>
#include <utility>

namespace hawser::base {

/// A file descriptor that is closed by its owner; negative: none.
class owned_fd {
 public:
  explicit owned_fd(int descriptor) : descriptor_(descriptor) {}
  owned_fd(owned_fd&& other) noexcept : descriptor_(other.release()) {}
  owned_fd& operator=(owned_fd&&) = delete;
  ~owned_fd() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }
  /// Leaves closing it to the caller.
  int release() { return std::exchange(descriptor_, -1); }

 private:
  int descriptor_;
};

}  // namespace hawser::base
