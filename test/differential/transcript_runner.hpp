#pragma once

#include "oracle.hpp"
#include "tcp_client.hpp"
#include "transcript.hpp"

#include <map>
#include <string>
#include <vector>

namespace hawser::test {

/// Runs a transcript on the oracle and on the server under test, under one protocol.
class transcript_runner {
 public:
  /// Starts both servers; protocol is 2 or 3.
  transcript_runner(const transcript& script, int protocol);

  /// The first command the transcript needs and the server under test does not have, or empty.
  std::string missing_command() const;

  /// Every difference as text: file and line, command, both replies. Stops at the first reply that
  /// does not come, and after a number of differences.
  std::vector<std::string> run();

 private:
  struct side {
    server_process& server;
    std::map<int, tcp_client> clients;
    std::map<int, std::string> ids;  // of those that have been asked for
  };

  void run_step(const transcript_step& step);
  void exchange(const transcript_step& step);
  void ask_for_expected(const transcript_step& step);
  void compare_replies(const transcript_step& step, int count);
  void compare_ends(const transcript_step& step);
  void scan(const transcript_step& step);
  void until(const transcript_step& step);
  void compare_left_overs();
  void compare_data_sets();

  void send_to_both(const transcript_step& step);
  tcp_client& client(side& of);
  std::vector<std::string> with_ids(side& of, std::vector<std::string> words);
  tcp_client connect(side& to) const;
  void report(const transcript_step& step, const std::string& expected, const std::string& actual);

  const transcript& script_;
  int protocol_;
  oracle oracle_server_;
  server_process tested_server_;
  side expected_{oracle_server_, {}, {}};
  side actual_{tested_server_, {}, {}};
  int current_ = 1;
  std::vector<std::string> differences_;
};

}  // namespace hawser::test
