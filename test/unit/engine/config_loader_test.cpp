#include "catch.hpp"
#include "fake_config_environment.hpp"
#include <engine/config/directives.hpp>
#include <engine/config/loader.hpp>

#include <string>

namespace {

using namespace hawser::engine;

/// Loads one text; `error` is then what the server would print or log, or empty.
struct loaded {
  explicit loaded(std::string_view text, fake_config_environment world = {})
      : environment(std::move(world)) {
    const auto commands = [](std::string_view name) { return name == "get" || name == "set"; };
    config_loader loader(all, environment, {"Redis 7.0.15", commands});
    if (const auto failure = loader.load(text)) {
      error = failure->text;
      logged = failure->to == load_failure::where::log;
    }
  }

  std::string get(std::string_view name) const { return format(*find_directive(name), all); }

  fake_config_environment environment;
  settings all;
  std::string error;
  bool logged = false;
};

std::string fatal(int line, const std::string& text, const std::string& why) {
  return "\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nReading the configuration file, at "
         "line " +
         std::to_string(line) + "\n>>> '" + text + "'\n" + why + "\n";
}

}  // namespace

TEST_CASE("Comments, blanks and line ends of other systems do not matter", "[config][loader]") {
  const loaded file("# a comment\n\n  \t PORT 7000 \r\n#port 1\r\nmaxmemory '1gb'\n  # port 2");
  CHECK(file.error.empty());
  CHECK(file.all.port == 7000);
  CHECK(file.all.maxmemory == 1ULL << 30);
}

TEST_CASE("A later line wins over an earlier one", "[config][loader]") {
  const loaded file("timeout 1\nslave-priority 5\ntimeout 2\nreplica-priority 6\nbind a\nbind b c");
  CHECK(file.all.timeout == 2);
  CHECK(file.all.replica_priority == 6);
  CHECK(file.get("bind") == "b c");
}

TEST_CASE("An error names the line, its number and the reason", "[config][loader]") {
  const std::string bad = "Bad directive or wrong number of arguments";
  CHECK(loaded("\n\n  port abc \n").error ==
        fatal(3, "port abc", "argument couldn't be parsed into an integer"));
  CHECK(loaded("port 1 2").error == fatal(1, "port 1 2", "wrong number of arguments"));
  CHECK(loaded("port").error == fatal(1, "port", "wrong number of arguments"));
  CHECK(loaded("foo bar").error == fatal(1, "foo bar", bad));
  CHECK(loaded("\"\" x").error == fatal(1, "\"\" x", bad));
  CHECK(loaded("port=1").error == fatal(1, "port=1", bad));
  CHECK(loaded("port \"1").error ==
        fatal(1, "port \"1", "Unbalanced quotes in configuration line"));
  CHECK(loaded("port \"1\"2").error ==
        fatal(1, "port \"1\"2", "Unbalanced quotes in configuration line"));
  CHECK(loaded("dir /nowhere").error == fatal(1, "dir /nowhere", "No such file or directory"));
}

TEST_CASE("Several arguments may be quoted as one", "[config][loader]") {
  CHECK(loaded("save \"60 1\"").get("save") == "60 1");
  CHECK(loaded("bind \"127.0.0.1 ::1\"").get("bind") == "127.0.0.1 ::1");
  CHECK(loaded("replicaof \"db 6380\"").get("replicaof") == "db 6380");
  CHECK(loaded("shutdown-on-sigint \"nosave now\"").get("shutdown-on-sigint") == "nosave now");
  CHECK(loaded("save \"60 1 2\"").error == fatal(1, "save \"60 1 2\"", "Invalid save parameters"));
}

TEST_CASE("Lines of save add up, the first in place of the default", "[config][loader][save]") {
  CHECK(loaded("port 1").get("save") == "3600 1 300 100 60 10000");
  CHECK(loaded("save 60 1\nsave 120 2").get("save") == "60 1 120 2");
  CHECK(loaded("save 60 1\nsave \"\"\nsave 5 5").get("save") == "5 5");
  CHECK(loaded("save 60 1\nsave").get("save") == "60 1");
  CHECK(loaded("save").get("save").empty());
}

TEST_CASE("An include is read in its place", "[config][loader]") {
  fake_config_environment world;
  world.files = {{"/home/a.conf", "timeout 2\nport 2"},
                 {"/home/d/x.conf", "port 3\n"},
                 {"/home/d/y.conf", "port 4"}};
  CHECK(loaded("timeout 1\nport 1\ninclude a.conf\nport 5", world).all.port == 5);
  CHECK(loaded("timeout 1\ninclude a.conf", world).all.timeout == 2);
  CHECK(loaded("include /home/d/*.conf", world).all.port == 4);
  CHECK(loaded("include /home/none/*.conf", world).error.empty());
}

TEST_CASE("A save after an include replaces what was read before", "[config][loader][save]") {
  fake_config_environment world;
  world.files = {{"/home/a.conf", "save 9 9"}};
  CHECK(loaded("save 8 8\ninclude a.conf", world).get("save") == "8 8 9 9");
  CHECK(loaded("include a.conf\nsave 7 7", world).get("save") == "7 7");
}

TEST_CASE("An include is looked for in the directory set so far", "[config][loader]") {
  fake_config_environment world;
  world.files = {{"/data/a.conf", "port 2"}};
  CHECK(loaded("dir /data\ninclude a.conf", world).all.port == 2);
  CHECK_FALSE(loaded("include a.conf", world).error.empty());
}

TEST_CASE("Lines of an included file are numbered from its own start", "[config][loader]") {
  fake_config_environment world;
  world.files = {{"/home/a.conf", "port 1\nfoo"}};
  CHECK(loaded("\n\ninclude a.conf", world).error ==
        fatal(2, "foo", "Bad directive or wrong number of arguments"));
}

TEST_CASE("A missing include is logged, not printed", "[config][loader]") {
  const loaded file("include gone.conf");
  CHECK(file.logged);
  CHECK(file.error == "Fatal error, can't open config file 'gone.conf': No such file or directory");
}

TEST_CASE("A file that includes itself is an error", "[config][loader]") {
  fake_config_environment world;
  world.files = {{"/home/a.conf", "include a.conf"}};
  const loaded file("include a.conf", world);
  CHECK(file.logged);
  CHECK(file.error ==
        "Fatal error, can't open config file 'a.conf': includes nest deeper than 16 files");
}

TEST_CASE("Commands are renamed, removed and missed", "[config][loader]") {
  const loaded file("rename-command GET fetch\nrename-command set \"\"\nrename-command fetch get");
  CHECK(file.error.empty());
  CHECK(file.all.renamed_commands ==
        std::vector<renamed_command>{{"GET", "fetch"}, {"set", ""}, {"fetch", "get"}});
  CHECK(loaded("rename-command foo x").error ==
        fatal(1, "rename-command foo x", "No such command in rename-command"));
  CHECK(loaded("rename-command get set").error ==
        fatal(1, "rename-command get set", "Target command name already exists"));
  CHECK(loaded("rename-command get \"\"\nrename-command get x").error ==
        fatal(2, "rename-command get x", "No such command in rename-command"));
  CHECK(loaded("rename-command get").error ==
        fatal(1, "rename-command get", "Bad directive or wrong number of arguments"));
}

TEST_CASE("Users, modules and their settings are kept for later", "[config][loader]") {
  const loaded file("user bob on +@all\nloadmodule /m.so 1 2\nSearch.Threads 4");
  CHECK(file.all.users == std::vector<std::vector<std::string>>{{"bob", "on", "+@all"}});
  CHECK(file.all.modules == std::vector<std::vector<std::string>>{{"/m.so", "1", "2"}});
  REQUIRE(file.all.module_settings.size() == 1);
  CHECK(file.all.module_settings[0][0] == "search.threads");
  CHECK(file.all.module_settings[0][1] == "4");
  CHECK(loaded("a.b").error == fatal(1, "a.b", "Module config specified without value"));
  CHECK(loaded("user").error == fatal(1, "user", "Bad directive or wrong number of arguments"));
}

TEST_CASE("Directives of the past are passed over", "[config][loader]") {
  CHECK(loaded("list-max-ziplist-entries 1\nlist-max-ziplist-value 2\nlua-replicate-commands yes")
            .error.empty());
  CHECK(loaded("list-max-ziplist-entries").error ==
        fatal(1, "list-max-ziplist-entries", "Bad directive or wrong number of arguments"));
}

TEST_CASE("Sentinel's lines are refused", "[config][loader]") {
  CHECK(loaded("sentinel").error.empty());
  CHECK(loaded("sentinel x").error ==
        fatal(1, "sentinel x", "sentinel directive while not in sentinel mode"));
}

TEST_CASE("The whole is checked at the end", "[config][loader]") {
  const std::string head = "\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\n";
  CHECK(loaded("logfile /nowhere/x.log").error ==
        head + "Can't open the log file: No such file or directory\n");
  CHECK(loaded("logfile /data/x.log").error.empty());
  CHECK(loaded("cluster-enabled yes\nreplicaof db 1").error ==
        head + "replicaof directive not allowed in cluster mode\n");
}

TEST_CASE("A frequency out of range is moved into it", "[config][loader]") {
  CHECK(loaded("hz 0").all.hz == 1);
  CHECK(loaded("hz 1000").all.hz == 500);
  CHECK(loaded("hz 50").all.hz == 50);
}
