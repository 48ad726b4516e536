#include "limits.hpp"

#include "catch.hpp"

#include <cerrno>

using namespace hawser::app;

namespace {

class fake_limit final : public file_limit {
 public:
  fake_limit(bounds now, std::uint64_t system) : now_(now), system_(system) {}

  std::optional<bounds> current() override { return now_; }
  std::error_code set(bounds to) override {
    ++tries;
    if (to.hard > system_ || to.soft > to.hard) return {EPERM, std::generic_category()};
    now_ = to;
    return {};
  }

  std::uint64_t soft() const { return now_.soft; }
  std::uint64_t hard() const { return now_.hard; }
  int tries = 0;

 private:
  bounds now_;
  std::uint64_t system_;
};

class unknown_limit final : public file_limit {
 public:
  std::optional<bounds> current() override { return std::nullopt; }
  std::error_code set(bounds) override { return {EPERM, std::generic_category()}; }
};

}  // namespace

TEST_CASE("A limit on open files that is high enough is left alone", "[limits]") {
  fake_limit limit({20000, 30000}, 30000);
  const auto room = make_room(10000, 32, limit);
  CHECK(room.clients == 10000);
  CHECK(room.warnings.empty());
  CHECK(room.notice.empty());
  CHECK(limit.tries == 0);
}

TEST_CASE("A low limit on open files is raised to fit the clients, and the hard limit is kept",
          "[limits]") {
  fake_limit limit({1024, 500000}, 500000);
  const auto room = make_room(10000, 32, limit);
  CHECK(room.clients == 10000);
  CHECK(room.notice ==
        "Increased maximum number of open files to 10032 (it was originally set to 1024).");
  CHECK(room.warnings.empty());
  CHECK(limit.soft() == 10032);
  CHECK(limit.hard() == 500000);
}

TEST_CASE("A limit that cannot be raised far enough lowers the number of clients", "[limits]") {
  fake_limit limit({100, 1000}, 1000);
  const auto room = make_room(10000, 32, limit);
  CHECK(room.enough);
  CHECK(room.clients == 968);
  CHECK(limit.soft() == 1000);
  REQUIRE(room.warnings.size() == 3);
  CHECK(room.warnings[0] ==
        "You requested maxclients of 10000 requiring at least 10032 max file descriptors.");
  CHECK(room.warnings[1] ==
        "Server can't set maximum open files to 10032 because of OS error: Operation not "
        "permitted.");
  CHECK(room.warnings[2] ==
        "Current maximum open files is 1000. maxclients has been reduced to 968 to compensate for "
        "low ulimit. If you need higher maxclients increase 'ulimit -n'.");
}

TEST_CASE("A server that may raise the hard limit finds the highest the system allows",
          "[limits]") {
  fake_limit limit({100, 1000}, 65536);
  const auto room = make_room(4'000'000'000, 32, limit);
  CHECK(room.clients == 65536 - 32);
  CHECK(limit.soft() == 65536);
  CHECK(limit.tries < 50);
}

TEST_CASE("A limit with room for the server alone is not enough", "[limits]") {
  fake_limit limit({20, 20}, 20);
  const auto room = make_room(10000, 32, limit);
  CHECK_FALSE(room.enough);
  REQUIRE(room.warnings.size() == 1);
  CHECK(room.warnings[0].starts_with("Your current 'ulimit -n' of 20 is not enough"));
}

TEST_CASE("An unknown limit on open files is taken for 1024", "[limits]") {
  unknown_limit limit;
  const auto room = make_room(10000, 32, limit);
  CHECK(room.clients == 992);
  CHECK(room.warnings.size() == 3);
}

TEST_CASE("Each further I/O thread needs files of its own", "[limits]") {
  CHECK(own_files(1) == 32);
  CHECK(own_files(4) > own_files(3));
}
