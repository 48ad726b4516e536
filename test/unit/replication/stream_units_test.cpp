#include "catch.hpp"

#include <replication/stream_units.hpp>
#include <string_view>

using hawser::replication::stream_units;

namespace {

bool after(stream_units& of, std::string_view word) { return of.whole_after({&word, 1}); }

}  // namespace

TEST_CASE("A stream may be cut anywhere but within a transaction", "[replication]") {
  stream_units units;
  CHECK(after(units, "SET"));
  CHECK_FALSE(after(units, "multi"));
  CHECK_FALSE(after(units, "SET"));
  CHECK(after(units, "EXEC"));
  CHECK(after(units, "PING"));
  CHECK_FALSE(after(units, "MULTI"));
  CHECK(after(units, "discard"));
}
