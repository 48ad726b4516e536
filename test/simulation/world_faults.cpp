// What happens to the servers of a world, and what they are told to do.

#include "world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <replication/acknowledgement.hpp>

namespace hawser::simulation {

void world::do_harm() {
  harm_at_ = time_.now() + up_to(2 * second);
  ++counts_.faults;
  const auto server = static_cast<int>(chance(machines_.size()));
  switch (chance(14)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return harm_a_link();
    case 4:
      return net_.isolate(server, time_.now() + up_to(4 * second), once_in(2));
    case 5:
    case 6:
    case 7:
      if (at(server).up) kill(server, once_in(2));
      return;
    case 8:
      return move_a_replica();
    case 9:
      return promote();
    case 10:
      return tell(server, {"BGREWRITEAOF"});
    case 11:
      at(server).saves = once_in(2);
      return tell(server, {"SHUTDOWN", at(server).saves ? "SAVE" : "NOSAVE"});
    case 12:
      return tell(root(), {"FAILOVER", "TIMEOUT", std::to_string(1 + chance(2000))});
    default:
      return tell(server, {"CONFIG", "SET", "appendonly", once_in(2) ? "yes" : "no"});
  }
}

void world::harm_a_link() {
  const auto links = net_.links_between_servers();
  if (links.empty()) return;
  const auto link = links[chance(links.size())];
  switch (chance(4)) {
    case 0:
      return net_.cut(link);
    case 1:
      return net_.cut_after(link, static_cast<std::int64_t>(chance(once_in(2) ? 200 : 20'000)));
    case 2:
      return net_.forget(link);
    default:
      return net_.stall(link, time_.now() + up_to(4 * second));
  }
}

void world::kill(int server, bool loses_power) {
  ++counts_.kills;
  auto& here = at(server);
  events_.note(loses_power ? "lose power" : "kill", {server});
  // What is on disk is there after a loss of power, too.
  const auto lasting = replication::lasting(here.up->node()).value_or(0);
  here.saved = lasting > 0 ? histories_.now(server) : histories::place();
  here.saved.offset = std::min(here.saved.offset, lasting);
  // Data are on disk with the file that they are the base of; their place is written at a tick and
  // synced within a second.
  constexpr nanoseconds_t until_written = 200 * millisecond;
  const auto longest = loses_power ? second + until_written : until_written;
  here.may_have_lost_name = time_.now() - here.named_at < longest;
  auto files = std::make_shared<test::memory_file_system>(here.up->files()->copy());
  if (loses_power) files->lose_power(chance(2) * chance(100));
  here.start.files = std::move(files);
  here.start.options = here.up->node().options;
  here.up->vanish();
  vanished_.push_back(std::move(here.up));
  net_.end_all_of(server);
  histories_.forget(server);
  here.start_at = time_.now() + up_to(second);
}

/// It was told to.
void world::stopped(int server) {
  auto& here = at(server);
  events_.note("stopped", {server});
  const bool saved = here.up->node().options.appendonly
                         ? replication::lasting(here.up->node()).value_or(0) > 0
                         : here.saves;
  here.saved = saved ? histories_.now(server) : histories::place();
  here.may_have_lost_name = false;
  here.start.options = here.up->node().options;
  net_.end_all_of(server);
  here.up = nullptr;
  histories_.forget(server);
  here.start_at = time_.now() + up_to(second);
}

void world::tell(int server, std::vector<std::string> request) {
  events_.note("tell", {server}, fmt::format("{}", fmt::join(request, " ")));
  orders_.push_back({server, std::move(request), nullptr, time_.now(), false});
}

void world::tell_to_follow(int server, int primary) {
  at(server).primary = primary;
  std::erase_if(orders_, [&](const auto& each) {
    return each.server == server && each.request.front() == "REPLICAOF";
  });
  if (primary < 0) return tell(server, {"REPLICAOF", "NO", "ONE"});
  tell(server, {"REPLICAOF", fmt::format("node{}", primary), std::to_string(7000 + primary)});
}

bool world::is_behind(int server, int of) const {
  while (server >= 0 && server != of) server = machines_[static_cast<std::size_t>(server)].primary;
  return server == of;
}

void world::move_a_replica() {
  const auto server = static_cast<int>(chance(machines_.size()));
  const auto primary = static_cast<int>(chance(machines_.size()));
  if (server != root() && !is_behind(primary, server)) tell_to_follow(server, primary);
}

/// A replica takes the primary's place, and all others are told so in some order.
void world::promote() {
  const auto next = static_cast<int>(chance(machines_.size()));
  if (next == root()) return;
  std::vector<int> order{next};
  for (int i = 0; i < size(); ++i)
    if (i != next)
      order.insert(order.begin() + 1 + static_cast<std::ptrdiff_t>(chance(order.size())), i);
  tell_to_follow(next, -1);
  for (std::size_t i = 1; i < order.size(); ++i) tell_to_follow(order[i], order[chance(i)]);
}

void world::heal() {
  events_.note("heal", {});
  net_.heal();
  writing_ = false;
  for (auto& each : writers_) each.connection = nullptr;
  for (auto& each : machines_)
    if (!each.up) each.start_at = time_.now();
}

/// A server may have missed what it was told, or a failover has come after that.
bool world::follow_as_told() {
  for (int i = 0; i < size() && orders_.empty(); ++i) {
    if (!at(i).up) continue;
    const auto& now = at(i).up->node().options.replicaof;
    const bool leads = now.host.empty();
    const auto primary = leads ? -1 : static_cast<int>(now.port - 7000);
    if (primary != at(i).primary) tell_to_follow(i, at(i).primary);
  }
  return orders_.empty();
}

bool world::in_step() {
  if (!follow_as_told()) return false;
  const auto& primary = at(root());
  if (!primary.up || primary.up->node().loading) return false;
  auto& first = primary.up->node();
  for (int i = 0; i < size(); ++i) {
    if (!at(i).up) return false;
    auto& node = at(i).up->node();
    if (node.loading || node.loading_aside || node.stream_offset() != first.stream_offset())
      return false;
    if (node.replication.past.id() != first.replication.past.id()) return false;
    if (i != root() && node.replication.primary.state != engine::link_state::connected)
      return false;
  }
  return true;
}

}  // namespace hawser::simulation
