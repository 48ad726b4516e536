#pragma once

#include <cstddef>

namespace hawser::engine {

class client;
class node;

/// Keeps the memory of all clients together within `maxmemory-clients`, by ending the connections
/// of those that take most. Replicas, primaries and clients that asked for it with CLIENT NO-EVICT
/// are left alone.
class client_memory {
 public:
  explicit client_memory(node& server) : server_(server) {}

  /// Bytes that clients may take together; 0: any number.
  std::size_t limit() const;

  /// Looks at one client whose memory may have changed. O(1) while the limit is not reached.
  void look_at(client& who);
  /// Looks at all of them.
  void look_at_all();
  /// A client goes.
  void forget(client& who);

 private:
  void count(client& who);
  void keep_within(std::size_t limit);

  node& server_;
  std::size_t total_ = 0;  // of what has been counted
};

}  // namespace hawser::engine
