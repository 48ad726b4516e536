#include "histories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <debug_digest.hpp>
#include <replication/acknowledgement.hpp>
#include <utility>

namespace hawser::simulation {

histories::place histories::now(int server) const {
  const auto found = servers_.find(server);
  return found == servers_.end() ? place() : found->second;
}

bool histories::leads_to(const place& what, const place& later) const {
  if (what.id == later.id) return what.offset <= later.offset;
  const auto left = left_.find(later.id);
  return left != left_.end() && leads_to(what, left->second);
}

bool histories::is_in(const farthest& of, int server, const place& what) const {
  const auto found = of.find({server, what.id});
  if (found != of.end() && found->second >= what.offset) return true;
  const auto left = left_.find(what.id);
  if (left == left_.end() || what.offset > left->second.offset) return false;
  return is_in(of, server, {left->second.id, what.offset});
}

void histories::observe(int server, engine::node& node) {
  const auto& facts = node.replication;
  const auto& log = node.journal.log;
  // Since it was last observed.
  const bool replica =
      std::exchange(were_replicas_[server], node.is_replica()) && node.is_replica();
  const bool between =
      node.loading || !facts.backlog || (node.is_replica() && !facts.primary.resumable);
  if (between) return void(servers_.erase(server));
  const place here{facts.past.id(), log.end()};
  if (const auto lasting = replication::lasting(node)) {
    auto& on_disk = on_disk_[{server, here.id}];
    on_disk = std::max(on_disk, std::min(*lasting, here.offset));
  }
  auto [known, added] = servers_.try_emplace(server, here);
  auto& last = known->second;
  if (!added && last == here) return;
  note_name(facts.past);
  const bool went_on = !added && last.offset <= here.offset && last.offset >= log.begin();
  place from = here;
  if (went_on && last.id == here.id) from = last;
  // It was promoted, or its primary was.
  if (went_on && last.id != here.id && facts.past.second_id() == last.id) {
    const auto left = static_cast<std::uint64_t>(facts.past.second_offset() - 1);
    if (left >= last.offset) add(server, replica, node, last, left);
    from.offset = std::min(std::max(left, last.offset), here.offset);
  }
  add(server, replica, node, from, here.offset);
  last = here;
  auto& reached = reached_[{server, here.id}];
  reached = std::max(reached, here.offset);
  compare_digest(server, node, here);
}

/// Who follows a primary that was promoted does not learn where exactly that was, only that it was
/// not before it left.
void histories::note_name(const engine::history& of) {
  if (of.second_offset() <= 0) return;
  const auto left = static_cast<std::uint64_t>(of.second_offset() - 1);
  auto& known = left_.try_emplace(of.id(), place{of.second_id(), left}).first->second;
  if (known.id == of.second_id()) known.offset = std::max(known.offset, left);
}

/// It has bytes of a history that it had not before.
void histories::add(int server, bool replica, const engine::node& node, const place& from,
                    std::uint64_t to) {
  auto [found, added] = all_.try_emplace(from.id);
  auto& known = found->second;
  if (added) known.begin = from.offset;
  for (auto at = from.offset; at < to;) {
    auto next = node.journal.log.read(at).bytes;
    next = next.substr(0, std::min<std::uint64_t>(next.size(), to - at));
    if (next.empty()) return;  // it has been given up
    if (at < known.begin || at > known.end()) return;
    const auto old = std::min<std::uint64_t>(next.size(), known.end() - at);
    if (std::string_view(known.bytes).substr(at - known.begin, old) != next.substr(0, old))
      throw broken_promise(
          fmt::format("server {} has other changes than there were at {}:{}", server, from.id, at));
    if (old < next.size()) {
      if (replica)
        throw broken_promise(
            fmt::format("server {}, a replica, has changes at {}:{} that nobody "
                        "has made",
                        server, from.id, at + old));
      known.bytes += next.substr(old);
    }
    at += next.size();
  }
}

void histories::compare_digest(int server, engine::node& node, const place& at) {
  // A digest takes longer than all else: at few places, the same on all servers.
  constexpr std::uint64_t one_in = 32;
  if (node.loading_aside || at.offset % one_in != 0) return;
  const auto [known, added] = digests_.try_emplace(at, commands::digest_of(node));
  if (!added && known->second != commands::digest_of(node))
    throw broken_promise(
        fmt::format("server {} has other data than there were at {}:{}", server, at.id, at.offset));
}

void histories::compare_data(engine::node& one, engine::node& other) {
  for (int i = 0; i < one.database_count(); ++i) {
    auto& here = one.database(i);
    auto& there = other.database(i);
    here.for_each([&](store::entry* each) {
      auto* twin = there.find(each->key());
      if (twin == nullptr)
        throw broken_promise(fmt::format("key {} of database {} is missing", each->key(), i));
      if (commands::digest_of(here, *each) != commands::digest_of(there, *twin))
        throw broken_promise(fmt::format("key {} of database {} is another one", each->key(), i));
    });
    if (here.size() != there.size())
      throw broken_promise(
          fmt::format("there are {} and {} keys in database {}", here.size(), there.size(), i));
  }
}

}  // namespace hawser::simulation
