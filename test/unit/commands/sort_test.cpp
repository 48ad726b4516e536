#include "catch.hpp"
#include "engine_fixture.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace hawser::test;

TEST_CASE("SORT orders numbers by value and words by bytes", "[sort]") {
  engine_fixture db;
  db("RPUSH l 10 9 1e1 -1");
  CHECK(db("SORT l") == "[-1 9 10 1e1]");
  CHECK(db("SORT l ALPHA DESC") == "[9 1e1 10 -1]");
  db("RPUSH l x");
  CHECK(db("SORT l") == "!ERR One or more scores can't be converted into double");
}

TEST_CASE("SORT takes weights and results from other keys", "[sort]") {
  engine_fixture db;
  db("SADD s 1 2 3");
  db("MSET w_1 3 w_2 2 w_3 1 n_1 one n_3 three");
  CHECK(db("SORT s BY w_* GET # GET n_*") == "[3 three 2 nil 1 one]");
  db("HSET h_1 w 5");
  CHECK(db("SORT s BY h_*->w DESC") == "[1 3 2]");
}

TEST_CASE("SORT STORE puts a list, or nothing", "[sort]") {
  engine_fixture db;
  db("RPUSH l 2 1");
  CHECK(db("SORT l STORE to GET # GET none_*") == "4");
  CHECK(db("LRANGE to 0 -1") == "[1 \"\" 2 \"\"]");
  CHECK(db("SORT none STORE to") == "0");
  CHECK(db("EXISTS to") == "0");
}

TEST_CASE("A part of SORT's result is the same part of the whole", "[sort]") {
  engine_fixture db;
  std::mt19937 random(7);
  std::string all = "RPUSH l";
  std::vector<int> numbers;
  for (int i = 0; i < 500; ++i) numbers.push_back(static_cast<int>(random() % 300));
  for (const auto each : numbers) all += " " + std::to_string(each);
  db(all);
  std::ranges::sort(numbers);
  for (std::size_t first = 0; first < 520; first += 37)
    for (std::size_t count : {0, 1, 5, 100, 1000}) {
      std::string expected;
      for (auto i = first; i < std::min(first + count, numbers.size()); ++i)
        expected += (expected.empty() ? "" : " ") + std::to_string(numbers[i]);
      CHECK(db("SORT l LIMIT " + std::to_string(first) + " " + std::to_string(count)) ==
            "[" + expected + "]");
    }
}
