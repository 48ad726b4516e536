#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::resp {

/// Requests cut out of an input buffer, in order. Arguments are views into that buffer (those of
/// inline requests into the batch itself), valid until the buffer or the batch changes.
class request_batch {
 public:
  struct request {
    std::size_t first;  // index of its first argument
    std::size_t count;
    std::size_t bytes;  // what it took on the wire
  };

  bool empty() const { return requests_.empty(); }
  std::size_t size() const { return requests_.size(); }
  std::span<const std::string_view> args(std::size_t index) const {
    const auto& at = requests_[index];
    return {args_.data() + at.first, at.count};
  }
  std::size_t bytes(std::size_t index) const { return requests_[index].bytes; }

  void clear() {
    requests_.clear();
    args_.clear();
    inline_args_.clear();
  }

  /// Bytes kept for this batch and the next ones.
  std::size_t memory() const {
    return requests_.capacity() * sizeof(request) + args_.capacity() * sizeof(std::string_view);
  }
  /// Gives back what an empty batch keeps.
  void release() {
    requests_.shrink_to_fit();
    args_.shrink_to_fit();
  }

 private:
  friend class request_parser;
  std::vector<request> requests_;
  std::vector<std::string_view> args_;
  std::deque<std::string> inline_args_;
};

/// What a client may send before and after it has authenticated.
struct request_limits {
  std::size_t max_bulk = 512 * 1024 * 1024;
  bool authenticated = true;
};

/// Cuts requests (arrays of bulk strings, or inline lines) out of a growing input.
///
/// It reads each byte once: of a request that is not whole yet it remembers how far it came, as
/// offsets, so the input may move between two calls. After an error the connection is of no further
/// use.
class request_parser {
 public:
  enum class state { ready, failed };

  /// Parses `input`, which begins where the last call's `consumed` left off, and appends what is
  /// whole to `batch`, `most` requests at the most. Unauthenticated peers are parsed one request at
  /// a time, since the limits change with AUTH.
  state parse(std::string_view input, request_batch& batch, const request_limits& limits,
              std::size_t most = static_cast<std::size_t>(-1));

  /// Bytes of the last input that the caller drops: whole requests and empty ones.
  std::size_t consumed() const { return consumed_; }

  /// Bytes, counted from the end of what was consumed, at which the argument being received will be
  /// whole; 0 when that is not known. Lets the caller make room for a long argument once.
  std::size_t wanted() const { return wanted_; }

  /// Bytes kept for the arguments of a request that is not whole yet.
  std::size_t memory() const { return partial_.capacity() * sizeof(offset); }
  /// Gives them back, unless there is such a request.
  void release() {
    if (partial_.empty()) partial_.shrink_to_fit();
  }

  /// After `failed`: the text for the peer, as in "Protocol error: invalid bulk length".
  const std::string& error() const { return error_; }

 private:
  enum class step { request, nothing, more, failed };
  struct offset {
    std::size_t at;
    std::size_t size;
  };

  bool take_usual(std::string_view input, request_batch& batch);
  step next(std::string_view input, request_batch& batch, const request_limits& limits);
  step next_inline(std::string_view input, request_batch& batch);
  step read_count(std::string_view input, const request_limits& limits);
  step read_bulks(std::string_view input, request_batch& batch, const request_limits& limits);
  step read_bulk_length(std::string_view input, const request_limits& limits);
  step fail(std::string_view what);
  void finish(std::string_view input, request_batch& batch);
  void start_over();

  static constexpr std::size_t longest_line = 64 * 1024;
  static constexpr std::int64_t no_bulk = -1;

  std::size_t position_ = 0;     // how far into the current request
  std::int64_t bulks_left_ = 0;  // > 0: inside an array of bulk strings
  std::int64_t bulk_size_ = no_bulk;
  std::vector<offset> partial_;  // arguments of the current request
  std::size_t consumed_ = 0;
  std::size_t wanted_ = 0;
  std::string error_;
};

}  // namespace hawser::resp
