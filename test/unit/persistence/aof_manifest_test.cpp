#include "catch.hpp"

#include <persistence/aof_manifest.hpp>

using namespace hawser::persistence;

namespace {

const std::string two =
    "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n";

/// "line: reason", or "read".
std::string outcome(std::string_view text) {
  const auto read = parse_manifest(text);
  if (const auto* failure = std::get_if<manifest_failure>(&read))
    return std::to_string(failure->line) + ": " + failure->reason;
  return "read";
}

aof_manifest read(std::string_view text) { return std::get<aof_manifest>(parse_manifest(text)); }

}  // namespace

TEST_CASE("A manifest is read and written as it was", "[aof][manifest]") {
  const auto made = read(two);
  CHECK(made.base == aof_file{"appendonly.aof.1.base.rdb", 1});
  CHECK(made.increments == std::vector{aof_file{"appendonly.aof.1.incr.aof", 1}});
  CHECK(format_manifest(made) == two);
  const std::string with_history =
      "file b.3.base.rdb seq 3 type b\nfile b.1.incr.aof seq 1 type h\nfile b.2.base.rdb seq 2 "
      "type "
      "h\nfile b.4.incr.aof seq 4 type i\nfile b.5.incr.aof seq 5 type i\n";
  CHECK(format_manifest(read(with_history)) == with_history);
  CHECK(read(with_history).last_increment() == 5);
  CHECK(read(with_history).last_base() == 3);
}

TEST_CASE("Names that need it are quoted in a manifest", "[aof][manifest]") {
  aof_manifest made;
  made.base = aof_file{"the \"file\" of all.1.base.rdb", 1};
  CHECK(format_manifest(made) == "file \"the \\\"file\\\" of all.1.base.rdb\" seq 1 type b\n");
  CHECK(read(format_manifest(made)) == made);
}

TEST_CASE("A manifest may have comments, blanks, other orders and pairs that nobody knows",
          "[aof][manifest]") {
  CHECK(read("# one\n" + two + "#") == read(two));
  CHECK(read("  FILE appendonly.aof.1.base.rdb SEQ 1 TYPE b \r\n"
             "seq 1 type i note 5 file appendonly.aof.1.incr.aof\n") == read(two));
  CHECK(read("# nothing\n").empty());
}

TEST_CASE("A manifest that cannot be is refused with its line and the reason", "[aof][manifest]") {
  const std::string bad = ": Invalid AOF manifest file format";
  CHECK(outcome("") == "0: Found an empty AOF manifest");
  CHECK(outcome("\n") == "1" + bad);
  CHECK(outcome(two + "\n") == "3" + bad);
  CHECK(outcome("file a seq 1 type") == "0: The AOF manifest file contains too long line");
  CHECK(outcome("file " + std::string(1100, 'a') + " seq 1 type b\n") ==
        "0: The AOF manifest file contains too long line");
  CHECK(outcome("file " + std::string(255, '\x01') + " seq 1 type b\n") ==
        "1: The name of the file is too long");
  CHECK(outcome("file " + std::string(200, '\x01') + " seq 1 type b\n") == "read");
  CHECK(outcome("file a seq 1 type\n") == "1" + bad);
  CHECK(outcome("file a seq 1\n") == "1" + bad);
  CHECK(outcome("seq 1 type b foo bar\n") == "1" + bad);
  CHECK(outcome("file a seq 0 type b\n") == "1" + bad);
  CHECK(outcome("file a seq x type b\n") == "1" + bad);
  CHECK(outcome("file \"a seq 1 type b\n") == "1" + bad);
  CHECK(outcome("file a/b seq 1 type b\n") == "1: File can't be a path, just a filename");
  CHECK(outcome("file a seq 1 type z\n") == "1: Unknown AOF file type");
  CHECK(outcome(two + "file b seq 2 type b\n") == "3: Found duplicate base file information");
  CHECK(outcome(two + "file b seq 1 type i\n") == "3: Found a non-monotonic sequence number");
}

TEST_CASE("Every beginning of a manifest is read or refused", "[aof][manifest]") {
  for (std::size_t size = 0; size < two.size(); ++size) {
    INFO(size);
    const bool whole_line = size > 0 && two[size - 1] == '\n';
    CHECK((outcome(two.substr(0, size)) == "read") == whole_line);
  }
}
