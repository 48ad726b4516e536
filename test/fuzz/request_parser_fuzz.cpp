// The same bytes, given at once and cut in two at a place that the input itself chooses, must give
// the same requests and the same error; and nothing may be read outside of them (that is for the
// sanitizers).

#include <resp/request_parser.hpp>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace {

using hawser::resp::request_batch;
using hawser::resp::request_limits;
using hawser::resp::request_parser;

struct outcome {
  std::vector<std::vector<std::string>> requests;
  std::string error;
  bool operator==(const outcome&) const = default;
};

class peer {
 public:
  explicit peer(const request_limits& limits) : limits_(limits) {}

  void feed(std::string_view bytes) {
    buffer_ += bytes;
    while (seen.error.empty()) {
      // A block of exactly this size, so that reading past its end is seen.
      auto exact = std::make_unique<char[]>(buffer_.size());
      buffer_.copy(exact.get(), buffer_.size());
      request_batch batch;
      const auto state = parser_.parse({exact.get(), buffer_.size()}, batch, limits_);
      for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto args = batch.args(i);
        if (args.empty()) std::abort();
        seen.requests.emplace_back(args.begin(), args.end());
      }
      if (state == request_parser::state::failed) seen.error = parser_.error();
      if (parser_.consumed() > buffer_.size()) std::abort();
      if (parser_.consumed() == 0) break;
      buffer_.erase(0, parser_.consumed());
    }
  }

  outcome seen;

 private:
  request_limits limits_;
  request_parser parser_;
  std::string buffer_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const request_limits limits{1024 * 1024, (data[0] & 1) != 0};
  const std::string_view input(reinterpret_cast<const char*>(data) + 3, size - 3);
  const auto cut = (data[1] | std::size_t{data[2]} << 8) % (input.size() + 1);
  peer whole(limits);
  whole.feed(input);
  peer parts(limits);
  parts.feed(input.substr(0, cut));
  parts.feed(input.substr(cut));
  if (!(whole.seen == parts.seen)) std::abort();
  return 0;
}
