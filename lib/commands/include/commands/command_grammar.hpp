#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The notation in which command_metadata describes arguments. Arguments are separated by spaces:
//
//   value  count:integer      a value of a type; string when none is given
//   key:key#1                 a key found by the second of the command's key specs (#0 is left out)
//   NX  change!CH             a fixed word, whose argument name is given when it is not "nx"
//   EX=seconds:integer        a value after a fixed word
//   how(NX|XX)                one of several
//   pair{key:key value}       several together
//   [x]                       may be left out
//   x...  x...*               may be repeated; with the star the fixed word is repeated with it
//   x@6.2.0  x~6.2.0          since, deprecated since
//
// A word in upper case or in single quotes is a fixed word. The marks come in this order, inside of
// the brackets.
namespace hawser::commands {

enum class argument_type : std::uint8_t {
  string,
  integer,
  real,
  key,
  pattern,
  unix_time,
  pure_token,
  oneof,
  block,
};

/// The name COMMAND DOCS shows: "string", "double", "pure-token"...
std::string_view name_of(argument_type type);

/// An argument of a command, or a part of one.
struct argument {
  std::string name;
  argument_type type = argument_type::string;
  int key_spec = -1;  // of what holds keys, or leads to them
  std::string_view token;
  std::string_view since;
  std::string_view deprecated_since;
  bool optional = false;
  bool multiple = false;
  bool multiple_token = false;
  std::vector<argument> parts;  // of oneof and block
};

/// Reads the notation; the result refers to `text`. Throws std::invalid_argument where it is not
/// understood.
std::vector<argument> parse_grammar(std::string_view text);

/// The arguments as manuals write them: "key value [NX|XX] [EX seconds|PX milliseconds]".
std::string syntax_of(std::span<const argument> arguments);

}  // namespace hawser::commands
