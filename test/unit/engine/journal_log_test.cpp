#include "catch.hpp"
#include <engine/journal.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

using namespace hawser::engine;

namespace {

std::string rest(journal_cursor& of) {
  std::string all;
  for (auto piece = of.next(); piece.block != nullptr; piece = of.next()) all += piece.bytes;
  return all;
}

}  // namespace

TEST_CASE("A journal that nobody reads holds and counts nothing", "[journal]") {
  journal_log log;
  log.append("abc");
  CHECK(!log.wanted());
  CHECK(log.end() == 0);
  CHECK(log.memory() == 0);
}

TEST_CASE("Cursors read the journal from where they begin", "[journal]") {
  journal_log log;
  journal_cursor first(log, 0);
  log.append("abc");
  journal_cursor second(log, 1);
  journal_cursor third(log, log.end());
  log.append("de");
  CHECK(rest(first) == "abcde");
  CHECK(rest(second) == "bcde");
  CHECK(rest(third) == "de");
  CHECK(first.position() == 5);
  CHECK(first.lag() == 0);
  CHECK(rest(first).empty());
}

TEST_CASE("A piece outlives its block", "[journal]") {
  journal_log log;
  auto cursor = std::make_unique<journal_cursor>(log, 0);
  log.append("abc");
  const auto held = cursor->next();
  cursor.reset();
  CHECK(log.memory() == 0);
  CHECK(held.bytes == "abc");
}

TEST_CASE("The latest bytes are kept for readers that are to come", "[journal]") {
  journal_log log;
  log.keep(100'000);
  const std::string text(1'000, 'x');
  for (int i = 0; i < 1'000; ++i) log.append(text);
  CHECK(log.end() == 1'000'000);
  CHECK(log.begin() <= 900'000);
  CHECK(log.memory() <= 100'000 + 2 * journal_log::block_bytes);
  CHECK(log.read(899'999).bytes.size() > 0);
  CHECK(log.read(log.begin() - 1).block == nullptr);
  CHECK(log.read(log.end()).block == nullptr);
  log.keep(0);
  CHECK(log.memory() == 0);
}

TEST_CASE("A cursor that lags too far is lost, others are not", "[journal]") {
  journal_log log;
  journal_cursor patient(log, 0);
  journal_cursor bounded(log, 0, 100'000);
  const std::string text(journal_log::block_bytes, 'x');
  log.append(text);
  CHECK(!bounded.lost());
  journal_cursor* const slow = &bounded;
  rest(patient);
  for (int i = 0; i < 5; ++i) log.append(text);
  rest(patient);
  log.append(text);
  CHECK(slow->lost());
  CHECK(slow->next().block == nullptr);
  CHECK(!patient.lost());
  CHECK(rest(patient) == text);
}

TEST_CASE("A journal that begins anew loses its cursors", "[journal]") {
  journal_log log;
  journal_cursor old(log, 0);
  log.append("abc");
  log.restart(1'000);
  CHECK(old.lost());
  journal_cursor fresh(log, 1'000);
  log.append("de");
  CHECK(rest(fresh) == "de");
  CHECK(fresh.position() == 1'002);
  CHECK(old.next().block == nullptr);
}

TEST_CASE("A listener hears once of what is new", "[journal]") {
  journal_log log;
  int heard = 0;
  log.listen([&] { ++heard; });
  log.append("unheard, since unread");
  CHECK(heard == 0);
  log.keep(1);
  log.append("a");
  log.append("b");
  CHECK(heard == 1);
  log.listen_again();
  CHECK(heard == 1);
  log.append("c");
  CHECK(heard == 2);
}

TEST_CASE("Readers at any pace see the same bytes", "[journal]") {
  std::mt19937 random(7);
  journal_log log;
  struct reader {
    reader(journal_log& log, std::string before) : at(log, log.end()), seen(std::move(before)) {}
    journal_cursor at;
    std::string seen;
  };
  std::vector<std::unique_ptr<reader>> readers;
  std::string all;
  for (int round = 0; round < 2'000; ++round) {
    if (readers.size() < 5 && round % 100 == 0)
      readers.push_back(std::make_unique<reader>(log, all));
    const std::string text(random() % 3 == 0 ? random() % 200'000 : random() % 100,
                           static_cast<char>('a' + round % 26));
    log.append(text);
    all += text;
    auto& chosen = *readers[random() % readers.size()];
    if (const auto piece = chosen.at.next(); piece.block != nullptr) chosen.seen += piece.bytes;
    if (all.size() > 20'000'000) break;
  }
  for (auto& each : readers) CHECK((each->seen + rest(each->at)) == all);
}

TEST_CASE("A replica's journal is its primary's bytes", "[journal]") {
  journal of;
  journal_cursor reader(of.log, 0);
  of.follow(true);
  CHECK(!of.has_reader());
  const std::vector<std::string_view> words{"SET", "a", "1"};
  of.append(0, words);
  of.append_stream("*1\r\n$4\r\nPING\r\n");
  CHECK(rest(reader) == "*1\r\n$4\r\nPING\r\n");
  of.follow(false);
  of.append(0, words);
  CHECK(rest(reader) ==
        "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n");
}
