#pragma once

#include <cstdint>
#include <persistence/byte_source.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::persistence {

/// Reads the requests of an append-only file. Memory grows with the largest request, not with
/// lengths that are announced.
///
/// A file is requests as arrays of bulk strings; lines that begin with '#' between them are
/// annotations, which are skipped. Requests between MULTI and EXEC are one unit, others one each.
class aof_reader {
 public:
  /// Reads on at `offset`, with bytes of the source that have been read already.
  explicit aof_reader(byte_source& from, std::uint64_t offset = 0, std::string_view ahead = {})
      : from_(from), window_(ahead), start_(offset), whole_(offset) {}

  enum class state : std::uint8_t {
    request,    // words() has one
    end,        // of the file, where one may be
    cut_off,    // the file ends in the middle of a request, or of a unit
    malformed,  // reason() says why
    unreadable  // the source failed; reason() says why
  };

  state next();

  /// Of the request, valid until the next call.
  std::span<const std::string_view> words() const { return words_; }
  /// Where the request begins, or what could not be read.
  std::uint64_t offset() const { return start_ + at_; }
  /// The end of the last unit that is whole; what stands behind it can be cut off.
  std::uint64_t end_of_units() const { return whole_; }
  /// The last request is within MULTI and EXEC.
  bool in_unit() const { return in_unit_; }
  const std::string& reason() const { return reason_; }

 private:
  state read_request();
  bool skip_annotations(state& why);
  bool header(char kind, std::uint64_t largest, std::uint64_t& value, state& why);
  bool want(std::size_t end, state& why);
  state refuse(std::string reason);
  void note_unit();

  byte_source& from_;
  std::string window_;
  std::uint64_t start_;  // of the window in the file
  std::uint64_t whole_;
  std::size_t at_ = 0;   // where the request begins in the window
  std::size_t end_ = 0;  // what has been read of it ends here
  bool in_unit_ = false;
  std::vector<std::pair<std::size_t, std::size_t>> places_;
  std::vector<std::string_view> words_;
  std::string reason_;
};

}  // namespace hawser::persistence
