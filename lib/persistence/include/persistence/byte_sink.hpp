#pragma once

#include <string>
#include <string_view>
#include <system_error>

namespace hawser::persistence {

/// Where encoded bytes go: a file, a socket, memory.
class byte_sink {
 public:
  virtual ~byte_sink() = default;

  /// Takes all of the bytes, or fails, in which case some of them may have been taken.
  virtual std::error_code write(std::string_view bytes) = 0;
};

/// Takes strings apart from the other bytes, so that another thread can compress them later.
class deferring_sink : public byte_sink {
 public:
  /// A string that stands here, without its length.
  virtual void text(std::string_view text) = 0;
};

/// Appends to a string of the caller's.
class string_sink final : public byte_sink {
 public:
  explicit string_sink(std::string& to) : to_(&to) {}
  std::error_code write(std::string_view bytes) override {
    to_->append(bytes);
    return {};
  }

 private:
  std::string* to_;
};

}  // namespace hawser::persistence
