#include "catch.hpp"
#include "trickling_source.hpp"

#include <algorithm>
#include <persistence/aof_reader.hpp>
#include <string>
#include <vector>

using namespace hawser::persistence;
using hawser::test::trickling_source;
using state = aof_reader::state;

namespace {

struct reading {
  std::vector<std::string> requests;  // words joined by blanks
  state how = state::end;
  std::uint64_t offset = 0, end_of_units = 0;
  std::string reason;
};

reading read_all(const std::string& bytes, std::size_t at_once = 1 << 20) {
  trickling_source source(bytes, at_once);
  aof_reader reader(source);
  reading made;
  while ((made.how = reader.next()) == state::request) {
    std::string line;
    for (const auto word : reader.words()) (line += word) += ' ';
    line.pop_back();
    made.requests.push_back(line);
  }
  made.offset = reader.offset();
  made.end_of_units = reader.end_of_units();
  made.reason = reader.reason();
  return made;
}

std::string request(const std::vector<std::string>& words) {
  auto text = "*" + std::to_string(words.size()) + "\r\n";
  for (const auto& each : words) text += "$" + std::to_string(each.size()) + "\r\n" + each + "\r\n";
  return text;
}

const std::string select_0 = request({"SELECT", "0"});
const std::string whole = select_0 + "#TS:1700000000\r\n" + request({"SET", "a", "1"}) +
                          request({"MULTI"}) + request({"SET", "b", ""}) +
                          request({"SET", "c", "line\r\nend"}) + request({"EXEC"}) +
                          request({"DEL", "a"});

}  // namespace

TEST_CASE("Requests of a file are read one by one", "[aof][reader]") {
  for (const std::size_t at_once : {1, 2, 7, 1 << 20}) {
    const auto made = read_all(whole, at_once);
    CHECK(made.how == state::end);
    CHECK(made.requests == std::vector<std::string>{"SELECT 0", "SET a 1", "MULTI", "SET b ",
                                                    "SET c line\r\nend", "EXEC", "DEL a"});
    CHECK(made.end_of_units == whole.size());
  }
  CHECK(read_all("").how == state::end);
}

TEST_CASE("Every beginning of a file ends where a unit does, or is known to be cut off",
          "[aof][reader]") {
  // Where units end, annotations being a part of none.
  std::vector<std::size_t> ends{0};
  for (const auto& part : {select_0, std::string("#TS:1700000000\r\n"), request({"SET", "a", "1"})})
    ends.push_back(ends.back() + part.size());
  ends.push_back(whole.size() - request({"DEL", "a"}).size());
  ends.push_back(whole.size());
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    INFO(size);
    const auto made = read_all(whole.substr(0, size), 5);
    const auto last_end = *std::prev(std::ranges::upper_bound(ends, size));
    CHECK(made.end_of_units == last_end);
    CHECK(made.how == (last_end == size ? state::end : state::cut_off));
  }
}

TEST_CASE("What is no request is refused with its place and the reason", "[aof][reader]") {
  const auto check = [](const std::string& bytes, const std::string& reason) {
    INFO(bytes);
    const auto made = read_all(select_0 + bytes, 3);
    CHECK(made.how == state::malformed);
    CHECK(made.offset == select_0.size());
    CHECK(made.end_of_units == select_0.size());
    CHECK(made.reason == reason);
  };
  check("garbage\r\n", "expected '*'");
  check(std::string(10, '\0'), "expected '*'");
  check("*0\r\n", "a request without words");
  check("*-1\r\n", "a length behind '*' that is none");
  check("*1x\r\n", "a length behind '*' that is none");
  check("*1\n$1\r\na\r\n", "a length behind '*' that is none");
  check("*99999999999999999999999999999999999\r\n", "a length behind '*' that is none");
  check("*3000000000\r\n", "a length behind '*' that is none");
  check("*1\r\n+1\r\na\r\n", "expected '$'");
  check("*1\r\n$x\r\na\r\n", "a length behind '$' that is none");
  check("*2\r\n$3\r\ngetx\r\n", "a word that does not end where it should");
}

TEST_CASE("Lengths that are announced take no memory", "[aof][reader]") {
  CHECK(read_all("*2000000000\r\n$1\r\na\r\n").how == state::cut_off);
  CHECK(read_all("*1\r\n$1000000000000\r\nabc").how == state::cut_off);
}

TEST_CASE("A large request is read whole", "[aof][reader]") {
  const std::string large(300'000, 'x');
  const auto made = read_all(select_0 + request({"SET", "a", large}) + select_0, 50'000);
  CHECK(made.requests == std::vector<std::string>{"SELECT 0", "SET a " + large, "SELECT 0"});
}

TEST_CASE("What has been read ahead is read first", "[aof][reader]") {
  trickling_source source(whole.substr(10), 4);
  aof_reader reader(source, 100, std::string_view(whole).substr(0, 10));
  CHECK(reader.next() == state::request);
  CHECK(reader.offset() == 100);
  CHECK(reader.end_of_units() == 100 + select_0.size());
  CHECK(reader.words()[0] == "SELECT");
}

TEST_CASE("A source that fails ends the reading", "[aof][reader]") {
  trickling_source source(whole, 4);
  aof_reader reader(source);
  source.broken = true;
  CHECK(reader.next() == state::unreadable);
  CHECK_FALSE(reader.reason().empty());
}
