#include "catch.hpp"
#include "transcript.hpp"
#include "transcript_runner.hpp"

#include <algorithm>
#include <filesystem>
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
