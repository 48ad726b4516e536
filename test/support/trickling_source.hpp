#pragma once

#include <algorithm>
#include <cstddef>
#include <persistence/byte_source.hpp>
#include <span>
#include <string>
#include <system_error>
#include <utility>

namespace hawser::test {

/// Bytes that come a few at a time, however many are asked for.
class trickling_source final : public persistence::byte_source {
 public:
  trickling_source(std::string bytes, std::size_t step) : bytes_(std::move(bytes)), step_(step) {}
  std::size_t read(std::span<char> room, std::error_code& failure) override {
    if (broken) failure = std::make_error_code(std::errc::io_error);
    if (broken) return 0;
    const auto got = bytes_.copy(room.data(), std::min(step_, room.size()), at_);
    at_ += got;
    return got;
  }
  bool broken = false;

 private:
  std::string bytes_;
  std::size_t step_, at_ = 0;
};

}  // namespace hawser::test
