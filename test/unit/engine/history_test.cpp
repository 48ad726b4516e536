#include "catch.hpp"
#include <engine/history.hpp>

#include <string>

using hawser::engine::history;

TEST_CASE("A history is known by its id at any offset", "[replication]") {
  hawser::base::random chance(1);
  const history past(chance);
  CHECK(past.id().size() == 40);
  CHECK(past.second_id() == std::string(40, '0'));
  CHECK(past.second_offset() == -1);
  CHECK(past.covers(past.id(), 1));
  CHECK_FALSE(past.covers(past.second_id(), 1));
  CHECK_FALSE(past.covers(std::string(40, 'x'), 1));
}

TEST_CASE("Who followed the history that was left may go on up to where it was", "[replication]") {
  hawser::base::random chance(1);
  history past(chance);
  const auto old = past.id();
  past.leave(chance, 100);
  CHECK(past.id() != old);
  CHECK(past.second_id() == old);
  CHECK(past.second_offset() == 101);
  CHECK(past.covers(old, 101));
  CHECK_FALSE(past.covers(old, 102));
  CHECK(past.covers(past.id(), 102));
  past.begin_anew(chance);
  CHECK_FALSE(past.covers(old, 1));
}

TEST_CASE("A replica takes its primary's history over, under its new name as well",
          "[replication]") {
  hawser::base::random chance(1);
  history past(chance);
  const std::string first(40, 'a'), second(40, 'b');
  past.become(first);
  CHECK(past.id() == first);
  CHECK(past.second_offset() == -1);
  past.leave_for(second, 7);
  CHECK(past.id() == second);
  CHECK(past.covers(first, 8));
  CHECK_FALSE(past.covers(first, 9));
}

TEST_CASE("A saved history is the second one of the server that loads it", "[replication]") {
  hawser::base::random chance(1);
  history past(chance);
  const auto own = past.id();
  past.resume(std::string(40, 'a'), 7);
  CHECK(past.id() == own);
  CHECK(past.covers(std::string(40, 'a'), 8));
  CHECK_FALSE(past.covers(std::string(40, 'a'), 9));
}
