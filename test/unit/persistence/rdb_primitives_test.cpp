#include "catch.hpp"
#include "trickling_source.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <persistence/rdb_input.hpp>
#include <persistence/rdb_output.hpp>
#include <string>
#include <vector>

namespace {

using hawser::persistence::byte_sink;
using hawser::persistence::rdb_failure;
using hawser::persistence::rdb_input;
using hawser::persistence::rdb_options;
using hawser::persistence::rdb_output;
using hawser::persistence::string_sink;
using hawser::test::trickling_source;

class full_disk final : public byte_sink {
 public:
  std::error_code write(std::string_view) override {
    ++writes;
    return std::make_error_code(std::errc::no_space_on_device);
  }
  int writes = 0;
};

std::string written(const std::function<void(rdb_output&)>& write, rdb_options options = {},
                    std::size_t block = rdb_output::usual_block) {
  std::string bytes;
  string_sink sink(bytes);
  rdb_output out(sink, options, block);
  write(out);
  CHECK_FALSE(out.flush());
  CHECK(out.bytes_written() == bytes.size());
  return bytes;
}

std::string written_string(std::string_view text, rdb_options options = {}) {
  return written([&](rdb_output& out) { out.string(text); }, options);
}

/// Reads from memory, and from a source at several paces: all must see the same.
void read_back(const std::string& bytes, const std::function<void(rdb_input&)>& check) {
  rdb_input memory{std::string_view(bytes)};
  check(memory);
  CHECK(memory.offset() == bytes.size());
  for (const std::size_t step : {1, 7, 1'000'000}) {
    trickling_source slow(bytes, step);
    rdb_input in(slow);
    check(in);
    CHECK(in.offset() == bytes.size());
  }
}

std::string failure_of(std::string_view bytes, const std::function<void(rdb_input&)>& read) {
  try {
    rdb_input in(bytes);
    read(in);
  } catch (const rdb_failure& failure) {
    CHECK(failure.offset <= bytes.size());
    return failure.reason;
  }
  return "";
}

const std::vector<std::string>& texts() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> made{"",           "a",
                                  "0",          "-1",
                                  "127",        "128",
                                  "-128",       "-129",
                                  "32767",      "32768",
                                  "-32769",     "007",
                                  "2147483647", "-2147483648",
                                  "2147483648", "+1",
                                  "1.5",        "-0",
                                  "00",         "1e3",
                                  "- 1",        "99999999999999999999"};
    for (const std::size_t size : {20, 21, 63, 64, 16383, 16384, 70'000, 300'000}) {
      made.emplace_back(size, 'x');
      std::string mixed;
      for (std::size_t i = 0; i < size; ++i) mixed += static_cast<char>(i * i * 31 >> 3);
      made.push_back(mixed);
    }
    return made;
  }();
  return all;
}

}  // namespace

TEST_CASE("Lengths take 1, 2, 5 or 9 bytes and are read back", "[persistence][rdb]") {
  const std::pair<std::uint64_t, std::size_t> sizes[] = {
      {0, 1},     {63, 1},         {64, 2},          {16383, 2},
      {16384, 5}, {0xffffffff, 5}, {0x100000000, 9}, {~std::uint64_t{0}, 9}};
  for (const auto& [length, size] : sizes) {
    const auto bytes = written([length = length](rdb_output& out) { out.length(length); });
    CHECK(bytes.size() == size);
    read_back(bytes, [length = length](rdb_input& in) { CHECK(in.length() == length); });
  }
}

TEST_CASE("Strings are written in their shortest form and read back", "[persistence][rdb]") {
  CHECK(written_string("1") == std::string("\xc0\x01", 2));
  CHECK(written_string("-129") == std::string("\xc1\x7f\xff", 3));
  CHECK(written_string("32768") == std::string("\xc2\x00\x80\x00\x00", 5));
  CHECK(written_string("2147483648") ==
        "\x0a"
        "2147483648");
  CHECK(written_string("01") ==
        "\x02"
        "01");
  CHECK(written_string(std::string(1000, 'x')).size() < 30);
  CHECK(written_string(std::string(1000, 'x'), {false, true}).size() == 1002);
  for (const bool compress : {false, true})
    for (const auto& text : texts())
      read_back(written_string(text, {compress, true}),
                [&](rdb_input& in) { CHECK(in.text() == text); });
}

TEST_CASE("Small blocks and large ones give the same bytes and the same checksum",
          "[persistence][rdb]") {
  std::vector<std::string> results;
  std::vector<std::uint64_t> sums;
  for (const std::size_t block : {16, 100, 65536}) {
    results.push_back(written(
        [&](rdb_output& out) {
          for (const auto& text : texts()) out.string(text);
          out.binary_double(1.5);
          sums.push_back(out.checksum());
          out.integer(std::numeric_limits<std::int64_t>::min());
        },
        {}, block));
  }
  CHECK(results[0] == results[1]);
  CHECK(results[0] == results[2]);
  CHECK(sums == std::vector<std::uint64_t>(3, sums[0]));
  read_back(results[0], [&](rdb_input& in) {
    for (const auto& text : texts()) CHECK(in.text() == text);
    CHECK(in.binary_double() == 1.5);
    const auto kept = in.checksum();
    CHECK((kept == 0 || kept == sums[0]));  // of bytes in memory none is computed
    CHECK(in.text() == "-9223372036854775808");
  });
}

TEST_CASE("A sink that fails is not asked again", "[persistence][rdb]") {
  full_disk sink;
  rdb_output out(sink, {}, 64);
  for (int i = 0; i < 100; ++i) out.string("some text or other");
  CHECK(out.flush() == std::errc::no_space_on_device);
  CHECK(sink.writes == 1);
}

TEST_CASE("A string that ends too early is refused at every cut", "[persistence][rdb]") {
  for (const auto& text : texts()) {
    if (text.size() > 1000) continue;
    const auto whole = written_string(text);
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
      const auto read = [](rdb_input& in) { in.text(); };
      CHECK(failure_of(whole.substr(0, cut), read) == "unexpected end of data");
      trickling_source slow(whole.substr(0, cut), 3);
      rdb_input in(slow);
      CHECK_THROWS_AS(in.text(), rdb_failure);
    }
  }
}

TEST_CASE("Announced sizes take no memory before the bytes are there", "[persistence][rdb]") {
  const std::string huge(
      "\x81\x00\xff\xff\xff\xff\xff\xff\xff"
      "abc",
      12);
  CHECK(failure_of(huge, [](rdb_input& in) { in.text(); }) == "unexpected end of data");
  trickling_source slow(huge, 5);
  rdb_input in(slow);
  CHECK_THROWS_AS(in.text(), rdb_failure);
  const std::string bomb(
      "\xc3\x03\x80\xff\xff\xff\xff"
      "abc",
      10);
  CHECK(failure_of(bomb, [](rdb_input& from) { from.text(); }) ==
        "a compressed string that does not unpack");
}

TEST_CASE("Strings of unknown forms and bad lengths are refused", "[persistence][rdb]") {
  const auto text = [](rdb_input& in) { in.text(); };
  const auto length = [](rdb_input& in) { in.length(); };
  CHECK(failure_of("\xc4"
                   "abcdefgh",
                   text) == "a string of an unknown form");
  CHECK(failure_of("\x82"
                   "abcdefgh",
                   text) == "a length of an unknown kind");
  CHECK(failure_of(std::string_view("\xc0\x01", 2), length) ==
        "a string where a length is expected");
  CHECK(failure_of(std::string_view("\xc3\x00\x00", 3), text) ==
        "a compressed string that does not unpack");
}

TEST_CASE("Old scores are texts or special values", "[persistence][rdb]") {
  const auto score = [](std::string_view bytes) { return rdb_input(bytes).text_double(); };
  CHECK(score("\x03"
              "1.5") == 1.5);
  CHECK(score("\x14"
              "-1.7976931348623e+08") == -1.7976931348623e+08);
  CHECK(score("\xfe") == std::numeric_limits<double>::infinity());
  CHECK(score("\xff") == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(score("\xfd")));
  CHECK_THROWS_AS(score("\x03"
                        "abc"),
                  rdb_failure);
  CHECK_THROWS_AS(score(std::string_view("\x00", 1)), rdb_failure);
}
