#pragma once

#include <engine/config/environment.hpp>
#include <engine/config/settings.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace hawser::engine {

/// Why a value was refused, in the words users see; nothing if it was taken.
using refusal = std::optional<std::string>;

/// Properties of a directive, combined with |.
enum class attribute : std::uint16_t {
  none = 0,
  immutable = 1 << 0,          // CONFIG SET cannot change it
  hidden = 1 << 1,             // CONFIG GET shows it only to who knows its name
  sensitive = 1 << 2,          // its value is kept out of logs, MONITOR and SLOWLOG
  guarded = 1 << 3,            // CONFIG SET needs enable-protected-configs
  not_while_loading = 1 << 4,  // CONFIG SET waits until the data set is loaded
  many_words = 1 << 5,         // takes any number of arguments
  effect = 1 << 6,             // a change must be applied outside of the settings
  crash_report = 1 << 7,       // shown in crash reports
  since_7_2 = 1 << 8,          // Redis 7.0 does not know it
};

constexpr attribute operator|(attribute a, attribute b) {
  return static_cast<attribute>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}

/// yes or no.
struct yes_no {
  bool settings::*member;
  bool initial;
  /// If not empty, why "yes" is refused.
  std::string_view refuses_yes;
};

/// How the text of a number is read and written.
enum class unit : std::uint8_t { plain, bytes, bytes_or_percent, octal };

/// A whole number between bounds, both included.
struct number {
  std::int64_t settings::*member;
  std::int64_t initial;
  std::int64_t min;
  std::int64_t max;
  unit written;
};

/// A number of bytes that may use all 64 bits.
struct unsigned_bytes {
  std::uint64_t settings::*member;
  std::uint64_t initial;
};

/// Any text for which `check` returns an empty string; otherwise it returns the reason.
struct text {
  std::string settings::*member;
  std::string_view initial;
  /// CONFIG REWRITE leaves out an empty value instead of writing "".
  bool absent_when_empty;
  std::string_view (*check)(std::string_view value);
};

/// A word that stands for a value.
struct choice_word {
  std::string_view word;
  int value;
};

/// One of some words, or, when the words are bits, several of them.
struct choice {
  std::span<const choice_word> words;
  int (*load)(const settings& from);
  void (*store)(settings& to, int value);
  int initial;
  bool bits;
  std::string_view (*check)(int value);
};

/// What assigning a value may need besides the settings.
struct assignment {
  config_environment& environment;
  /// Lines of a file add up for `save`, where CONFIG SET replaces.
  bool reading_file = false;
  /// Whether a `save` line was read: the first one drops the default.
  bool save_seen = false;
};

class file_rewriter;

/// A directive with a grammar of its own.
struct custom {
  refusal (*parse)(settings& to, std::span<const std::string> words, assignment& how);
  std::string (*format)(const settings& from);
  void (*rewrite)(std::string_view name, const settings& from, file_rewriter& to);
  void (*reset)(settings& to);
  std::string_view syntax;
};

/// A line that only a file or the command line can hold: it has no value to ask for.
struct line_only {
  enum class kind : std::uint8_t { include, rename_command, user, loadmodule, sentinel, ignored };
  kind what;
  /// Bounds of the number of arguments.
  std::size_t min_words;
  std::size_t max_words;
  std::string_view syntax;
};

/// One row of the table: everything the server knows about a directive.
struct directive {
  std::string_view name;
  /// An older name, or empty.
  std::string_view alias;
  attribute attributes;
  std::variant<yes_no, number, unsigned_bytes, text, choice, const custom*, line_only> type;
  /// One sentence for people.
  std::string_view summary;

  constexpr bool is(attribute wanted) const {
    return (static_cast<unsigned>(attributes) & static_cast<unsigned>(wanted)) != 0;
  }
  constexpr bool has_value() const { return !std::holds_alternative<line_only>(type); }
};

/// Sets the directive from its arguments. On a refusal the settings are unchanged.
refusal assign(const directive& row, settings& to, std::span<const std::string> words,
               assignment& how);

/// Sets the directive from the one string CONFIG SET gives. On a refusal the settings are
/// unchanged.
refusal assign_value(const directive& row, settings& to, std::string_view value, assignment& how);

/// The value as CONFIG GET shows it.
std::string format(const directive& row, const settings& from);

/// Gives the directive its default value.
void reset(const directive& row, settings& to);

/// Moves values that are accepted but of no use to the nearest that is: hz, to 1 or 500.
void keep_in_range(settings& all);

/// What a value looks like, for help and documentation: "yes|no", "<bytes>"...
std::string syntax(const directive& row);

}  // namespace hawser::engine
