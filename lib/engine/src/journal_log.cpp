#include <engine/journal_log.hpp>

#include <algorithm>
#include <utility>

namespace hawser::engine {

void journal_log::append(std::string_view bytes) {
  if (!wanted()) return;
  while (!bytes.empty()) {
    if (blocks_.empty() || end_ == blocks_.back().begin + blocks_.back().capacity)
      add_block(bytes.size());
    const auto& last = blocks_.back();
    const auto used = static_cast<std::size_t>(end_ - last.begin);
    const auto size = std::min(bytes.size(), last.capacity - used);
    std::copy_n(bytes.data(), size, last.bytes.get() + used);
    end_ += size;
    bytes.remove_prefix(size);
  }
  tell();
}

/// What is longer than a block lies in one of its own.
void journal_log::add_block(std::size_t least) {
  trim();
  const auto capacity = std::max(least, block_bytes);
  blocks_.push_back({end_, capacity, std::make_shared_for_overwrite<char[]>(capacity)});
  memory_ += capacity;
}

void journal_log::trim() {
  auto needed = end_ - std::min<std::uint64_t>(end_, keep_);
  for (const auto* each : cursors_)
    if (each->lag() <= each->longest_lag_) needed = std::min(needed, each->position());
  while (!blocks_.empty() && blocks_.front().begin + blocks_.front().capacity <= needed) {
    memory_ -= blocks_.front().capacity;
    blocks_.pop_front();
  }
  if (wanted()) return;
  blocks_.clear();
  memory_ = 0;
}

void journal_log::restart(std::uint64_t offset) {
  blocks_.clear();
  memory_ = 0;
  end_ = offset;
}

void journal_log::keep(std::size_t bytes) {
  keep_ = bytes;
  trim();
}

journal_log::piece journal_log::read(std::uint64_t from) const {
  if (from < begin() || from >= end_) return {};
  const auto after = std::ranges::upper_bound(blocks_, from, {}, &block::begin);
  const auto& found = *std::prev(after);
  const auto end = std::min(end_, found.begin + found.capacity);
  return {found.bytes,
          {found.bytes.get() + (from - found.begin), static_cast<std::size_t>(end - from)}};
}

void journal_log::listen(std::function<void()> heard) {
  heard_ = std::move(heard);
  listen_again();
}

journal_cursor::journal_cursor(journal_log& log, std::uint64_t from, std::uint64_t longest_lag)
    : log_(&log), position_(from), longest_lag_(longest_lag) {
  log.cursors_.push_back(this);
}

journal_cursor::~journal_cursor() {
  std::erase(log_->cursors_, this);
  log_->trim();
}

journal_log::piece journal_cursor::next() {
  auto found = log_->read(position_);
  position_ += found.bytes.size();
  return found;
}

}  // namespace hawser::engine
