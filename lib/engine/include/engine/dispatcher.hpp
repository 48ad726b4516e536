#pragma once

#include <base/chunked_buffer.hpp>
#include <engine/client.hpp>
#include <engine/command_table.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace hawser::resp {
class request_batch;
}

namespace hawser::engine {

class context;
class node;

/// Takes clients' requests through admission to their handlers.
class dispatcher {
 public:
  using words_t = std::span<const std::string_view>;

  enum class outcome : std::uint8_t {
    done,       // replied, or queued, or will never reply
    postponed,  // to be tried again when the client is resumed
  };

  explicit dispatcher(node& server) : server_(server) {}

  /// Executes the requests of a batch from `first` on, in order, until they are done, one is
  /// postponed or the client is to be closed; returns the index of the first that was not executed.
  std::size_t execute(client& who, const resp::request_batch& batch, std::size_t first);

  /// The time from here on is that of the next command: what came before was spent elsewhere.
  void start_timing();

  /// Admits and executes one request, which has at least one word.
  outcome execute(client& who, words_t words);

  /// Executes a command that has been admitted before (EXEC's queue).
  void call(client& who, command& what, words_t words);

  /// Which replies reach the client from now on.
  void set_replies(client& who, reply_mode mode);

 private:
  command* resolve(client& who, words_t words);
  command* find(std::string_view name);
  void send_away(client& who);
  void reject(client& who, command* what, std::string_view text);
  bool must_wait(client& who, const command& what) const;
  void end_of_withheld(client& who);
  void run(context& cx);
  void account(context& cx, std::uint64_t took_ns, words_t words);
  void feed_monitors(const context& cx, words_t words);
  void read_ahead(const resp::request_batch& batch, client& who, std::size_t first);

  node& server_;
  std::uint64_t lap_ns_ = 0;
  command* last_found_ = nullptr;  // what find found last, under
  char last_name_[16] = {};        // this name, as it was written
  std::size_t last_name_size_ = 0;
  base::chunked_buffer nowhere_;  // takes the replies that CLIENT REPLY holds back
};

}  // namespace hawser::engine
