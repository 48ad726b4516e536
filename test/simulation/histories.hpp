#pragma once

#include <engine/node.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hawser::simulation {

/// What servers promise has been broken.
class broken_promise : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// All changes that any server of the world has ever made, and how far each server has come in
/// them.
///
/// Checks that servers of the same history have the same bytes at the same offsets, that only a
/// primary adds to its history, and that at the same offset there are the same data.
class histories {
 public:
  /// A place in a history.
  struct place {
    std::string id;
    std::uint64_t offset = 0;
    auto operator<=>(const place&) const = default;
  };

  /// To be called when a server has been polled.
  void observe(int server, engine::node& node);
  /// The server is gone, its memory too.
  void forget(int server) {
    servers_.erase(server);
    were_replicas_.erase(server);
  }

  /// Where a server is; an empty id: its changes are not counted.
  place now(int server) const;
  /// The server has had all up to this place, at some time, maybe when the history had another name
  /// still.
  bool has_reached(int server, const place& what) const { return is_in(reached_, server, what); }
  /// The same of its append-only file.
  bool has_on_disk(int server, const place& what) const { return is_in(on_disk_, server, what); }
  /// Who is at `later` has had `what`.
  bool leads_to(const place& what, const place& later) const;

  /// The data of the two are to be the same: throws what differs.
  static void compare_data(engine::node& one, engine::node& other);

 private:
  struct history {
    std::uint64_t begin = 0;  // what was before is another history's, or nobody has seen it
    std::string bytes;
    std::uint64_t end() const { return begin + bytes.size(); }
  };
  using digest = std::array<std::uint8_t, 20>;

  using farthest = std::map<std::pair<int, std::string>, std::uint64_t>;

  bool is_in(const farthest& of, int server, const place& what) const;
  void note_name(const engine::history& of);
  void add(int server, bool replica, const engine::node& node, const place& from, std::uint64_t to);
  void compare_digest(int server, engine::node& node, const place& at);

  std::map<std::string, history> all_;
  std::map<std::string, place> left_;  // by a history, where it began
  std::map<int, place> servers_;
  std::map<int, bool> were_replicas_;  // when they were last observed
  farthest reached_;
  farthest on_disk_;
  std::map<place, digest> digests_;
};

}  // namespace hawser::simulation
