#pragma once

#include "comparison.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::test {

enum class step_kind {
  command,     ///< sends the words, reads the replies
  send,        ///< sends the words only
  raw,         ///< sends the bytes as they are
  read,        ///< reads replies
  connection,  ///< goes on with the client of that number, connected when it is new
  fresh,       ///< replaces the current client by a new one
  half_close,
  closed,  ///< the server closes the connection; compares what came before
  until,   ///< repeats the command until a reply contains the text
  scan,    ///< runs a cursor to its end, compares all elements as a set
};

enum class protocols { both, resp2, resp3 };

/// One thing that is done on both servers.
struct transcript_step {
  int line = 0;
  step_kind kind = step_kind::command;
  protocols only = protocols::both;
  std::string source;              ///< as written, for messages
  std::vector<std::string> words;  ///< the command
  std::string bytes;               ///< what raw sends, what until looks for
  std::optional<int> count;        ///< of replies, or the number of the client
  comparison how;
  bool differs = false;               ///< the oracle runs it too, although it replies otherwise
  std::vector<std::string> expected;  ///< what only the server under test is asked for
};

/// Commands to run on two servers and how to compare their replies; see docs/testing.md for the
/// language.
struct transcript {
  std::filesystem::path file;
  std::vector<std::string> options;  ///< of both servers
  bool compact_sets = false;         ///< see tested_options
  std::vector<std::string> needs;    ///< commands without which it says nothing
  std::vector<transcript_step> steps;
};

/// Throws std::runtime_error with file and line when something is not understood.
transcript parse_transcript(const std::filesystem::path& file);

}  // namespace hawser::test
