// The longest common subsequence of two strings, by the textbook's dynamic programming. Of the
// table of lengths only a row is kept; to find the way back through it one bit a cell suffices, so
// it takes a thirty-second of what the limit is reckoned with, which is the oracle's: four bytes a
// cell.

#include "strings.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace hawser::commands {

namespace {

using namespace engine::flags;
using store::entry;
using store::value_type;

struct lcs_options {
  bool length_only = false;
  bool positions = false;
  bool lengths = false;
  std::int64_t shortest = 0;

  explicit lcs_options(engine::arg_reader& args) {
    while (!args.empty()) {
      if (args.accept("IDX")) {
        positions = true;
      } else if (args.accept("LEN")) {
        length_only = true;
      } else if (args.accept("WITHMATCHLEN")) {
        lengths = true;
      } else if (args.accept_with("MINMATCHLEN", 1)) {
        shortest = std::max<std::int64_t>(args.integer(), 0);
      } else {
        throw command_error(errors::syntax);
      }
    }
    if (length_only && positions)
      throw command_error("ERR If you want both the length and indexes, please just use IDX.");
  }
};

/// A piece of the subsequence that is contiguous in both strings.
struct common_run {
  std::size_t a;
  std::size_t b;
  std::size_t size;
};

class alignment {
 public:
  /// `traced`: runs() will be asked for.
  alignment(std::string_view a, std::string_view b, bool traced) : a_(a), b_(b) {
    if (traced) upwards_.resize(a.size() * b.size());
    std::vector<std::uint32_t> row(b.size() + 1);
    for (std::size_t i = 0; i < a.size(); ++i) fill(row, i, traced);
    length_ = row.back();
  }

  std::size_t length() const { return length_; }

  /// From the last one to the first.
  std::vector<common_run> runs() const {
    std::vector<common_run> found;
    bool open = false;
    for (auto i = a_.size(), j = b_.size(); i > 0 && j > 0;) {
      const bool match = a_[i - 1] == b_[j - 1];
      if (match) {
        if (!open) found.push_back({i, j, 0});
        found.back() = {--i, --j, found.back().size + 1};
      } else if (upwards_[(i - 1) * b_.size() + j - 1]) {
        --i;
      } else {
        --j;
      }
      open = match;
    }
    return found;
  }

 private:
  void fill(std::vector<std::uint32_t>& row, std::size_t i, bool traced) {
    std::uint32_t diagonal = 0;
    for (std::size_t j = 0; j < b_.size(); ++j) {
      const auto above = row[j + 1];
      if (a_[i] == b_[j]) {
        row[j + 1] = diagonal + 1;
      } else {
        if (traced && above > row[j]) upwards_[i * b_.size() + j] = true;
        row[j + 1] = std::max(above, row[j]);
      }
      diagonal = above;
    }
  }

  std::string_view a_;
  std::string_view b_;
  std::size_t length_ = 0;
  std::vector<bool> upwards_;  // where the way back leads to a shorter `a`
};

void check_cost(const context& cx, std::size_t a, std::size_t b) {
  std::size_t bytes;
  const bool overflows = __builtin_mul_overflow(a + 1, b + 1, &bytes) ||
                         __builtin_mul_overflow(bytes, sizeof(std::uint32_t), &bytes);
  if (overflows || bytes > static_cast<std::size_t>(cx.server.options.proto_max_bulk_len))
    throw command_error(
        "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
}

void reply_sequence(context& cx, std::string_view a, const alignment& common) {
  std::string text;
  text.reserve(common.length());
  const auto runs = common.runs();
  for (auto run = runs.rbegin(); run != runs.rend(); ++run) text += a.substr(run->a, run->size);
  cx.reply.bulk(text);
}

void reply_range(context& cx, std::size_t start, std::size_t size) {
  cx.reply.array(2);
  cx.reply.integer(static_cast<std::int64_t>(start));
  cx.reply.integer(static_cast<std::int64_t>(start + size - 1));
}

void reply_positions(context& cx, const lcs_options& options, const alignment& common) {
  auto runs = common.runs();
  std::erase_if(runs, [&](const common_run& run) {
    return static_cast<std::int64_t>(run.size) < options.shortest;
  });
  cx.reply.map(2).bulk("matches").array(runs.size());
  for (const auto& run : runs) {
    cx.reply.array(options.lengths ? 3 : 2);
    reply_range(cx, run.a, run.size);
    reply_range(cx, run.b, run.size);
    if (options.lengths) cx.reply.integer(static_cast<std::int64_t>(run.size));
  }
  cx.reply.bulk("len").integer(static_cast<std::int64_t>(common.length()));
}

/// LCS key1 key2 [LEN | IDX [MINMATCHLEN size] [WITHMATCHLEN]] -- O(size of one * size of the
/// other).
void lcs(context& cx) {
  const auto first_key = cx.args.next();
  const auto second_key = cx.args.next();
  const entry* first = cx.keys.read(first_key);
  const entry* second = cx.keys.read(second_key);
  for (const entry* each : {first, second})
    if (each != nullptr && each->type() != value_type::string)
      throw command_error("ERR The specified keys must contain string values");
  const lcs_options options(cx.args);
  const string_bytes a(first);
  const string_bytes b(second);
  check_cost(cx, a.size(), b.size());

  const alignment common(a.view(), b.view(), !options.length_only);
  if (options.positions) return reply_positions(cx, options, common);
  if (!options.length_only) return reply_sequence(cx, a.view(), common);
  cx.reply.integer(static_cast<std::int64_t>(common.length()));
}

constexpr command_spec table[] = {
    {"lcs", arity::at_least(3), readonly, {1, 2, 1}, lcs},
};
static_assert(well_formed(table));

}  // namespace

engine::command_table::rows string_lcs_commands() { return table; }

}  // namespace hawser::commands
