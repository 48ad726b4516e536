#include "catch.hpp"
#include "file_text.hpp"
#include "memory_file_system.hpp"
#include "temp_directory.hpp"

#include <persistence/replace_file.hpp>
#include <string>

namespace {

using hawser::persistence::byte_sink;
using hawser::persistence::posix_file_system;
using hawser::persistence::replace_file;
using hawser::test::memory_file_system;
using operation = memory_file_system::operation;

const std::filesystem::path directory = "/data", file = directory / "dump.rdb",
                            temporary = directory / "temp.rdb";

std::error_code write_new(byte_sink& to) {
  if (const auto failure = to.write("new ")) return failure;
  return to.write("content");
}

std::error_code replace(memory_file_system& files) {
  return replace_file(files, file, temporary, write_new);
}

}  // namespace

TEST_CASE("A replaced file is there after a loss of power", "[persistence][files]") {
  memory_file_system files;
  files.put(file, "old");
  CHECK_FALSE(replace(files));
  CHECK(files.content(file) == "new content");
  CHECK_FALSE(files.exists(temporary));
  files.lose_power();
  CHECK(files.content(file) == "new content");
}

TEST_CASE("Replacing a file that fails at any step leaves the old one", "[persistence][files]") {
  const auto failing =
      GENERATE(operation::create, operation::write, operation::sync, operation::rename);
  const int successes = GENERATE(0, 1);
  if (successes == 1 && failing != operation::write) return;
  memory_file_system files;
  files.put(file, "old");
  files.fail(failing, std::errc::io_error, successes);
  CHECK(replace(files) == std::errc::io_error);
  CHECK(files.content(file) == "old");
  CHECK_FALSE(files.exists(temporary));
  files.lose_power(3);
  CHECK(files.content(file) == "old");
  CHECK_FALSE(replace(files));
}

TEST_CASE("A directory that cannot be synced leaves the old file or the new one",
          "[persistence][files]") {
  memory_file_system files;
  files.put(file, "old");
  files.fail(operation::sync_directory, std::errc::io_error);
  CHECK(replace(files) == std::errc::io_error);
  CHECK(files.content(file) == "new content");
  files.lose_power();
  CHECK(files.content(file) == "old");
}

TEST_CASE("A full disk leaves the old file", "[persistence][files]") {
  memory_file_system files;
  files.put(file, "old");
  for (std::size_t space = 0; space < 11; ++space) {
    files.space(space);
    CHECK(replace(files) == std::errc::no_space_on_device);
    CHECK(files.content(file) == "old");
    CHECK_FALSE(files.exists(temporary));
  }
  files.space(11);
  CHECK_FALSE(replace(files));
}

TEST_CASE("Files of the operating system are replaced", "[persistence][files]") {
  const hawser::test::temp_directory home;
  posix_file_system files;
  const auto target = home.path() / "file", other = home.path() / "other";
  CHECK_FALSE(replace_file(files, target, other, write_new));
  CHECK_FALSE(replace_file(files, target, other, write_new));
  CHECK(hawser::test::file_text(target) == "new content");
  CHECK_FALSE(std::filesystem::exists(other));

  std::error_code failure;
  const auto source = files.open(target, failure);
  REQUIRE(source != nullptr);
  char room[100];
  CHECK(source->read(room, failure) == 11);
  CHECK(source->read(room, failure) == 0);
  CHECK_FALSE(failure);
  CHECK(files.open(other, failure) == nullptr);
  CHECK(failure == std::errc::no_such_file_or_directory);
  CHECK(replace_file(files, target, home.path() / "none" / "x", write_new) ==
        std::errc::no_such_file_or_directory);
  CHECK(replace_file(files, "/proc/self/x", other, write_new));
}
