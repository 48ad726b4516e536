#include "process_title.hpp"

#include "catch.hpp"

using namespace hawser;
using app::title_text;

namespace {

engine::settings with_template(std::string text) {
  engine::settings options;
  options.proc_title_template = std::move(text);
  return options;
}

}  // namespace

TEST_CASE("The title says by default who listens where", "[title]") {
  engine::settings options;
  CHECK(title_text(options, "./hawser-server", "") == "./hawser-server *:6379");
  options.binds = {"127.0.0.1", "::1"};
  options.port = 7000;
  CHECK(title_text(options, "hawser-server", "") == "hawser-server 127.0.0.1:7000");
  options.cluster_enabled = true;
  CHECK(title_text(options, "hawser-server", "") == "hawser-server 127.0.0.1:7000 [cluster]");
}

TEST_CASE("A server without TCP shows its Unix socket in the title", "[title]") {
  auto options = with_template("{listen-addr}");
  options.port = 0;
  options.unixsocket = "/run/socket";
  CHECK(title_text(options, "x", "") == "unixsocket:/run/socket");
}

TEST_CASE("Every variable of a title template is replaced, doubled braces stand for one",
          "[title]") {
  auto options = with_template(" {{a {title}|{port}|{tls-port}|{unixsocket}|{config-file} ");
  CHECK(title_text(options, "me", "") == "{a me|6379|0||-");
  options.unixsocket = "/s";
  CHECK(title_text(options, "me", "/etc/me.conf") == "{a me|6379|0|/s|/etc/me.conf");
}
