#pragma once

#include "server_core.hpp"

#include <utility>

namespace hawser::net {

/// Awaitable: has work done on the strand and goes on, on the caller's thread, when it is over.
/// What the work refers to stays where it is meanwhile.
template <class Work>
auto strand_turn(server_core& core, io_thread& home, Work work) {
  asio::use_awaitable_t<executor> token;
  return asio::async_initiate<asio::use_awaitable_t<executor>, void()>(
      [&core, &home](auto resume, Work todo) {
        core.strand.enter([&home, resume = std::move(resume), todo = std::move(todo)]() mutable {
          todo();
          asio::post(home.context(), std::move(resume));
        });
      },
      token, std::move(work));
}

}  // namespace hawser::net
