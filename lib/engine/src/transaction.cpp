#include <engine/transaction.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace hawser::engine {

std::size_t transaction::memory_of(const queued_command& command) {
  std::size_t bytes = sizeof command + command.words.capacity() * sizeof(std::string);
  for (const auto& word : command.words) bytes += word.capacity();
  return bytes;
}

void transaction::push(queued_command command) {
  // It will not be executed, and is not to be asked what it would have needed.
  if (spoiled_ || outdated_) return;
  memory_ += memory_of(command);
  queue_.push_back(std::move(command));
}

std::vector<queued_command> transaction::take_back(std::size_t count) {
  const auto from = queue_.end() - static_cast<std::ptrdiff_t>(count);
  std::vector<queued_command> taken(std::make_move_iterator(from),
                                    std::make_move_iterator(queue_.end()));
  queue_.erase(from, queue_.end());
  for (const auto& command : taken) memory_ -= memory_of(command);
  return taken;
}

std::vector<queued_command> transaction::finish() {
  active_ = spoiled_ = outdated_ = false;
  memory_ = 0;
  return std::exchange(queue_, {});
}

}  // namespace hawser::engine
