#pragma once

#include <engine/no_link.hpp>

#include <string>
#include <string_view>

namespace hawser::scripting {

/// The client that commands of scripts are executed for: it has no connection, and what it is
/// replied is for the script.
class script_client final : engine::no_link {
 public:
  script_client() : who(0, *this) {
    who.is_script = true;
    who.address = who.local_address = "?:0";
    who.authenticated = true;
  }

  engine::client who;

  /// Begins anew, on behalf of another client.
  void act_for(const engine::client& caller) {
    who.db = caller.db;
    who.user = caller.user;
    who.no_touch = caller.no_touch;
    who.reply.set_version(resp::protocol::resp2);
  }

  /// The reply of the last command, until forget.
  std::string_view reply() {
    std::string_view first;
    if (who.out.pieces({&first, 1}) == 0 || first.size() == who.out.size()) return first;
    joined_ = who.out.str();
    return joined_;
  }
  void forget() {
    constexpr std::size_t kept = 64 * 1024;
    who.out.clear();
    if (joined_.capacity() > kept) joined_ = {};
  }

 private:
  std::string joined_;  // a reply that lies in several pieces
};

}  // namespace hawser::scripting
