#include <base/numbers.hpp>

#include <algorithm>
#include <replication/payload.hpp>

namespace hawser::replication {

namespace {

constexpr std::string_view marked_header = "$EOF:";
constexpr std::size_t longest_header = 1024;

}  // namespace

void payload::fail(std::string_view line) {
  state_ = state::failed;
  error_ = line.substr(0, longest_header);
}

std::size_t payload::take(std::string_view input, std::string& to) {
  std::size_t taken = 0;
  if (state_ == state::header) taken = take_header(input);
  if (state_ != state::content) return taken;
  const auto rest = input.substr(taken);
  return taken + (marked() ? take_marked(rest, to) : take_sized(rest, to));
}

std::size_t payload::take_header(std::string_view input) {
  const auto begin = std::min(input.find_first_not_of("\r\n"), input.size());
  const auto end = input.find('\n', begin);
  if (end == input.npos) {
    if (input.size() - begin > longest_header) fail(input.substr(begin));
    return begin;
  }
  auto line = input.substr(begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with(marked_header) && line.size() == marked_header.size() + mark_size) {
    mark_ = line.substr(marked_header.size());
    state_ = state::content;
    return end + 1;
  }
  const auto size =
      line.starts_with('$') ? base::parse_int(line.substr(1)) : std::optional<std::int64_t>();
  if (!size || *size < 0) {
    fail(line);
    return end + 1;
  }
  size_ = left_ = static_cast<std::uint64_t>(*size);
  state_ = left_ == 0 ? state::done : state::content;
  return end + 1;
}

std::size_t payload::take_sized(std::string_view input, std::string& to) {
  const auto part = input.substr(0, std::min<std::uint64_t>(left_, input.size()));
  to += part;
  left_ -= part.size();
  if (left_ == 0) state_ = state::done;
  return part.size();
}

/// What could be the beginning of the mark is held back until more is there.
std::size_t payload::take_marked(std::string_view input, std::string& to) {
  const auto held = held_.size();
  held_ += input;
  if (const auto at = held_.find(mark_); at != held_.npos) {
    to.append(held_, 0, at);
    state_ = state::done;
    return at + mark_size - held;
  }
  const auto kept = std::min(held_.size(), mark_size - 1);
  to.append(held_, 0, held_.size() - kept);
  held_.erase(0, held_.size() - kept);
  return input.size();
}

}  // namespace hawser::replication
