#include "replica_feed.hpp"

#include <algorithm>
#include <memory>
#include <persistence/byte_source.hpp>
#include <utility>

namespace hawser::net {

namespace {

engine::journal_log::piece copy_of(std::string_view text) {
  const auto block = std::make_shared_for_overwrite<char[]>(text.size());
  std::copy(text.begin(), text.end(), block.get());
  return {block, {block.get(), text.size()}};
}

}  // namespace

void replica_feed::begin(engine::data_feed data) {
  data_ = std::move(data);
  pieces_.push_back(copy_of(data_.head));
}

std::error_code replica_feed::read_data() {
  constexpr std::size_t at_once = std::size_t{64} * 1024;
  const auto block = std::make_shared_for_overwrite<char[]>(at_once);
  std::error_code failure;
  const auto size = data_.content->read({block.get(), at_once}, failure);
  if (failure) return failure;
  if (size > 0) {
    pieces_.push_back({block, {block.get(), size}});
    return {};
  }
  data_.content = nullptr;
  if (!data_.tail.empty()) pieces_.push_back(copy_of(data_.tail));
  return {};
}

void replica_feed::add(engine::journal_log::piece next) { pieces_.push_back(std::move(next)); }

std::size_t replica_feed::pieces(std::span<std::string_view> out) const {
  const auto count = std::min(out.size(), pieces_.size());
  for (std::size_t i = 0; i < count; ++i) out[i] = pieces_[i].bytes;
  return count;
}

void replica_feed::sent(std::size_t bytes) {
  while (bytes > 0) {
    auto& first = pieces_.front().bytes;
    const auto part = std::min(bytes, first.size());
    first.remove_prefix(part);
    bytes -= part;
    if (first.empty()) pieces_.pop_front();
  }
}

}  // namespace hawser::net
