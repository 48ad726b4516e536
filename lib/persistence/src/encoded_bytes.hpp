#pragma once

#include <cstdint>
#include <persistence/byte_sink.hpp>
#include <persistence/rdb_output.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::persistence {

/// Encoded bytes among which there are strings that are still to be compressed.
class encoded_bytes final : public deferring_sink {
 public:
  std::error_code write(std::string_view bytes) override {
    bytes_ += bytes;
    return {};
  }
  void text(std::string_view text) override {
    texts_.push_back({bytes_.size(), text.size()});
    bytes_ += text;
  }

  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }

  /// Adds all of another one, and empties that.
  void splice(encoded_bytes& other);
  void write_to(rdb_output& to) const;

 private:
  struct place {
    std::size_t at;
    std::size_t size;
  };

  std::string bytes_;
  std::vector<place> texts_;
};

}  // namespace hawser::persistence
