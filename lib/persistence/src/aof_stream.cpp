#include <base/numbers.hpp>

#include <algorithm>
#include <persistence/aof_reader.hpp>
#include <persistence/aof_stream.hpp>

namespace hawser::persistence {

namespace {

constexpr std::size_t read_size = std::size_t{64} << 10;
constexpr std::size_t longest_line = 4096;
constexpr std::string_view line_end = "\r\n";

}  // namespace

std::error_code aof_stream::read(std::string& to, std::size_t most) {
  bool more = true;
  while (more && to.size() < most) {
    if (const auto failure = read_on(more)) return failure;
    if (const auto failure = take_window(to)) return failure;
  }
  return {};
}

/// Reads a part of the file, or of the one behind it when it has been read up to there.
std::error_code aof_stream::read_on(bool& more) {
  more = false;
  if (segments_.empty()) return {};
  std::error_code failure;
  if (!file_) file_ = files_.open(segments_.front().path, failure);
  if (failure) return failure;
  const auto held = window_.size();
  window_.resize(held + read_size);
  const auto got = file_->read({window_.data() + held, read_size}, failure);
  window_.resize(held + got);
  more = got > 0;
  if (more || failure || segments_.size() < 2) return failure;
  more = placed_ && in_stream_ == segments_[1].begin && window_.empty();
  if (more) leave_file();
  return failure;
}

void aof_stream::leave_file() {
  segments_.pop_front();
  file_.reset();
  placed_ = false;
}

/// Takes what can be told to be a part of the stream, or not to be one.
std::error_code aof_stream::take_window(std::string& to) {
  const std::string_view window = window_;
  std::size_t at = 0;
  while (at < window.size()) {
    const auto rest = window.substr(at);
    const auto part = word_bytes_ > 0 ? take_word(rest, to) : take_line(rest, to);
    if (part == 0) break;
    at += part;
  }
  window_.erase(0, at);
  return broken_ ? std::make_error_code(std::errc::illegal_byte_sequence) : std::error_code();
}

std::size_t aof_stream::take_word(std::string_view window, std::string& to) {
  const auto part = window.substr(0, std::min<std::uint64_t>(word_bytes_, window.size()));
  word_bytes_ -= part.size();
  pass(part, to);
  return part.size();
}

/// A header of a request or of a word, or an annotation between requests. 0: it is not whole.
std::size_t aof_stream::take_line(std::string_view window, std::string& to) {
  const auto line = window.substr(0, window.find('\n') + 1);
  broken_ = broken_ || (line.empty() ? window : line).size() > longest_line;
  if (line.empty() || broken_) return 0;
  if (words_ == 0 && line[0] == '#')
    take_annotation(line);
  else
    take_header(line, to);
  return broken_ ? 0 : line.size();
}

void aof_stream::take_header(std::string_view line, std::string& to) {
  const char kind = words_ == 0 ? '*' : '$';
  const bool whole = line[0] == kind && line.ends_with(line_end);
  const auto number = whole ? base::parse_uint(line.substr(1, line.size() - 1 - line_end.size()))
                            : std::optional<std::uint64_t>();
  broken_ = !number;
  if (broken_) return;
  pass(line, to);
  if (words_ == 0) {
    words_ = *number;
  } else {
    --words_;
    word_bytes_ = *number + line_end.size();
  }
}

void aof_stream::take_annotation(std::string_view line) {
  const auto place = parse_place(line);
  if (!place) return;
  broken_ = placed_ && place->offset != in_stream_;
  in_stream_ = place->offset;
  placed_ = true;
}

void aof_stream::pass(std::string_view bytes, std::string& to) {
  if (!placed_) return;
  const auto from = position();
  in_stream_ += bytes.size();
  if (in_stream_ <= from) return;
  to += bytes.substr(bytes.size() - std::min<std::uint64_t>(bytes.size(), in_stream_ - from));
  position_.store(in_stream_, std::memory_order_relaxed);
}

}  // namespace hawser::persistence
