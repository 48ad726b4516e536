#include "limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <sys/resource.h>

namespace hawser::app {

namespace {

/// Raises the limit to `wanted` or as near to it as can be; returns the first error on the way.
std::error_code raise(file_limit& limit, file_limit::bounds from, std::uint64_t wanted,
                      std::uint64_t& reached) {
  const auto attempt = [&](std::uint64_t soft) {
    return limit.set({soft, std::max(soft, from.hard)});
  };
  reached = wanted;
  const auto error = attempt(wanted);
  if (!error) return {};
  // Between what is possible and what is not. The system may allow more than the hard limit.
  std::uint64_t possible = from.soft;
  std::uint64_t impossible = wanted;
  if (from.hard > from.soft && from.hard < wanted && !attempt(from.hard)) possible = from.hard;
  while (impossible - possible > 1) {
    const auto middle = possible + (impossible - possible) / 2;
    (attempt(middle) ? impossible : possible) = middle;
  }
  reached = possible;
  return error;
}

}  // namespace

std::optional<file_limit::bounds> process_file_limit::current() {
  rlimit now{};
  if (::getrlimit(RLIMIT_NOFILE, &now) != 0) return std::nullopt;
  return bounds{now.rlim_cur, now.rlim_max};
}

std::error_code process_file_limit::set(bounds to) {
  const rlimit wanted{to.soft, to.hard};
  if (::setrlimit(RLIMIT_NOFILE, &wanted) == 0) return {};
  return {errno, std::generic_category()};
}

client_room make_room(std::int64_t clients, std::size_t own, file_limit& limit) {
  constexpr std::uint64_t assumed = 1024;
  client_room room;
  room.clients = clients;
  const auto wanted = static_cast<std::uint64_t>(clients) + own;
  const auto now = limit.current();
  if (now && now->soft >= wanted) return room;

  auto reached = now ? now->soft : assumed;
  std::error_code error;
  if (now)
    error = raise(limit, *now, wanted, reached);
  else
    room.warnings.push_back("The limit on open files cannot be read, 1024 is assumed.");
  if (reached >= wanted) {
    room.notice =
        fmt::format("Increased maximum number of open files to {} (it was originally set to {}).",
                    reached, now->soft);
    return room;
  }
  room.enough = reached > own;
  if (!room.enough) {
    room.clients = 0;
    room.warnings = {fmt::format(
        "Your current 'ulimit -n' of {} is not enough for the server to start. Please increase "
        "your open file limit to at least {}. Exiting.",
        reached, wanted)};
    return room;
  }
  room.clients = static_cast<std::int64_t>(reached - own);
  room.warnings.push_back(
      fmt::format("You requested maxclients of {} requiring at least {} max file descriptors.",
                  clients, wanted));
  if (error)
    room.warnings.push_back(
        fmt::format("Server can't set maximum open files to {} because of OS error: {}.", wanted,
                    error.message()));
  room.warnings.push_back(
      fmt::format("Current maximum open files is {}. maxclients has been reduced to {} to "
                  "compensate for low ulimit. If you need higher maxclients increase 'ulimit -n'.",
                  reached, room.clients));
  return room;
}

std::size_t own_files(std::int64_t io_threads) {
  constexpr std::size_t common = 32;
  constexpr std::size_t of_a_loop = 4;
  return common + static_cast<std::size_t>(io_threads - 1) * of_a_loop;
}

}  // namespace hawser::app
