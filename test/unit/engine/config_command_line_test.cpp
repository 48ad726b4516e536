#include "catch.hpp"
#include "fake_config_environment.hpp"
#include <engine/config/command_line.hpp>
#include <engine/config/directives.hpp>

#include <string>
#include <vector>

namespace {

using namespace hawser::engine;

using words = std::vector<std::string>;

/// What a command line comes to.
struct started {
  explicit started(const words& arguments, fake_config_environment world = {})
      : environment(std::move(world)) {
    std::vector<const char*> argv{"hawser-server"};
    for (const auto& argument : arguments) argv.push_back(argument.c_str());
    auto result = parse_command_line(static_cast<int>(argv.size()), argv.data(), environment,
                                     {"Redis 7.0.15", {}});
    if (const auto* failure = std::get_if<start_up_failure>(&result))
      error = failure->text;
    else
      all = std::get<start_up>(result);
  }

  std::string get(std::string_view name) const {
    return error.empty() ? format(*find_directive(name), all.configured) : error;
  }

  fake_config_environment environment;
  start_up all;
  std::string error;
};

std::string value(const std::string& name, const words& arguments) {
  return started(arguments).get(name);
}

std::string fatal(int line, const std::string& text, const std::string& why) {
  return "\n*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***\nReading the configuration file, at "
         "line " +
         std::to_string(line) + "\n>>> '" + text + "'\n" + why + "\n";
}

const std::string bad = "Bad directive or wrong number of arguments";

}  // namespace

TEST_CASE("Without arguments the defaults hold", "[config][command_line]") {
  const started server({});
  CHECK(server.error.empty());
  CHECK(server.all.what == start_up::action::run);
  CHECK(server.all.config_file.empty());
  CHECK(server.get("port") == "6379");
  CHECK(server.get("dir") == "/home");
}

TEST_CASE("Save points are given in every way redis-server knows", "[config][command_line]") {
  CHECK(value("save", {"--save", "60 1"}) == "60 1");
  CHECK(value("save", {"--save", "60", "1"}) == "60 1");
  CHECK(value("save", {"--save", "60", "1", "120", "2"}) == "60 1 120 2");
  CHECK(value("save", {"--save", "60 1", "--save", "120 2"}) == "60 1 120 2");
  CHECK(value("save", {"--save", "60 1", "2"}) ==
        fatal(2, "save \"60 1\" \"2\"", "Invalid save parameters"));
  for (const auto& none : {words{"--save", ""}, words{"--save", "\"\""}, words{"--save"},
                           words{"--save", "--port", "1"}, words{"--port", "1", "--SAVE"}})
    CHECK(value("save", none).empty());
}

TEST_CASE("The primary is one argument or two", "[config][command_line]") {
  CHECK(value("replicaof", {"--replicaof", "db 1"}) == "db 1");
  CHECK(value("replicaof", {"--slaveof", "db", "1", "--port", "2"}) == "db 1");
  CHECK(value("replicaof", {"--replicaof", "no", "one"}).empty());
}

TEST_CASE("Values go on up to the next directive", "[config][command_line]") {
  const words arguments{"--bind", "127.0.0.1", "-::1", "--port", "0"};
  CHECK(value("bind", arguments) == "127.0.0.1 -::1");
  CHECK(value("port", arguments) == "0");
  CHECK(value("port", {"--port", "1", "2"}) ==
        fatal(2, "port \"1\" \"2\"", "wrong number of arguments"));
}

TEST_CASE("The argument after a directive is its value even with dashes",
          "[config][command_line]") {
  CHECK(value("requirepass", {"--requirepass", "--port"}) == "--port");
  CHECK(value("port", {"--requirepass", "--port", "--port", "7"}) == "7");
  CHECK(value("port", {"--port", "--save"}) ==
        fatal(2, "port \"--save\"", "argument couldn't be parsed into an integer"));
  CHECK(value("port", {"--port", "1", "-v"}) ==
        fatal(2, "port \"1\" \"-v\"", "wrong number of arguments"));
}

TEST_CASE("Name and value may be one argument, but not with =", "[config][command_line]") {
  CHECK(value("port", {"--port 7000", "--maxmemory 1mb"}) == "7000");
  CHECK(value("maxmemory", {"--port 7000", "--maxmemory 1mb"}) == "1048576");
  CHECK(value("port", {"--port=7000"}) == fatal(2, "port=7000", bad));
  CHECK(value("port", {"--port it's"}) ==
        fatal(2, "port it's", "Unbalanced quotes in configuration line"));
}

TEST_CASE("Values keep their bytes", "[config][command_line]") {
  CHECK(value("requirepass", {"--requirepass", "a\"b\\c\x01 it's"}) == "a\"b\\c\x01 it's");
  CHECK(value("bind", {"--bind", ""}).empty());
}

TEST_CASE("Names are known in any case and by their old form", "[config][command_line]") {
  CHECK(value("port", {"--PORT", "7"}) == "7");
  CHECK(value("hash-max-listpack-entries", {"--hash-max-ziplist-entries", "7"}) == "7");
  CHECK(value("set-max-listpack-entries", {"--set-max-listpack-entries", "7"}) == "7");
}

TEST_CASE("What is not known is refused at once", "[config][command_line]") {
  CHECK(value("port", {"--foo", "bar"}) == fatal(2, "foo \"bar\"", bad));
  CHECK(value("port", {"--port", "1", "--foo"}) == fatal(3, "foo", bad));
  CHECK(value("port", {"--maxmem", "1"}) == fatal(2, "maxmem \"1\"", bad));
  CHECK(value("port", {"-p", "1"}) == fatal(2, "\"-p\" \"1\"", bad));
  CHECK(value("port", {"--port", "1", "---port", "2"}) == fatal(3, "-port \"2\"", bad));
  CHECK(value("port", {"--", "x"}) == fatal(2, "\"x\"", bad));
  CHECK(value("port", {"--config-file", "x"}) == fatal(2, "config-file \"x\"", bad));
  CHECK(value("port", {"--port", "1", "--help"}) == fatal(3, "help", bad));
  CHECK(value("port", {"--port"}) == fatal(2, "port", "wrong number of arguments"));
}

TEST_CASE("The command line wins over the file", "[config][command_line]") {
  fake_config_environment world;
  world.files = {{"/home/r.conf", "port 1\ntimeout 5"}};
  const started server({"r.conf", "--port", "7"}, world);
  CHECK(server.get("port") == "7");
  CHECK(server.get("timeout") == "5");
  CHECK(server.all.config_file == "/home/r.conf");
  CHECK(started({"../home/./r.conf"}, world).all.config_file == "/home/r.conf");
}

TEST_CASE("Lines of the command line are numbered after the file's", "[config][command_line]") {
  fake_config_environment world;
  world.files = {{"/home/r.conf", "port 1\nport 2\n"}, {"/home/bad.conf", "a b"}};
  CHECK(started({"r.conf", "--foo", "1"}, world).error == fatal(4, "foo \"1\"", bad));
  CHECK(started({"bad.conf", "--foo", "1"}, world).error == fatal(1, "a b", bad));
  CHECK(started({"r.conf", "-x", "--port", "1"}, world).error == fatal(4, "\"-x\"", bad));
}

TEST_CASE("A file that cannot be opened is named in full", "[config][command_line]") {
  CHECK(started({"gone.conf"}).error ==
        "Fatal error, can't open config file '/home/gone.conf': No such file or directory");
}

TEST_CASE("A dash at either end reads standard input", "[config][command_line]") {
  fake_config_environment world;
  world.input = "maxmemory 5\nport 1\n";
  world.files = {{"/home/r.conf", "maxmemory 3\ntimeout 3\n"}};
  for (const auto& arguments : {words{"-", "--port", "7"}, words{"--port", "7", "-"},
                                words{"r.conf", "--port", "7", "-"}}) {
    const started server(arguments, world);
    CHECK(server.get("maxmemory") == "5");
    CHECK(server.get("port") == "7");
    CHECK(server.all.warnings == words{"Reading config from stdin"});
  }
  CHECK(started({"r.conf", "-", "--port", "7"}, world).error == fatal(4, "\"-\"", bad));
  CHECK(started({"-"}, world).get("port") == "1");
}

TEST_CASE("Version and help are asked for by the first argument", "[config][command_line]") {
  CHECK(started({"-v"}).all.what == start_up::action::show_version);
  CHECK(started({"--version"}).all.what == start_up::action::show_version);
  CHECK(started({"-h"}).all.what == start_up::action::show_help);
  CHECK(started({"--help"}).all.what == start_up::action::show_help);
}

TEST_CASE("Help tells every listed directive with its default", "[config][command_line]") {
  const auto help = help_text("hawser-server");
  for (const auto& row : directives()) {
    INFO(row.name);
    const bool told = help.find("--" + std::string(row.name) + " ") != std::string::npos;
    CHECK(told == !row.is(attribute::hidden));
  }
  CHECK(help.find("TCP port to listen on; 0 for none. [6379]") != std::string::npos);
}

TEST_CASE("Modes that do not exist are refused", "[config][command_line]") {
  CHECK(started({"r.conf", "--sentinel"}).error ==
        "--sentinel: this server has no Sentinel mode.\n");
  CHECK(started({"--test-memory", "1"}).error == "--test-memory: not supported by this server.\n");
  CHECK(started({"--check-system"}).error == "--check-system: not supported by this server.\n");
}

TEST_CASE("The arguments are kept as they were given", "[config][command_line]") {
  CHECK(started({"--port", "7"}).all.arguments == words{"hawser-server", "--port", "7"});
}
