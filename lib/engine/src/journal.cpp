#include <engine/journal.hpp>
#include <resp/request.hpp>

#include <fmt/format.h>

namespace hawser::engine {

namespace {

constexpr std::string_view multi = "*1\r\n$5\r\nMULTI\r\n";
constexpr std::string_view exec = "*1\r\n$4\r\nEXEC\r\n";
constexpr std::size_t kept_capacity = 64 * 1024;  // of the buffer of units

}  // namespace

void journal::follow(bool following) {
  following_ = following;
  select_again();
}

void journal::begin_request(int db, std::size_t count) {
  if (db != db_) {
    resp::append_request(unit_, {"SELECT", fmt::format_int(db).c_str()});
    db_ = db;
  }
  if (++requests_ == 1) first_ = unit_.size();
  resp::begin_request(unit_, count);
}

void journal::word(std::string_view text) { resp::append_word(unit_, text); }

void journal::integer(std::int64_t number) {
  word(std::string_view(fmt::format_int(number).c_str()));
}

void journal::append(int db, words_t words) {
  if (!has_reader()) return;
  begin_request(db, words.size());
  for (const auto each : words) word(each);
  end_request();
}

void journal::hand_over() {
  if (requests_ > 1) {
    unit_.insert(first_, multi);
    unit_ += exec;
  }
  requests_ = 0;
  log.append(unit_);
  unit_.clear();
  if (unit_.capacity() > kept_capacity) unit_.shrink_to_fit();
}

}  // namespace hawser::engine
