#include "encoded_bytes.hpp"

#include <utility>

namespace hawser::persistence {

void encoded_bytes::splice(encoded_bytes& other) {
  if (empty()) return std::swap(*this, other);
  const auto before = bytes_.size();
  bytes_ += other.bytes_;
  for (const auto& each : other.texts_) texts_.push_back({before + each.at, each.size});
  other.bytes_.clear();
  other.texts_.clear();
}

void encoded_bytes::write_to(rdb_output& to) const {
  const std::string_view all = bytes_;
  std::size_t done = 0;
  for (const auto& each : texts_) {
    to.raw(all.substr(done, each.at - done));
    to.string(all.substr(each.at, each.size));
    done = each.at + each.size;
  }
  to.raw(all.substr(done));
}

}  // namespace hawser::persistence
