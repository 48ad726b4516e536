#include "network.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace hawser::simulation {

namespace {

constexpr std::size_t most_under_way = std::size_t{64} * 1024;
constexpr std::size_t at_once = std::size_t{16} * 1024;

}  // namespace

network::network(virtual_time& time, base::random& random, trace& events,
                 std::function<bool(int, int)> admit)
    : time_(time),
      random_(random),
      events_(events),
      admit_(std::move(admit)),
      poll_(epoll_create1(EPOLL_CLOEXEC)),
      shortest_(static_cast<nanoseconds_t>(random.below(500)) * microsecond),
      spread_(static_cast<nanoseconds_t>(1 + random.below(5000)) * microsecond),
      per_byte_(random.below(3) == 0 ? 1 * microsecond
                                     : static_cast<nanoseconds_t>(random.below(50))) {}

nanoseconds_t network::delay() {
  return shortest_ + static_cast<nanoseconds_t>(random_.below(static_cast<std::uint64_t>(spread_)));
}

bool network::isolated(int server) const {
  const auto found = isolated_.find(server);
  return found != isolated_.end() && found->second.until > time_.now();
}

network::link& network::make_link(int from, int to, link_id& id) {
  id = ++last_;
  auto& made = links_[id];
  made.from = from;
  made.to = to;
  made.admit_at = time_.now() + delay();
  return made;
}

/// The other end is the caller's.
int network::open_end(link& of, link_id id, int side) {
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair.data()) != 0)
    throw std::runtime_error("no more sockets");
  of.ends[side] = test::owned_fd(pair[0]);
  epoll_event wanted{};
  wanted.events = EPOLLIN;
  wanted.data.u64 = static_cast<std::uint64_t>(id) * 2 + static_cast<std::uint64_t>(side);
  ::epoll_ctl(poll_.get(), EPOLL_CTL_ADD, pair[0], &wanted);
  return pair[1];
}

int network::connect(int from, int to) {
  const bool apart = isolated(from) || isolated(to);
  if (apart && (isolated_[from].refuses || isolated_[to].refuses)) return -1;
  link_id id = 0;
  auto& made = make_link(from, to, id);
  made.forgets = apart;
  events_.note("connect", {from, to, id});
  return open_end(made, id, 0);
}

network::link_id network::connect(peer& client, int to) {
  link_id id = 0;
  make_link(-1, to, id).client = &client;
  events_.note("connect", {-1, to, id});
  return id;
}

void network::send(link_id from, std::string_view bytes) {
  if (const auto found = links_.find(from); found != links_.end()) add(found->second, 0, bytes);
}

void network::hang_up(link_id of) {
  const auto found = links_.find(of);
  if (found == links_.end()) return;
  found->second.client = nullptr;
  add(found->second, 0, {});
}

/// Pieces need not be those that were written.
void network::add(link& to, int way, std::string_view bytes) {
  auto& into = to.ways[way];
  if (into.ended) return;
  into.ended = bytes.empty();
  const auto push = [&](std::string_view part) {
    into.last_due = std::max(into.last_due, time_.now() + delay()) +
                    per_byte_ * static_cast<nanoseconds_t>(part.size());
    into.under_way.push_back({into.last_due, std::string(part)});
    into.bytes += part.size();
  };
  if (bytes.size() > 1 && random_.below(4) == 0) {
    const auto first = 1 + random_.below(bytes.size() - 1);
    push(bytes.substr(0, first));
    bytes.remove_prefix(first);
  }
  push(bytes);
}

/// What a server has written.
void network::take(link_id id, int side) {
  const auto found = links_.find(id);
  if (found == links_.end() || !found->second.ends[side]) return;
  auto& of = found->second;
  if (of.ways[side].bytes >= most_under_way) return;
  std::array<char, at_once> room;
  const auto got = ::recv(of.ends[side].get(), room.data(), room.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  const std::string_view bytes(room.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  events_.note("sent", {id, side, got}, bytes);
  if (bytes.empty()) {
    // It will not read either: nobody shuts down one direction only.
    of.ends[side].reset();
    if (of.forgets && of.from >= 0 && !of.ends[1 - side]) return end(id);
  }
  if (!of.forgets) add(of, side, bytes);
}

void network::end(link_id id) {
  const auto found = links_.find(id);
  if (found == links_.end()) return;
  auto* client = found->second.client;
  links_.erase(found);
  if (client != nullptr) client->disconnected();
}

/// False: the link is gone, or there is nothing to be moved.
bool network::deliver_way(link_id id, link& of, int way) {
  auto& from = of.ways[way];
  if (from.under_way.empty() || from.under_way.front().due > time_.now()) return false;
  auto& next = from.under_way.front();
  if (of.cut_after >= 0 && of.cut_after < static_cast<std::int64_t>(next.bytes.size())) {
    const auto left = static_cast<std::size_t>(of.cut_after);
    if (of.ends[1 - way] && left > 0) [[maybe_unused]]
      const auto sent = ::send(of.ends[1 - way].get(), next.bytes.data(), left, MSG_NOSIGNAL);
    events_.note("cut within", {id, way, of.cut_after});
    end(id);
    return true;
  }
  if (next.bytes.empty()) {
    events_.note("end", {id, way});
    end(id);
    return true;
  }
  std::size_t moved = next.bytes.size();
  if (way == 1 && of.client != nullptr) {
    const auto bytes = std::exchange(next.bytes, {});
    from.bytes -= moved;
    from.under_way.pop_front();
    if (of.cut_after >= 0) of.cut_after -= static_cast<std::int64_t>(moved);
    of.client->received(bytes);
    return true;
  }
  if (of.ends[1 - way]) {
    const auto sent =
        ::send(of.ends[1 - way].get(), next.bytes.data(), next.bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EAGAIN) return false;
    if (sent < 0) {
      events_.note("broken", {id, way});
      end(id);
      return true;
    }
    moved = static_cast<std::size_t>(sent);
  }
  events_.note("arrived", {id, way, static_cast<std::int64_t>(moved)});
  if (of.cut_after >= 0) of.cut_after -= static_cast<std::int64_t>(moved);
  from.bytes -= moved;
  next.bytes.erase(0, moved);
  if (next.bytes.empty()) from.under_way.pop_front();
  return true;
}

bool network::deliver(link_id id) {
  const auto found = links_.find(id);
  if (found == links_.end()) return false;
  auto& of = found->second;
  if (of.stalled_until > time_.now()) return false;
  if (of.admit_at >= 0) {
    if (of.admit_at > time_.now() || of.forgets) return false;
    of.admit_at = -1;
    if (!admit_(of.to, open_end(of, id, 1))) end(id);
    return true;
  }
  bool any = false;
  for (int way = 0; way < 2 && links_.contains(id); ++way)
    while (links_.contains(id) && deliver_way(id, of, way)) any = true;
  return any;
}

bool network::pump() {
  std::array<epoll_event, 64> ready;
  const int count = ::epoll_wait(poll_.get(), ready.data(), static_cast<int>(ready.size()), 0);
  std::vector<std::uint64_t> readable;
  for (int i = 0; i < count; ++i) readable.push_back(ready[static_cast<std::size_t>(i)].data.u64);
  std::ranges::sort(readable);
  for (const auto each : readable) take(static_cast<link_id>(each / 2), static_cast<int>(each % 2));
  bool any = !readable.empty();
  std::vector<link_id> all;
  for (const auto& [id, of] : links_) all.push_back(id);
  for (const auto id : all) any = deliver(id) || any;
  return any;
}

nanoseconds_t network::next_time() const {
  auto next = std::numeric_limits<nanoseconds_t>::max();
  for (const auto& [id, of] : links_) {
    auto due = std::numeric_limits<nanoseconds_t>::max();
    if (of.admit_at >= 0) {
      if (!of.forgets) due = of.admit_at;
    } else {
      for (const auto& way : of.ways)
        if (!way.under_way.empty()) due = std::min(due, way.under_way.front().due);
    }
    if (due != std::numeric_limits<nanoseconds_t>::max())
      next = std::min(next, std::max(due, of.stalled_until));
  }
  return next;
}

std::vector<network::link_id> network::links_between_servers() const {
  std::vector<link_id> all;
  for (const auto& [id, of] : links_)
    if (of.from >= 0 && !of.forgets) all.push_back(id);
  return all;
}

void network::cut(link_id which) {
  events_.note("cut", {which});
  end(which);
}

void network::cut_after(link_id which, std::int64_t bytes) { links_.at(which).cut_after = bytes; }

void network::forget(link_id which) {
  events_.note("forget", {which});
  auto& of = links_.at(which);
  of.forgets = true;
  for (auto& way : of.ways) way.under_way.clear(), way.bytes = 0;
}

void network::stall(link_id which, nanoseconds_t until) {
  events_.note("stall", {which, until});
  links_.at(which).stalled_until = until;
}

void network::isolate(int server, nanoseconds_t until, bool refuses) {
  events_.note("isolate", {server, until, refuses});
  isolated_[server] = {until, refuses};
  for (auto& [id, of] : links_)
    if (of.from >= 0 && (of.from == server || of.to == server))
      of.stalled_until = std::max(of.stalled_until, until);
}

void network::end_all_of(int server) {
  std::vector<link_id> gone;
  for (const auto& [id, of] : links_)
    if (of.from == server || of.to == server) gone.push_back(id);
  for (const auto id : gone) end(id);
}

void network::heal() {
  isolated_.clear();
  for (auto& [id, of] : links_) {
    of.stalled_until = 0;
    of.cut_after = -1;
  }
}

}  // namespace hawser::simulation
