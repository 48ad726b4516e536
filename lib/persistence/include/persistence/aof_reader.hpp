#pragma once

#include <cstdint>
#include <optional>
#include <persistence/byte_source.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::persistence {

/// A place in the stream of changes: so many bytes into the history of this name.
struct aof_place {
  std::string id;
  std::uint64_t offset = 0;
  bool operator==(const aof_place&) const = default;
};

/// The annotation of a place, with its end: what follows it in the file, other annotations left
/// out, are the bytes of the stream from there on.
std::string format_place(const aof_place& of);
/// Reads a line, with or without its end; none: it is not that annotation.
std::optional<aof_place> parse_place(std::string_view line);

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
  /// The place in the stream there; none: the file does not say.
  std::optional<aof_place> place() const;
  /// Where in the stream the file begins; none: it does not say, or what it says does not agree.
  std::optional<std::uint64_t> begins_at() const { return consistent_ ? begins_at_ : std::nullopt; }
  /// The last request is within MULTI and EXEC.
  bool in_unit() const { return in_unit_; }
  const std::string& reason() const { return reason_; }

 private:
  state read_request();
  bool skip_annotations(state& why);
  void note_annotation(std::string_view line);
  bool header(char kind, std::uint64_t largest, std::uint64_t& value, state& why);
  bool want(std::size_t end, state& why);
  state refuse(std::string reason);
  void note_unit();
  void note_whole();

  byte_source& from_;
  std::string window_;
  std::uint64_t start_;  // of the window in the file
  std::uint64_t whole_;
  std::size_t at_ = 0;   // where the request begins in the window
  std::size_t end_ = 0;  // what has been read of it ends here
  bool in_unit_ = false;
  std::string id_;                                // of the last place, empty: there was none
  std::uint64_t ahead_ = 0;                       // of the stream's offsets are those of the file
  std::optional<std::uint64_t> whole_in_stream_;  // the offset there of whole_
  std::optional<std::uint64_t> begins_at_;
  bool consistent_ = true;  // places are as far apart as the bytes between them say
  std::vector<std::pair<std::size_t, std::size_t>> places_;
  std::vector<std::string_view> words_;
  std::string reason_;
};

}  // namespace hawser::persistence
