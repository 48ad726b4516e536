#include <base/bytes.hpp>
#include <base/numbers.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <persistence/aof_reader.hpp>

namespace hawser::persistence {

namespace {

constexpr std::size_t read_size = std::size_t{64} << 10;
constexpr std::size_t longest_header = 32;  // with its end
constexpr std::uint64_t most_words = std::uint64_t{1} << 31;
constexpr std::uint64_t longest_word = std::uint64_t{1} << 40;
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view place_prefix = "#REPL-OFFSET:";
constexpr std::size_t id_size = 40;

}  // namespace

std::string format_place(const aof_place& of) {
  return fmt::format("{}{}:{}{}", place_prefix, of.id, of.offset, line_end);
}

std::optional<aof_place> parse_place(std::string_view line) {
  if (!line.starts_with(place_prefix)) return std::nullopt;
  line.remove_prefix(place_prefix.size());
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() <= id_size || line[id_size] != ':') return std::nullopt;
  const auto offset = base::parse_uint(line.substr(id_size + 1));
  if (!offset) return std::nullopt;
  return aof_place{std::string(line.substr(0, id_size)), *offset};
}

std::optional<aof_place> aof_reader::place() const {
  if (!whole_in_stream_) return std::nullopt;
  return aof_place{id_, *whole_in_stream_};
}

aof_reader::state aof_reader::next() {
  at_ = end_;
  const auto how = read_request();
  if (how == state::request) note_unit();
  return how == state::end && in_unit_ ? state::cut_off : how;
}

void aof_reader::note_unit() {
  if (base::iequals(words_[0], "MULTI"))
    in_unit_ = true;
  else if (base::iequals(words_[0], "EXEC") || base::iequals(words_[0], "DISCARD"))
    in_unit_ = false;
  if (!in_unit_) note_whole();
}

void aof_reader::note_whole() {
  whole_ = start_ + end_;
  if (!id_.empty()) whole_in_stream_ = whole_ - ahead_;
}

/// Annotations are not part of the stream. This one ends at end_.
void aof_reader::note_annotation(std::string_view line) {
  ahead_ += line.size();
  const auto place = parse_place(line);
  if (!place) return;
  const auto ahead = start_ + end_ - place->offset;
  if (id_.empty())
    begins_at_ = place->offset;
  else
    consistent_ = consistent_ && ahead == ahead_;
  ahead_ = ahead;
  id_ = place->id;
}

/// Makes the window hold the file up to this place in the window, or says why it cannot.
bool aof_reader::want(std::size_t end, state& why) {
  while (window_.size() < end) {
    if (at_ > 0) {
      window_.erase(0, at_);
      start_ += at_;
      end -= at_;
      end_ -= at_;
      at_ = 0;
      continue;
    }
    const auto held = window_.size();
    window_.resize(held + read_size);
    std::error_code failure;
    const auto got = from_.read({window_.data() + held, read_size}, failure);
    window_.resize(held + got);
    if (failure) reason_ = failure.message();
    if (got == 0) why = failure ? state::unreadable : state::cut_off;
    if (got == 0) return false;
  }
  return true;
}

aof_reader::state aof_reader::refuse(std::string reason) {
  reason_ = std::move(reason);
  return state::malformed;
}

/// Between requests the file may end, but not within an annotation.
bool aof_reader::skip_annotations(state& why) {
  while (true) {
    if (!want(at_ + 1, why)) {
      if (why == state::cut_off) why = state::end;
      return false;
    }
    if (window_[at_] != '#') return true;
    auto end = at_;
    while (window_[end] != '\n') {
      const auto length = end - at_ + 1;
      if (!want(end + 2, why)) return false;
      end = at_ + length;
    }
    end_ = end + 1;
    note_annotation(std::string_view(window_).substr(at_, end_ - at_));
    at_ = end_;
    if (!in_unit_) note_whole();
  }
}

/// Reads a line of a kind and a number, at end_.
bool aof_reader::header(char kind, std::uint64_t largest, std::uint64_t& value, state& why) {
  if (!want(end_ + 1, why)) return false;
  if (window_[end_] != kind) {
    why = refuse(fmt::format("expected '{}'", kind));
    return false;
  }
  std::size_t length = 1;
  while (window_[end_ + length - 1] != '\n' && length <= longest_header) {
    if (!want(end_ + length + 1, why)) return false;
    ++length;
  }
  const auto line = std::string_view(window_).substr(end_, length);
  const auto number = line.ends_with(line_end) ? base::parse_uint(line.substr(1, length - 3))
                                               : std::optional<std::uint64_t>();
  if (!number || *number > largest) {
    why = refuse(fmt::format("a length behind '{}' that is none", kind));
    return false;
  }
  value = *number;
  end_ += length;
  return true;
}

aof_reader::state aof_reader::read_request() {
  auto why = state::end;
  std::uint64_t count = 0;
  if (!skip_annotations(why)) return why;
  end_ = at_;
  if (!header('*', most_words, count, why)) return why;
  if (count == 0) return refuse("a request without words");
  places_.clear();
  for (std::uint64_t i = 0; i < count; ++i) {
    std::uint64_t size = 0;
    if (!header('$', longest_word, size, why)) return why;
    const auto whole = static_cast<std::size_t>(size) + line_end.size();
    if (!want(end_ + whole, why)) return why;
    if (!std::string_view(window_).substr(end_ + size).starts_with(line_end))
      return refuse("a word that does not end where it should");
    places_.emplace_back(end_ - at_, size);
    end_ += whole;
  }
  words_.clear();
  for (const auto& [from, size] : places_) words_.emplace_back(window_.data() + at_ + from, size);
  return state::request;
}

}  // namespace hawser::persistence
