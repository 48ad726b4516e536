#include "reply_decoder.hpp"

#include <charconv>
#include <string>

namespace hawser::test {
namespace {

constexpr int max_depth = 64;
constexpr std::int64_t max_length = 512 * 1024 * 1024;

struct incomplete {};

class decoder {
 public:
  explicit decoder(std::string_view bytes) : bytes_(bytes) {}

  reply_value value(int depth = 0) {
    if (depth > max_depth) throw malformed_reply("replies are nested too deep");
    const auto header = line();
    if (header.empty()) throw malformed_reply("an empty line instead of a reply");
    const auto rest = header.substr(1);
    switch (header.front()) {
      case '+':
        return text(reply_kind::simple, rest);
      case '-':
        return text(reply_kind::error, rest);
      case ':':
        return {reply_kind::integer, std::string(rest), integer(rest), {}};
      case '$':
        return bulk(reply_kind::bulk, rest);
      case '=':
        return bulk(reply_kind::verbatim, rest);
      case '!':
        return bulk(reply_kind::error, rest);
      case '_':
        return {};
      case ',':
        return text(reply_kind::real, rest);
      case '#':
        return boolean(rest);
      case '(':
        return text(reply_kind::big_number, rest);
      case '*':
        return rest == "-1" ? reply_value{reply_kind::nil_array, {}, 0, {}}
                            : aggregate(reply_kind::array, rest, 1, depth);
      case '~':
        return aggregate(reply_kind::set, rest, 1, depth);
      case '>':
        return aggregate(reply_kind::push, rest, 1, depth);
      case '%':
        return aggregate(reply_kind::map, rest, 2, depth);
      case '|':
        aggregate(reply_kind::map, rest, 2, depth);
        return value(depth + 1);
      default:
        throw malformed_reply("unknown type of reply: " + std::string(header));
    }
  }

  std::size_t consumed() const { return at_; }

 private:
  std::string_view line() {
    const auto end = bytes_.find("\r\n", at_);
    if (end == bytes_.npos) throw incomplete{};
    const auto result = bytes_.substr(at_, end - at_);
    at_ = end + 2;
    return result;
  }

  static std::int64_t integer(std::string_view digits) {
    std::int64_t number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc{} || stop != end)
      throw malformed_reply("not an integer: " + std::string(digits));
    return number;
  }

  static std::size_t length(std::string_view digits) {
    const auto number = integer(digits);
    if (number < 0 || number > max_length)
      throw malformed_reply("not a length: " + std::string(digits));
    return static_cast<std::size_t>(number);
  }

  static reply_value text(reply_kind kind, std::string_view content) {
    return {kind, std::string(content), 0, {}};
  }

  static reply_value boolean(std::string_view content) {
    if (content != "t" && content != "f") throw malformed_reply("not a boolean");
    return text(reply_kind::boolean, content);
  }

  reply_value bulk(reply_kind kind, std::string_view digits) {
    if (kind == reply_kind::bulk && digits == "-1") return {};
    const auto size = length(digits);
    if (bytes_.size() - at_ < size + 2) throw incomplete{};
    auto result = text(kind, bytes_.substr(at_, size));
    if (bytes_.substr(at_ + size, 2) != "\r\n") throw malformed_reply("a bulk without its end");
    at_ += size + 2;
    return result;
  }

  reply_value aggregate(reply_kind kind, std::string_view digits, std::size_t factor, int depth) {
    reply_value result{kind, {}, 0, {}};
    for (auto left = length(digits) * factor; left > 0; --left)
      result.items.push_back(value(depth + 1));
    return result;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<decoded_reply> decode_reply(std::string_view bytes) {
  decoder from(bytes);
  try {
    auto value = from.value();
    return decoded_reply{std::move(value), from.consumed()};
  } catch (const incomplete&) {
    return std::nullopt;
  }
}

}  // namespace hawser::test
