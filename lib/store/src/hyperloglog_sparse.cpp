#include <store/hyperloglog.hpp>

#include <algorithm>

namespace hawser::store::hyperloglog {

namespace {

constexpr std::size_t most_short_zeros = 64;
constexpr std::size_t most_equal = 4;
constexpr std::uint8_t highest_rank = 32;

constexpr char one_run_of_zeros[] = "\x7f\xff";

/// Registers of the same rank that follow each other, and the bytes that say so.
struct run {
  std::size_t bytes = 0;
  std::size_t length = 0;  // registers; 0: the bytes are cut off
  std::uint8_t rank = 0;
};

run run_at(std::string_view bytes, std::size_t at) {
  const auto first = static_cast<unsigned char>(bytes[at]);
  if (first & 0x80) return {1, (first & 3U) + 1, static_cast<std::uint8_t>((first >> 2 & 31) + 1)};
  if (!(first & 0x40)) return {1, first + 1U, 0};
  if (at + 1 == bytes.size()) return {};
  return {2, ((first & 63U) << 8 | static_cast<unsigned char>(bytes[at + 1])) + 1, 0};
}

/// The bytes that take the place of a run.
class replacement {
 public:
  void add_zeros(std::size_t length) {
    if (length == 0) return;
    const auto coded = length - 1;
    if (length > most_short_zeros) add(0x40 | coded >> 8);
    add(coded & 0xff);
  }
  void add(std::uint8_t rank, std::size_t length) {
    if (rank == 0) return add_zeros(length);
    if (length > 0) add(0x80 | (rank - 1U) << 2 | (length - 1));
  }
  std::string_view bytes() const { return {bytes_, size_}; }

 private:
  void add(std::size_t byte) { bytes_[size_++] = static_cast<char>(byte); }

  char bytes_[5];
  std::size_t size_ = 0;
};

}  // namespace

std::string empty() {
  std::string bytes("HYLL\x01", 5);
  bytes.resize(header_size);
  bytes += one_run_of_zeros;
  forget_estimate(bytes);
  return bytes;
}

change sparse_writer::raise(hit by) {
  if (is_dense(bytes_)) return raise_dense(bytes_, by) ? change::made : change::none;
  if (by.rank > highest_rank) return become_dense(by);
  std::size_t at;
  std::size_t first;
  if (!find(by.index, at, first)) return change::corrupted;
  const run old = run_at(bytes_, at);
  if (old.rank >= by.rank) return change::none;
  replacement parts;
  parts.add(old.rank, by.index - first);
  parts.add(by.rank, 1);
  parts.add(old.rank, first + old.length - by.index - 1);
  const auto grown = bytes_.size() - old.bytes + parts.bytes().size();
  if (grown > bytes_.size() && grown > most_bytes_) return become_dense(by);
  bytes_.replace(at, old.bytes, parts.bytes());
  join_equals();
  return change::made;
}

/// The run that a register is in: its place and its first register. False: there is none.
bool sparse_writer::find(std::size_t index, std::size_t& at, std::size_t& first) {
  if (before_ == 0 || index < before_first_ + run_at(bytes_, before_).length) {
    before_ = 0;
    before_first_ = 0;
  }
  at = std::max(before_, header_size);
  first = before_first_;
  while (at < bytes_.size()) {
    const run next = run_at(bytes_, at);
    if (next.length == 0) return false;
    if (index < first + next.length) return true;
    before_ = at;
    before_first_ = first;
    at += next.bytes;
    first += next.length;
  }
  return false;
}

change sparse_writer::become_dense(hit by) {
  if (!make_dense(bytes_)) return change::corrupted;
  raise_dense(bytes_, by);
  return change::made;
}

/// Joins neighbours of the same rank around the place of the last change, as far as their lengths
/// fit into one run. The five runs looked at are what Redis looks at: more would be other bytes.
void sparse_writer::join_equals() {
  std::size_t at = std::max(before_, header_size);
  for (int steps = 5; steps > 0 && at < bytes_.size(); --steps) {
    const run here = run_at(bytes_, at);
    if (here.length == 0) return;
    const auto after = at + here.bytes;
    if (here.rank > 0 && after < bytes_.size()) {
      const run next = run_at(bytes_, after);
      if (next.rank == here.rank && here.length + next.length <= most_equal) {
        replacement joined;
        joined.add(here.rank, here.length + next.length);
        bytes_.replace(at, 2, joined.bytes());
        continue;
      }
    }
    at = after;
  }
}

std::string describe_sparse(std::string_view bytes) {
  std::string text;
  for (std::size_t at = header_size; at < bytes.size();) {
    const run next = run_at(bytes, at);
    if (next.length == 0) break;
    if (!text.empty()) text += ' ';
    if (next.rank > 0) {
      text += "v:" + std::to_string(next.rank) + "," + std::to_string(next.length);
    } else {
      text += (next.bytes == 1 ? "z:" : "Z:") + std::to_string(next.length);
    }
    at += next.bytes;
  }
  return text;
}

bool registers::merge_sparse(std::string_view bytes) {
  std::size_t first = 0;
  for (std::size_t at = header_size; at < bytes.size();) {
    const run next = run_at(bytes, at);
    if (next.length == 0 || next.length > register_count - first) return false;
    if (next.rank > 0)
      for (std::size_t i = first; i < first + next.length; ++i)
        ranks_[i] = std::max(ranks_[i], next.rank);
    first += next.length;
    at += next.bytes;
  }
  return first == register_count;
}

}  // namespace hawser::store::hyperloglog
