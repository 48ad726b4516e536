// What replicas have of the append-only file.

#include "full_sync.hpp"
#include <commands/append_only_file.hpp>

#include <algorithm>
#include <memory>
#include <mutex>
#include <persistence/aof_stream.hpp>

namespace hawser::commands {

namespace {

/// The journal as the increments hold it.
class changes_on_disk final : public engine::older_changes {
 public:
  changes_on_disk(const append_only_file& file, persistence::file_system& files, std::uint64_t from)
      : file_(file), begin_(from), stream_(files, from) {
    for (const auto& each : file.segments())
      if (each.begin <= from) begin_ = each.begin;
    look();
  }

  std::uint64_t position() const override { return stream_.position(); }
  /// A segment that nothing was written to begins where the next one does.
  void look() override {
    const std::lock_guard lock(looking_);
    const auto& all = file_.segments();
    auto at = std::ranges::find(all, last_, &append_only_file::segment::name);
    at = at == all.end()
             ? std::ranges::lower_bound(all, begin_, {}, &append_only_file::segment::begin)
             : std::next(at);
    for (; at != all.end(); ++at) {
      found_.push_back({file_.path_of(*at), at->begin});
      last_ = at->name;
      begin_ = at->begin;
    }
  }
  engine::journal_log::piece read(std::error_code& failure) override {
    constexpr std::size_t at_once = std::size_t{256} * 1024;
    take_found();
    std::string bytes;
    bytes.reserve(at_once);
    failure = stream_.read(bytes, at_once);
    if (bytes.empty()) return {};
    const auto block = std::make_shared_for_overwrite<char[]>(bytes.size());
    std::ranges::copy(bytes, block.get());
    return {block, {block.get(), bytes.size()}};
  }

 private:
  void take_found() {
    const std::lock_guard lock(looking_);
    for (auto& each : found_) stream_.add(std::move(each));
    found_.clear();
  }

  const append_only_file& file_;
  std::string last_;     // of the segments that have been found
  std::uint64_t begin_;  // of it
  std::mutex looking_;
  std::vector<persistence::aof_segment> found_;
  persistence::aof_stream stream_;  // the reader's
};

}  // namespace

std::optional<std::uint64_t> append_only_file::lasting() const {
  if (!is_on()) return std::nullopt;
  return waits_for_base() || needs_base_ ? 0 : durable();
}

bool append_only_file::has_changes_from(std::uint64_t offset) const {
  return state_ == state::on && !segments_.empty() && segments_.front().begin <= offset;
}

std::shared_ptr<engine::older_changes> append_only_file::changes_from(std::uint64_t offset) {
  if (!has_changes_from(offset)) return nullptr;
  return std::make_shared<changes_on_disk>(*this, server_.process.files(), offset);
}

/// Whether what is history now would be missing if memory gave up what a replica is to be sent.
bool append_only_file::read_by_replicas() const {
  const auto& kept = directory_.manifest().increments;
  const auto first = kept.empty() ? segments_.end()
                                  : std::ranges::find(segments_, kept.front().name, &segment::name);
  if (first == segments_.end()) return false;
  return std::ranges::any_of(server_.replication.replicas, [&](const auto* each) {
    const auto& facts = *each->replica;
    return facts.may_fall_behind && next_change(facts) < first->begin;
  });
}

}  // namespace hawser::commands
