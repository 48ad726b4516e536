#include "catch.hpp"
#include <commands/families.hpp>
#include <engine/command_table.hpp>

#include <vector>

using namespace hawser;
using engine::command_table;
using engine::renamed_command;

TEST_CASE("Commands are found by name, whatever its case, and subcommands by theirs",
          "[commands]") {
  const command_table all(commands::families());
  CHECK(all.find("GeT")->full_name == "get");
  CHECK(all.find("config|get") == nullptr);
  CHECK(all.find_full_name("CONFIG|get")->full_name == "config|get");
  CHECK(all.find_full_name("get|x") == nullptr);
  CHECK(all.find_original("Config|GET")->full_name == "config|get");
  CHECK(all.find_original("nosuch") == nullptr);
  CHECK(all.find_original("") == nullptr);
  CHECK(all.find("") == nullptr);
}

TEST_CASE("A renamed command is found by its new name, and by the old one if that is asked for",
          "[commands]") {
  const std::vector<renamed_command> lines{
      {"GET", "Fetch"}, {"set", ""}, {"fetch", "take"}, {"config", "set"}, {"DEL", "a b"}};
  const command_table all(commands::families(), lines);
  CHECK(all.find("get") == nullptr);
  CHECK(all.find("fetch") == nullptr);
  CHECK(all.find("TAKE")->full_name == "get");
  CHECK(all.find("set")->full_name == "config");
  CHECK(all.find_full_name("set|get")->full_name == "config|get");
  CHECK(all.find("a b")->full_name == "del");
  CHECK(all.find_original("get")->full_name == "get");
  CHECK(all.find_original("set")->name.empty());
  CHECK(all.find_original("config|set")->full_name == "config|set");
  CHECK(all.find_original("take") == nullptr);
}
