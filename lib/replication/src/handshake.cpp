#include <base/numbers.hpp>
#include <resp/request.hpp>

#include <fmt/format.h>

#include <replication/handshake.hpp>

namespace hawser::replication {

namespace {

constexpr std::size_t id_size = 40;

/// Cuts the next word off a line.
std::string_view next_word(std::string_view& line) {
  while (line.starts_with(' ')) line.remove_prefix(1);
  const auto word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

bool wants_password(std::string_view line) {
  for (const auto start : {"-NOAUTH", "-NOPERM", "-ERR operation not permitted"})
    if (line.starts_with(start)) return true;
  return false;
}

}  // namespace

sync_answer read_sync_answer(std::string_view line) {
  using kind = sync_answer::kind;
  auto rest = line;
  const auto word = next_word(rest);
  const std::string id(next_word(rest));
  if (word == "+FULLRESYNC") {
    const auto offset = base::parse_int(next_word(rest));
    if (id.size() != id_size || !offset || *offset < 0) return {kind::refused, {}, 0};
    return {kind::full, id, *offset};
  }
  if (word == "+CONTINUE") return {kind::go_on, id.size() == id_size ? id : std::string(), 0};
  const bool busy = word == "-NOMASTERLINK" || word == "-LOADING";
  return {busy ? kind::later : kind::refused, {}, 0};
}

handshake::step handshake::after(step of) const {
  auto next = static_cast<step>(static_cast<int>(of) + 1);
  if (next == step::auth && own_.password.empty()) next = step::port;
  if (next == step::address && own_.address.empty()) next = step::abilities;
  return next;
}

std::string handshake::request_of(step of) const {
  switch (of) {
    case step::ping:
      return resp::request({"PING"});
    case step::auth:
      return own_.user.empty() ? resp::request({"AUTH", own_.password})
                               : resp::request({"AUTH", own_.user, own_.password});
    case step::port:
      return resp::request({"REPLCONF", "listening-port", std::to_string(own_.port)});
    case step::address:
      return resp::request({"REPLCONF", "ip-address", own_.address});
    case step::abilities:
      return resp::request({"REPLCONF", "capa", "eof", "capa", "psync2"});
    default: {
      const auto id = own_.id.empty() ? std::string("?") : own_.id;
      const auto next = std::to_string(own_.id.empty() ? -1 : own_.next);
      return own_.failover ? resp::request({"PSYNC", id, next, "FAILOVER"})
                           : resp::request({"PSYNC", id, next});
    }
  }
}

std::optional<std::string> handshake::next() {
  if (next_ == step::over) return std::nullopt;
  asked_ = next_;
  next_ = after(next_);
  return request_of(asked_);
}

std::optional<handshake::remark> handshake::take(std::string_view line) {
  const bool error = line.starts_with('-');
  switch (asked_) {
    case step::ping:
      if (!error || wants_password(line))
        return remark{"Master replied to PING, replication can continue...", false};
      return remark{fmt::format("Error reply to PING from master: '{}'", line), true};
    case step::auth:
      if (!error) return std::nullopt;
      return remark{fmt::format("Unable to AUTH to MASTER: {}", line), true};
    case step::sync:
      answer_ = read_sync_answer(line);
      if (answer_.what == sync_answer::kind::later)
        return remark{fmt::format("Master is currently unable to PSYNC but should be in the "
                                  "future: {}",
                                  line),
                      true};
      if (answer_.what == sync_answer::kind::refused)
        return remark{fmt::format("Unexpected reply to PSYNC from master: {}", line), true};
      return std::nullopt;
    default:
      if (!error) return std::nullopt;
      return remark{fmt::format("(Non critical) Master does not understand REPLCONF: {}", line),
                    false};
  }
}

}  // namespace hawser::replication
