#include "io_thread.hpp"

#include "session.hpp"

#include <utility>

namespace hawser::net {

void io_thread::add(session& added) { sessions_.emplace(added.id(), &added); }
void io_thread::remove(session& gone) { sessions_.erase(gone.id()); }

void io_thread::flush_after_pass(std::shared_ptr<session> ready) {
  if (to_flush_.empty()) asio::post(context_, [this] { flush_all(); });
  to_flush_.push_back(std::move(ready));
}

void io_thread::flush_all() {
  // Flushing may end sessions, but never asks for another flush of this pass.
  flushing_.swap(to_flush_);
  if (before_flush) before_flush(flushing_.size());
  for (const auto& each : flushing_) each->flush();
  flushing_.clear();
}

void io_thread::release() {
  for (const auto& each : std::exchange(held_, {})) each->flush_held();
}

void io_thread::trim_idle() {
  for (const auto& [id, each] : sessions_) each->trim();
}

void io_thread::shut_all() {
  const auto all = sessions_;
  for (const auto& [id, each] : all) each->shut();
}

}  // namespace hawser::net
