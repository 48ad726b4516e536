#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hawser::replication {

/// Cuts the snapshot out of what a primary sends after +FULLRESYNC:
///
///   line breaks, sent from time to time while it prepares the snapshot
///   $<size>\r\n and that many bytes, or
///   $EOF:<mark>\r\n, bytes, <mark>       mark: 40 bytes that the snapshot does not hold
class payload {
 public:
  static constexpr std::size_t mark_size = 40;

  enum class state : std::uint8_t { header, content, done, failed };

  /// Takes bytes of the connection from where the last call left off, and appends what is content
  /// to `to`. Returns how many bytes it has taken: all of them, unless it is done or has failed, or
  /// a header is not whole yet.
  std::size_t take(std::string_view input, std::string& to);

  state where() const { return state_; }
  /// Whether the end is told by a mark; known once the header is over.
  bool marked() const { return !mark_.empty(); }
  /// Of the content; 0 when the end is told by a mark.
  std::uint64_t size() const { return size_; }
  /// After `failed`: what the primary has said instead.
  const std::string& error() const { return error_; }

 private:
  std::size_t take_header(std::string_view input);
  std::size_t take_sized(std::string_view input, std::string& to);
  std::size_t take_marked(std::string_view input, std::string& to);
  void fail(std::string_view line);

  state state_ = state::header;
  std::string mark_;
  std::string held_;  // the end of the content so far, which may be the beginning of the mark
  std::uint64_t size_ = 0;
  std::uint64_t left_ = 0;
  std::string error_;
};

}  // namespace hawser::replication
