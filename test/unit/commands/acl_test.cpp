#include "catch.hpp"
#include "engine_fixture.hpp"
#include "temp_directory.hpp"

#include <fstream>
#include <string>

using hawser::test::engine_fixture;
using hawser::test::temp_directory;

namespace {

struct server_with_users : engine_fixture {
  server_with_users() {
    write("user default on nopass ~* &* +@all\nuser same on nopass ~* &* +@all\n");
    node.config.change([&](auto& all) { all.aclfile = path(); });
    (*this)("ACL LOAD");
  }

  std::string path() const { return (directory.path() / "users.acl").string(); }
  void write(const std::string& text) const { std::ofstream(path()) << text; }

  temp_directory directory;
};

}  // namespace

TEST_CASE("ACL LOAD ends the connections of all users but the default one", "[acl]") {
  server_with_users db;
  auto same = db.connect(), subscriber = db.connect();
  same("AUTH same x");
  subscriber("SUBSCRIBE news");
  CHECK(db("ACL LOAD") == "OK");
  CHECK(same.closed());
  db.write("user default on nopass ~* resetchannels +@all\n");
  CHECK(db("ACL LOAD") == "OK");
  CHECK_FALSE(subscriber.closed());
  CHECK(db("ACL USERS") == "[default]");
}

TEST_CASE("ACL LOAD ends nobody's connection when the file is not good", "[acl]") {
  server_with_users db;
  auto same = db.connect();
  same("AUTH same x");
  db.write("user same on nosuchrule\n");
  CHECK(db("ACL LOAD").starts_with("!ERR "));
  CHECK(same("PING") == "PONG");
}

TEST_CASE("Who loads users and is none of them any more is replied to first", "[acl]") {
  server_with_users db;
  auto same = db.connect();
  same("AUTH same x");
  same("MULTI");
  same("ACL LOAD");
  CHECK(same("EXEC") == "[OK]");
  CHECK(same.closed());
}

TEST_CASE(
    "A subscriber whose channels are taken away within its transaction is gone, and the server is "
    "not",
    "[acl]") {
  engine_fixture db;
  db("ACL SETUSER s on nopass ~* allchannels +@all");
  auto subscriber = db.connect();
  subscriber("HELLO 3 AUTH s x");
  subscriber.send("SUBSCRIBE news");
  CHECK(subscriber.reply() == ">[subscribe news 1]");
  subscriber("MULTI");
  SECTION("by another client") {
    subscriber("SET a 1");
    CHECK(db("ACL SETUSER s resetchannels") == "OK");
  }
  SECTION("by its own command") {
    subscriber("ACL SETUSER s resetchannels");
    subscriber("SET a 1");
    subscriber.send("EXEC");
  }
  CHECK(subscriber.closed());
  CHECK(db("PING") == "PONG");
}
