#pragma once

#include <engine/command_spec.hpp>

#include <string>
#include <vector>

namespace hawser::engine {

struct command;

/// A command that waits for EXEC, with words of its own.
struct queued_command {
  command* what;
  command_flags flags;  // its own, or the script's that it runs, as they were then
  std::size_t bytes;    // that its request took on the wire
  std::vector<std::string> words;
};

/// What MULTI began: the queue, and whether EXEC may run it.
class transaction {
 public:
  bool active() const { return active_; }
  void begin() { active_ = true; }

  /// A command was refused while being queued: EXEC will abort.
  void spoil() { spoiled_ = active_; }
  bool spoiled() const { return spoiled_; }

  /// A watched key has changed: EXEC will reply null.
  void outdate() { outdated_ = true; }
  bool outdated() const { return outdated_; }
  void forget_outdated() { outdated_ = false; }

  void push(queued_command command);
  const std::vector<queued_command>& queue() const { return queue_; }

  /// Takes the newest `count` (no more than are queued) back, in the order they were queued.
  std::vector<queued_command> take_back(std::size_t count);

  /// Bytes held by the queue.
  std::size_t memory() const { return memory_; }

  /// Ends the transaction and returns its commands.
  std::vector<queued_command> finish();

 private:
  static std::size_t memory_of(const queued_command& command);

  std::vector<queued_command> queue_;
  std::size_t memory_ = 0;
  bool active_ = false;
  bool spoiled_ = false;
  bool outdated_ = false;
};

}  // namespace hawser::engine
