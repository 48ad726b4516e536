#include "catch.hpp"
#include "engine_fixture.hpp"

#include <replication/acknowledgement.hpp>

using hawser::test::engine_fixture;

TEST_CASE("Who becomes a replica does not ask for acknowledgements in its primary's stream",
          "[replication]") {
  engine_fixture db;
  auto replica = db.connect(), writer = db.connect();
  replica.send("PSYNC ? -1");
  CHECK(writer("SET a 1") == "OK");
  CHECK(db("CLIENT PAUSE 100 WRITE") == "OK");  // as a failover does
  writer.send("WAIT 1 0");
  hawser::replication::ask_replicas(db.node);
  const auto end = db.node.stream_offset();
  CHECK(db("REPLICAOF primary 6379") == "OK");
  CHECK(db("CLIENT UNPAUSE") == "OK");
  hawser::replication::ask_replicas(db.node);
  CHECK(db.node.stream_offset() == end);
}
