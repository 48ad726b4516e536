#include "catch.hpp"
#include <engine/config/environment.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>

namespace {

using namespace hawser::engine;
namespace fs = std::filesystem;

/// A directory of its own for each test, gone afterwards.
struct own_directory {
  own_directory() {
    std::string pattern = (fs::temp_directory_path() / "hawser-config-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~own_directory() { fs::remove_all(path); }
  own_directory(const own_directory&) = delete;
  own_directory& operator=(const own_directory&) = delete;

  std::string operator/(const char* name) const { return (path / name).string(); }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }

  fs::path path;
};

}  // namespace

TEST_CASE("A replaced file holds the new text and nothing is left beside it", "[config]") {
  const own_directory directory;
  system_environment system;
  std::error_code error;
  CHECK_FALSE(system.replace(directory / "r.conf", "one"));
  CHECK_FALSE(system.replace(directory / "r.conf", std::string(100000, 'x')));
  CHECK(system.read(directory / "r.conf", error) == std::string(100000, 'x'));
  CHECK(directory.files() == 1);
}

TEST_CASE("A replaced file can be read by all whom the umask allows", "[config]") {
  const own_directory directory;
  const auto before = ::umask(027);
  system_environment system;
  ::umask(before);
  REQUIRE_FALSE(system.replace(directory / "r.conf", "one"));
  CHECK(fs::status(directory / "r.conf").permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read));
}

TEST_CASE("A file in no directory is neither read nor written", "[config]") {
  const own_directory directory;
  system_environment system;
  std::error_code error;
  CHECK(system.read(directory / "none/r.conf", error) == std::nullopt);
  CHECK(describe(error) == "No such file or directory");
  CHECK(describe(system.replace(directory / "none/r.conf", "x")) == "No such file or directory");
  CHECK(describe(system.probe_append(directory / "none/log")) == "No such file or directory");
}

TEST_CASE("Files that match a pattern come in order", "[config]") {
  const own_directory directory;
  system_environment system;
  for (const auto* name : {"b.conf", "a.conf", "c.txt"}) std::ofstream(directory / name) << name;
  CHECK(system.matches(directory / "*.conf") ==
        std::vector{directory / "a.conf", directory / "b.conf"});
  CHECK(system.matches(directory / "*.none").empty());
}

TEST_CASE("Trying a log file keeps what it holds", "[config]") {
  const own_directory directory;
  system_environment system;
  std::ofstream(directory / "log") << "old";
  CHECK_FALSE(system.probe_append(directory / "log"));
  std::error_code error;
  CHECK(system.read(directory / "log", error) == "old");
}

TEST_CASE("The directory that is entered is the working directory", "[config]") {
  const own_directory directory;
  system_environment system;
  const auto before = system.directory();
  CHECK_FALSE(system.enter(directory.path.string()));
  CHECK(system.directory() == fs::canonical(directory.path).string());
  CHECK_FALSE(system.enter(before));
  CHECK(describe(system.enter(directory / "none")) == "No such file or directory");
}
