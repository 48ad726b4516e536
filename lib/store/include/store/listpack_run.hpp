#pragma once

#include <store/listpack_encoding.hpp>

#include <boost/container/small_vector.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hawser::store {

/// Elements in their encoded form, to be appended to a listpack together.
class listpack_run {
 public:
  void add(std::string_view text) { add(encoded_element(text)); }
  void add(std::int64_t integer) {
    if (integer < 0 || integer > 127) return add(encoded_element(integer));
    bytes_.push_back(static_cast<char>(integer));
    bytes_.push_back(1);  // the length of that
    ++count_;
  }

  std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }
  std::size_t count() const { return count_; }

 private:
  void add(const encoded_element& element) {
    const auto at = bytes_.size();
    bytes_.resize(at + element.size(), boost::container::default_init);
    element.write(bytes_.data() + at);
    ++count_;
  }

  boost::container::small_vector<char, 256> bytes_;
  std::size_t count_ = 0;
};

}  // namespace hawser::store
