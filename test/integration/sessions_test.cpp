#include "catch.hpp"
#include "command_line.hpp"
#include "tcp_client.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace hawser::test;

namespace {

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("A pipeline of 100,000 requests in one write is answered in order", "[sessions]") {
  server_process server;
  tcp_client client(server);
  client.patience_is(6 * patience);
  constexpr int requests = 100'000;
  client.send_raw(repeated(encode_command({"INCR", "n"}), requests));
  for (int i = 1; i <= requests; ++i) REQUIRE(client.receive().value.number == i);
}

TEST_CASE("A request may arrive in two parts, cut at any byte", "[sessions]") {
  server_process server;
  tcp_client client(server), other(server);
  const auto request = encode_command({"SET", "key", "a\r\nb"}) + encode_command({"GET", "key"}) +
                       "PING \"a b\"\r\n" + encode_command({"DEL", "key"});
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    INFO("cut at " << cut);
    client.send_raw(std::string_view(request).substr(0, cut));
    // Another client's answer shows that the server has seen what came before.
    REQUIRE(other("PING") == "PONG");
    client.send_raw(std::string_view(request).substr(cut));
    REQUIRE(client.reply() == "OK");
    REQUIRE(client.reply() == "\"a\\r\\nb\"");
    REQUIRE(client.reply() == "\"a b\"");
    REQUIRE(client.reply() == "1");
  }
}

TEST_CASE("A request may arrive byte by byte", "[sessions]") {
  server_process server;
  tcp_client client(server);
  for (const char byte : encode_command({"ECHO", "slowly"})) client.send_raw({&byte, 1});
  CHECK(client.reply() == "slowly");
}

TEST_CASE("A client that has sent its last byte gets all its replies", "[sessions]") {
  server_process server;
  tcp_client client(server);
  client("SET text " + std::string(100, 'x'));
  client.send_raw(repeated(encode_command({"GET", "text"}), 1'000));
  client.half_close();
  for (int i = 0; i < 1'000; ++i) REQUIRE(client.receive().value.text.size() == 100);
  CHECK(client.closed());
}

TEST_CASE("An argument of 20 MB comes back as it was", "[sessions]") {
  server_process server;
  tcp_client client(server);
  client.patience_is(3 * patience);
  std::string big(20'000'000, 'a');
  for (std::size_t i = 0; i < big.size(); i += 997) big[i] = static_cast<char>(i);
  client.send_argv({"SET", "big", big});
  CHECK(client.reply() == "OK");
  client.send("GET big");
  CHECK(client.receive().value.text == big);
}

TEST_CASE("A client that does not read its replies does not delay another", "[sessions]") {
  server_process server;
  tcp_client slow(server), quick(server);
  quick("SET big " + std::string(1'000'000, 'x'));
  // More than the kernel's buffers hold.
  slow.send_raw(repeated(encode_command({"GET", "big"}), 40));
  for (int i = 0; i < 100; ++i) REQUIRE(quick("PING") == "PONG");
  for (int i = 0; i < 40; ++i) REQUIRE(slow.receive().value.text.size() == 1'000'000);
}

TEST_CASE("A client that ends its connection gets all replies before", "[sessions]") {
  for (const auto* threads : {"1", "2"}) {
    INFO(threads << " I/O threads");
    server_process server({"--io-threads", threads});
    for (int i = 0; i < 20; ++i) {
      tcp_client client(server);
      client.send_raw("PING\r\nQUIT\r\nPING\r\n");
      REQUIRE(client.reply() == "PONG");
      REQUIRE(client.reply() == "OK");
      REQUIRE(client.closed());
    }
  }
}

TEST_CASE("A client that leaves in the middle of a request harms nobody", "[sessions]") {
  server_process server;
  for (int i = 0; i < 50; ++i) {
    tcp_client leaving(server);
    leaving.send_raw("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$100\r\nabc");
  }
  for (int i = 0; i < 50; ++i) {
    tcp_client leaving(server);
    leaving.send_raw(repeated(encode_command({"SET", "k", "v"}), 100));
  }
  tcp_client client(server);
  CHECK(wait_until(
      [&] { return client("INFO clients").find("connected_clients:1\\r") != std::string::npos; }));
  CHECK(client("SET k v") == "OK");
}

TEST_CASE("Clients that take turns see each other's writes at once", "[sessions]") {
  for (const auto* threads : {"1", "2"}) {
    INFO(threads << " I/O threads");
    server_process server({"--io-threads", threads});
    std::vector<std::unique_ptr<tcp_client>> clients;
    for (int i = 0; i < 20; ++i) clients.push_back(std::make_unique<tcp_client>(server));
    for (int i = 1; i <= 2'000; ++i)
      REQUIRE((*clients[static_cast<std::size_t>(i) % clients.size()])("INCR n") ==
              std::to_string(i));
    const auto stats = (*clients[0])("INFO stats");
    const bool none = stats.find("io_threaded_reads_processed:0\\r") != std::string::npos;
    CHECK(none == (threads == std::string("1")));
  }
}

TEST_CASE("Pipelines of many clients at once lose nothing with two I/O threads", "[sessions]") {
  server_process server({"--io-threads", "2"});
  std::vector<std::unique_ptr<tcp_client>> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(std::make_unique<tcp_client>(server));
  const auto batch = repeated(encode_command({"INCR", "n"}), 500);
  for (auto& client : clients) client->send_raw(batch);
  for (auto& client : clients) {
    std::int64_t last = 0;
    for (int i = 0; i < 500; ++i) {
      const auto now = client->receive().value.number;
      REQUIRE(now > last);
      last = now;
    }
  }
  CHECK((*clients[0])("GET n") == "20000");
}

TEST_CASE("Messages reach subscribers of every I/O thread in the order of publishing",
          "[sessions]") {
  server_process server({"--io-threads", "2"});
  std::vector<std::unique_ptr<tcp_client>> subscribers;
  for (int i = 0; i < 10; ++i) {
    subscribers.push_back(std::make_unique<tcp_client>(server));
    (*subscribers.back())("SUBSCRIBE news");
  }
  tcp_client publisher(server);
  std::string batch;
  for (int i = 0; i < 1'000; ++i) batch += encode_command({"PUBLISH", "news", std::to_string(i)});
  publisher.send_raw(batch);
  for (int i = 0; i < 1'000; ++i) REQUIRE(publisher.reply() == "10");
  for (auto& subscriber : subscribers)
    for (int i = 0; i < 1'000; ++i)
      REQUIRE(subscriber->reply() == "[message news " + std::to_string(i) + "]");
}

TEST_CASE("What is sent to a client that only listens is counted", "[sessions]") {
  const auto* threads = GENERATE("1", "2");
  INFO(threads << " I/O threads");
  server_process server({"--io-threads", threads});
  tcp_client subscriber(server), publisher(server);
  subscriber("SUBSCRIBE news");
  const auto counted = [&](const std::string& field) {
    const auto text = publisher("INFO stats");
    const auto at = text.find(field + ":");
    REQUIRE(at != std::string::npos);
    return std::stoll(text.substr(at + field.size() + 1));
  };
  const auto bytes = counted("total_net_output_bytes"), writes = counted("total_writes_processed");
  CHECK(writes > 0);
  const std::string text(500'000, 'x');
  CHECK(publisher("PUBLISH news " + text) == "1");
  CHECK(subscriber.reply() == "[message news " + text + "]");
  CHECK(wait_until([&] { return counted("total_net_output_bytes") >= bytes + 500'000; }));
  CHECK(counted("total_writes_processed") > writes);
}
