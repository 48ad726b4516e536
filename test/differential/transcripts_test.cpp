#include "catch.hpp"
#include "tcp_client.hpp"
#include "transcript.hpp"
#include "transcript_runner.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

std::vector<std::filesystem::path> transcripts() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(HAWSER_TRANSCRIPTS))
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The command of a step, and its subcommand if the second word is one.
void add_names(const transcript_step& step, std::set<std::string>& names) {
  std::string name;
  for (std::size_t i = 0; i < std::min<std::size_t>(2, step.words.size()); ++i) {
    if (i > 0) name += '|';
    for (const unsigned char c : step.words[i]) name += static_cast<char>(std::tolower(c));
    names.insert(name);
  }
}

}  // namespace

// The tests of ctest choose one file by its section: differential_tests [transcripts] -c strings
TEST_CASE("The server replies to every transcript as the oracle does", "[transcripts]") {
  for (const auto& file : transcripts()) {
    DYNAMIC_SECTION(file.stem().string()) {
      const auto script = parse_transcript(file);
      const int protocol = GENERATE(2, 3);
      INFO("under RESP" << protocol);
      transcript_runner runner(script, protocol);
      if (const auto missing = runner.missing_command(); !missing.empty()) {
        SUCCEED("left out: the server has no " << missing);
        continue;
      }
      const auto differences = runner.run();
      for (const auto& difference : differences) UNSCOPED_INFO(difference);
      CHECK(differences.empty());
    }
  }
}

TEST_CASE("Every command of the server has a line in a transcript", "[coverage]") {
  if (testing_the_oracle()) return;
  std::set<std::string> used;
  for (const auto& file : transcripts())
    for (const auto& step : parse_transcript(file).steps) add_names(step, used);
  server_process server;
  tcp_client client(server);
  client.send("COMMAND LIST");
  const auto names = client.receive().value.items;
  CHECK_FALSE(names.empty());
  for (const auto& name : names) {
    INFO(name.text);
    CHECK(used.contains(name.text));
  }
}
