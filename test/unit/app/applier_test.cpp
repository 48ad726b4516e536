#include "applier.hpp"

#include "catch.hpp"
#include "file_text.hpp"
#include "log_file.hpp"
#include "temp_directory.hpp"

#include <cerrno>

using namespace hawser;
using namespace hawser::app;

namespace {

class small_limit final : public file_limit {
 public:
  std::optional<bounds> current() override { return bounds{1032, 1032}; }
  std::error_code set(bounds) override { return {EPERM, std::generic_category()}; }
};

/// An applier all of whose effects are seen.
struct fixture {
  test::temp_directory directory;
  engine::settings options = [this] {
    engine::settings made;
    made.logfile = directory.path() / "log";
    return made;
  }();
  log_file log{options};
  small_limit files;
  oom_score oom;
  bool can_listen = true;
  bool can_secure = true;
  bool append_works = true;
  std::string told;
  applier port{{log, files, oom,
                [this](const engine::settings& now) {
                  told += "listen " + std::to_string(now.port) + "; ";
                  return can_listen;
                },
                [this](const engine::settings&) { return can_secure; },
                [this](const engine::settings&) { told += "title; "; },
                [this](bool on) { told += on ? "report; " : "do not report; "; },
                [this](const std::string& password) { told += "password " + password + "; "; },
                [this](bool on) { told += on ? "release; " : "do not release; "; },
                [this](bool on) {
                  told += on ? "append; " : "do not append; ";
                  return append_works;
                },
                [] { return std::size_t{1'000}; }}};

  std::string log_text() const { return test::file_text(directory.path() / "log"); }
};

}  // namespace

TEST_CASE("A changed port or address is listened on and shown in the title", "[applier]") {
  fixture process;
  process.options.port = 7000;
  CHECK_FALSE(process.port.apply("port", process.options));
  CHECK_FALSE(process.port.apply("bind", process.options));
  CHECK(process.told == "listen 7000; title; listen 7000; title; ");
}

TEST_CASE("A changed password becomes the default user's", "[applier]") {
  fixture process;
  process.options.requirepass = "secret";
  CHECK_FALSE(process.port.apply("requirepass", process.options));
  CHECK(process.told == "password secret; ");
}

TEST_CASE("A port or address that cannot be had is refused in the oracle's words", "[applier]") {
  fixture process;
  process.can_listen = false;
  CHECK(process.port.apply("port", process.options) ==
        "Unable to listen on this port. Check server logs.");
  CHECK(process.port.apply("bind", process.options) == "Failed to bind to specified addresses.");
  CHECK(process.told.find("title") == std::string::npos);
}

TEST_CASE("More clients than files may be open are refused with the number that fits",
          "[applier]") {
  fixture process;
  process.options.maxclients = 1000;
  CHECK_FALSE(process.port.apply("maxclients", process.options));
  process.options.maxclients = 1001;
  CHECK(process.port.apply("maxclients", process.options) ==
        "The operating system is not able to handle the specified number of clients, try with "
        "1000");
  CHECK(process.log_text().find("maxclients has been reduced to 1000") != std::string::npos);
}

TEST_CASE("A changed log level counts from the next line on", "[applier]") {
  fixture process;
  process.options.loglevel = engine::log_level::warning;
  CHECK_FALSE(process.port.apply("loglevel", process.options));
  process.log.notice("not important");
  process.log.warning("important");
  CHECK(process.log_text().find("not important") == std::string::npos);
  CHECK(process.log_text().find("# important") != std::string::npos);
}

TEST_CASE("TLS that cannot be had is refused in the oracle's words", "[applier]") {
  fixture process;
  CHECK_FALSE(process.port.apply("tls-port", process.options));
  process.can_secure = false;
  process.options.tls_port = 7001;
  CHECK(process.port.apply("tls-port", process.options) ==
        "Unable to update TLS configuration. Check server logs.");
}

TEST_CASE("Switches of the process follow the settings", "[applier]") {
  fixture process;
  process.options.crash_log_enabled = false;
  process.options.jemalloc_bg_thread = true;
  for (const auto* name : {"crash-log-enabled", "jemalloc-bg-thread", "proc-title-template"})
    CHECK_FALSE(process.port.apply(name, process.options));
  CHECK(process.told == "do not report; release; title; ");
}

TEST_CASE("A directive without an effect on the process changes nothing", "[applier]") {
  fixture process;
  CHECK_FALSE(process.port.apply("hz", process.options));
  CHECK(process.told.empty());
}

TEST_CASE("A limit below the memory in use is warned of", "[applier]") {
  fixture process;
  for (const std::uint64_t limit : {0, 1'000, 999}) {
    CHECK(process.log_text().find("maxmemory") == std::string::npos);
    process.options.maxmemory = limit;
    CHECK_FALSE(process.port.apply("maxmemory", process.options));
  }
  CHECK(process.log_text().find("set to 999 bytes while 1000 are in use") != std::string::npos);
}

TEST_CASE("The append-only file follows, or says that it cannot", "[app]") {
  fixture it;
  it.options.appendonly = true;
  CHECK_FALSE(it.port.apply("appendonly", it.options));
  it.append_works = false;
  CHECK(it.port.apply("appendonly", it.options) == "Unable to turn on AOF. Check server logs.");
  CHECK(it.told == "append; append; ");
}
