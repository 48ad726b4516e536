#pragma once

#include "asio.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace hawser::net {

class session;

/// An event loop with the sessions pinned to it. All members but `post` belong to its thread.
class io_thread {
 public:
  io_thread() : context_(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO) {}

  asio::io_context& context() { return context_; }
  executor executor_of() { return context_.get_executor(); }
  bool is_current() { return context_.get_executor().running_in_this_thread(); }

  /// Has the session flushed when everything that is ready now has been handled.
  void flush_after_pass(std::shared_ptr<session> ready);

  /// Has the session flushed again when there is progress on the disk, which it waits for.
  void hold(std::shared_ptr<session> waiting) { held_.push_back(std::move(waiting)); }
  /// There is progress.
  void release();

  /// Called before sessions are flushed, with their number.
  std::function<void(std::size_t)> before_flush;

  void add(session& added);
  void remove(session& gone);
  /// Gives back memory of sessions that have been idle since the last call.
  void trim_idle();
  /// Ends every session.
  void shut_all();
  std::size_t session_count() const { return sessions_.size(); }

 private:
  void flush_all();

  asio::io_context context_;
  std::map<std::uint64_t, session*> sessions_;  // by id
  std::vector<std::shared_ptr<session>> to_flush_;
  std::vector<std::shared_ptr<session>> flushing_;
  std::vector<std::shared_ptr<session>> held_;
};

}  // namespace hawser::net
