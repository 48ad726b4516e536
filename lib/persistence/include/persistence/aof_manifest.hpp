#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hawser::persistence {

/// A file of the append-only log, in its directory.
struct aof_file {
  std::string name;
  std::int64_t number = 0;  // "seq": from 1 on
  bool operator==(const aof_file&) const = default;
};

/// Which files the append-only log consists of: the data set as it was at some moment (the base),
/// then what changed since, in order. Each is a line
///
///   file appendonly.aof.1.base.rdb seq 1 type b
///
/// of type b (base), i (increment) or h (history: no longer needed, to be removed). Lines that
/// begin with '#' say nothing; words may be quoted as in a configuration file; pairs of words that
/// are not known are skipped.
struct aof_manifest {
  std::optional<aof_file> base;
  std::vector<aof_file> history;
  std::vector<aof_file> increments;  // numbers ascend

  bool empty() const { return !base && increments.empty(); }
  /// The highest number that a base, or an increment, has or had.
  std::int64_t last_base() const { return base ? base->number : 0; }
  std::int64_t last_increment() const {
    return increments.empty() ? retired_increment : increments.back().number;
  }
  bool operator==(const aof_manifest&) const = default;

  std::int64_t retired_increment = 0;  // of those that have become history since it was read
};

/// Why a manifest was refused.
struct manifest_failure {
  int line = 0;  // 0: not because of a line
  std::string text;
  std::string reason;
};

/// Reads a manifest; the reasons are redis-server's.
std::variant<aof_manifest, manifest_failure> parse_manifest(std::string_view text);

/// The text of the file.
std::string format_manifest(const aof_manifest& from);

}  // namespace hawser::persistence
