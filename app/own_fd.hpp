#pragma once

#include <unistd.h>

namespace hawser::app {

/// A file descriptor that is closed by its owner; negative for none.
class own_fd {
 public:
  explicit own_fd(int descriptor) : descriptor_(descriptor) {}
  ~own_fd() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  own_fd(const own_fd&) = delete;
  own_fd& operator=(const own_fd&) = delete;

  explicit operator bool() const { return descriptor_ >= 0; }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace hawser::app
