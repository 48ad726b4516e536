#pragma once

#include "comparison.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::test {

/// A command that the generator may make, by a pattern:
///   WORD         itself                     <key>        a value of that kind, see grammar.cpp
///   [A x|B]      nothing or one of these    (A|B)        one of these
///   <kind>+      one to four of them        A ; B        both, as one step
struct command_rule {
  int weight;
  std::string_view pattern;
  compare_mode mode = compare_mode::bytes;
  int near = 0;  ///< how far integers in the reply may be apart
  bool may_be_spoilt = true;
  const char* mask = nullptr;  ///< a regular expression: what matches it does not count
};

/// A family of commands for the generator.
struct command_family {
  std::string_view name;
  int connections;  ///< clients that take turns
  std::vector<command_rule> rules;
  /// A command may have any number of replies, others' clients hear of it, and it may end the
  /// connection. In such a family MULTI and CLIENT REPLY, which hold back the end of a step, come
  /// only in steps that end them, and are not spoilt.
  bool pushes = false;
  /// Hawser's own encoding of small sets is left on, see tested_options.
  bool compact_sets = false;
};

/// Every family that exists; in families.cpp.
const std::vector<command_family>& command_families();

/// A generated command and how its replies are compared. The word ";" ends one and begins another;
/// id-of-client-N and addr-of-client-N stand for what each server calls the client of this number.
struct random_command {
  std::vector<std::string> argv;
  comparison how;
};

inline constexpr std::string_view id_of_client = "id-of-client-";
inline constexpr std::string_view addr_of_client = "addr-of-client-";

/// Makes commands of a family, some of them wrong on purpose: arguments missing, too many, of the
/// wrong kind, options repeated or in another case. The same seed makes the same commands.
class command_generator {
 public:
  command_generator(const command_family& family, std::uint64_t seed);

  random_command next();

  /// A number below the bound.
  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  void expand(std::string_view pattern, std::vector<std::string>& to);
  void expand_group(std::string_view group, bool optional, std::vector<std::string>& to);
  std::string value(std::string_view kind);
  std::string sparse_hyperloglog();
  std::string member();
  std::string stream_id();
  std::string new_stream_id();
  std::string degrees(double limit, double of_place);
  std::string length();
  void spoil(std::vector<std::string>& argv);
  bool once_in(std::size_t n) { return below(n) == 0; }
  std::string pick(const std::vector<std::string_view>& values);

  const command_family& family_;
  std::mt19937_64 random_;
  int total_weight_ = 0;
  std::size_t stream_ids_ = 0;  // made so far
};

}  // namespace hawser::test
