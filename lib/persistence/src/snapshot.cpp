#include "snapshot_pipe.hpp"
#include "watched_collection.hpp"
#include <base/prefetch.hpp>
#include <store/quicklist.hpp>
#include <store/stream.hpp>

#include <algorithm>
#include <persistence/snapshot.hpp>

namespace hawser::persistence {

namespace {

/// Bytes of a collection that is written at once however few its elements are.
constexpr std::size_t most_bytes_at_once = std::size_t{128} << 10;
constexpr int no_database = -1;

snapshot_pipe::consumers consumers_of(std::vector<snapshot_target>& targets) {
  snapshot_pipe::consumers all;
  for (auto& each : targets) all.push_back(std::move(each.to));
  return all;
}

}  // namespace

/// A database as it was when the snapshot began.
struct snapshot::part {
  store::database* data;  // null: it is gone, and nothing of it is wanted
  int index;
  std::size_t keys;
  std::size_t deadlines;
  bool announced = false;  // its sizes have been written
  bool scanned = false;
  std::shared_ptr<store::database> flushed;  // it is out of use
};

/// A sequence of keys.
struct snapshot::section {
  explicit section(int version) : writer(bytes, version) {}

  encoded_bytes bytes;
  rdb_writer writer;
  int database = no_database;  // that the last key belongs to
};

snapshot::snapshot(snapshot_setup setup, std::vector<snapshot_target> targets)
    : setup_(std::move(setup)),
      pipe_(std::make_shared<snapshot_pipe>(setup_, consumers_of(targets))),
      main_(std::make_unique<section>(setup_.options.version)),
      aside_(std::make_unique<section>(setup_.options.version)) {
  for (auto& each : targets) tells_.push_back(std::move(each.done));
  main_->writer.begin(setup_.origin);
  for (const auto& [name, value] : setup_.aux) main_->writer.aux(name, value);
  for (const auto& each : setup_.libraries) main_->writer.function_library(each);
  for (const auto& [index, data] : setup_.databases) {
    parts_.push_back({data, index, data->size(), data->deadline_count(), false, false, {}});
    keys_total_ += data->size();
    data->begin_watch(*this);
  }
}

snapshot::~snapshot() {
  pipe_->cancel();
  watched_.clear();
  for (; at_ < parts_.size(); ++at_) end_part(parts_[at_]);
}

snapshot::part& snapshot::part_of(const store::database& home) {
  return *std::ranges::find(parts_, &home, &part::data);
}

void snapshot::select(section& to, part& of) {
  if (to.database == of.index) return;
  to.database = of.index;
  if (std::exchange(of.announced, true))
    to.writer.select(of.index);
  else
    to.writer.database(of.index, of.keys, of.deadlines);
}

bool snapshot::too_large(const store::entry& of) const {
  if (!of.is_collection() || !of.collection().is_large()) return false;
  const auto& data = *of.collection().large();
  if (of.type() == store::value_type::list)
    return static_cast<const store::quicklist&>(data).node_count() > setup_.limits.most_nodes;
  if (of.type() == store::value_type::stream)
    return static_cast<const store::stream&>(data).nodes().size() > setup_.limits.most_nodes;
  return data.size() > setup_.limits.most_elements || data.memory() > most_bytes_at_once;
}

/// On the way of the walk, or because something changes it.
void snapshot::reached(store::database& home, store::entry& of) {
  ++keys_seen_;
  if (cancelled_) return;
  const auto facts = setup_.facts(of);
  if (too_large(of)) {
    watched_.push_back(watched_collection::make({home, of, facts, setup_.options.version, kept_}));
    return;
  }
  auto& to = inside_ ? *aside_ : *main_;
  const auto before = to.writer.bytes_written();
  select(to, part_of(home));
  to.writer.key(home, of, facts);
  if (!walking_) kept_ += to.writer.bytes_written() - before;
  if (!inside_) hand_over(*main_, setup_.limits.chunk_bytes);
}

void snapshot::flushed(std::shared_ptr<store::database> gone) {
  auto& of = part_of(*gone);
  if (!cancelled_) {
    of.flushed = std::move(gone);
    return;
  }
  // Nobody is going to see its entries' marks.
  std::erase_if(watched_, [&](const auto& each) { return &each->home() == gone.get(); });
  inside_ = false;
  of.data->end_watch();
  of.data = nullptr;
  of.scanned = true;
  if (&of == &parts_[at_]) cursor_ = 0;
}

void snapshot::hand_over(section& from, std::size_t at_least) {
  if (from.bytes.size() < at_least) return;
  from.writer.output().flush();
  if (from.bytes.empty()) return;
  pipe_->push(std::exchange(from.bytes, {}));
  const auto usual = setup_.limits.chunk_bytes;
  from.bytes.reserve(usual + usual / 2);
  handed_over_ = true;
}

void snapshot::end_part(part& of) {
  if (of.data != nullptr) of.data->end_watch();
  if (of.flushed) setup_.run_in_background([dead = std::move(of.flushed)] {});
}

void snapshot::go_through_bucket() {
  if (at_ == parts_.size()) return end_walk();
  part& here = parts_[at_];
  if (here.scanned) {
    end_part(here);
    ++at_;
    return;
  }
  walking_ = true;
  cursor_ = here.data->scan(cursor_, [&](store::entry* each) { here.data->before_change(*each); });
  walking_ = false;
  here.scanned = cursor_ == 0;
  // The next ones come from memory meanwhile.
  if (!here.scanned)
    here.data->scan(cursor_, [](const store::entry* each) { base::prefetch(each); });
}

void snapshot::go_on_with_collection(time_slice& limit) {
  auto& first = *watched_.front();
  if (!std::exchange(inside_, true)) {
    select(*main_, part_of(first.home()));
    first.write_head(main_->writer);
  }
  const bool written = first.write(main_->writer.output(), limit);
  hand_over(*main_, setup_.limits.chunk_bytes);
  if (!written) return;
  watched_.pop_front();
  inside_ = false;
  if (aside_->database == no_database) return;
  hand_over(*main_, 0);
  hand_over(*aside_, 0);
  main_->database = std::exchange(aside_->database, no_database);
}

void snapshot::end_walk() {
  hand_over(*main_, 0);
  pipe_->close();
  walked_ = true;
}

snapshot::progress snapshot::step(time_slice limit) {
  if (!walked_ && pipe_->over()) cancelled_ = true;  // all consumers have failed
  while (!walked_) {
    if (std::exchange(handed_over_, false) && !cancelled_ && pipe_->full()) {
      handed_over_ = true;
      return progress::waiting;
    }
    watched_.empty() ? go_through_bucket() : go_on_with_collection(limit);
    if (limit.over() && !walked_) return progress::more;
  }
  return cancelled_ || pipe_->over() ? progress::finished : progress::waiting;
}

void snapshot::cancel() {
  cancelled_ = true;
  pipe_->cancel();
}

void snapshot::finish_marking() {
  time_slice unlimited;
  while (!walked_) watched_.empty() ? go_through_bucket() : go_on_with_collection(unlimited);
}

void snapshot::tell() {
  const auto outcomes = pipe_->over() ? pipe_->outcomes() : std::vector<std::error_code>();
  const auto tells = std::exchange(tells_, {});
  for (std::size_t i = 0; i < tells.size(); ++i)
    if (tells[i])
      tells[i](i < outcomes.size() ? outcomes[i]
                                   : std::make_error_code(std::errc::operation_canceled));
}

}  // namespace hawser::persistence
