// hiredis: shows what the library makes of a server's replies, synchronously and by callbacks.
#include <cstdio>
#include <cstdlib>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <initializer_list>
#include <memory>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

struct closing {
  void operator()(redisContext* context) const { redisFree(context); }
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using context = std::unique_ptr<redisContext, closing>;
using reply = std::unique_ptr<redisReply, closing>;

std::string text_of(const redisReply& of) {
  switch (of.type) {
    case REDIS_REPLY_STRING:
      return '"' + std::string(of.str, of.len) + '"';
    case REDIS_REPLY_STATUS:
      return {of.str, of.len};
    case REDIS_REPLY_ERROR:
      return '!' + std::string(of.str, of.len);
    case REDIS_REPLY_INTEGER:
      return std::to_string(of.integer);
    case REDIS_REPLY_NIL:
      return "nil";
    default:
      break;
  }
  std::string all = "[";
  for (std::size_t i = 0; i < of.elements; ++i) all += (i > 0 ? " " : "") + text_of(*of.element[i]);
  return all + "]";
}

/// The replies in a line; the list is what puts the questions in order.
void show(const char* what, std::initializer_list<std::string> replies) {
  std::printf("%s:", what);
  for (const auto& each : replies) std::printf(" %s", each.c_str());
  std::printf("\n");
}

context connected() {
  context made(redisConnect("127.0.0.1", std::atoi(std::getenv("PORT"))));
  if (!made || made->err != 0) throw std::runtime_error("cannot connect");
  return made;
}

reply checked(redisContext& on, void* got) {
  if (got == nullptr) throw std::runtime_error(on.errstr);
  return reply(static_cast<redisReply*>(got));
}

template <class... Values>
std::string ask(const context& on, const char* format, Values... values) {
  return text_of(*checked(*on, redisCommand(on.get(), format, values...)));
}

std::string next(const context& on) {
  void* got = nullptr;
  redisGetReply(on.get(), &got);
  return text_of(*checked(*on, got));
}

void commands(const context& on) {
  show("ping", {ask(on, "PING")});
  const std::string bytes("\0\r\n\xff", 4);
  show("bytes", {ask(on, "SET %b %b", bytes.data(), bytes.size(), bytes.data(), bytes.size()),
                 ask(on, "STRLEN %b", bytes.data(), bytes.size())});
  show("format", {ask(on, "SET key:%d %s:%08.3f", 7, "pi", 3.14159), ask(on, "GET key:7")});
  show("missing", {ask(on, "GET none"), ask(on, "LPOP none 2")});
  show("error", {ask(on, "INCR key:7"), ask(on, "NONSENSE %s", "x")});
  std::vector<std::string> words{"RPUSH", "list"};
  for (int i = 0; i < 1000; ++i) words.push_back(std::to_string(i));
  std::vector<const char*> argv;
  std::vector<std::size_t> sizes;
  for (const auto& word : words) {
    argv.push_back(word.data());
    sizes.push_back(word.size());
  }
  const auto count = static_cast<int>(argv.size());
  show("argv",
       {text_of(*checked(*on, redisCommandArgv(on.get(), count, argv.data(), sizes.data())))});
  show("range", {ask(on, "LRANGE list 0 -1")});
  show("nested", {ask(on, "EVAL %s 0", "return {1, {2, {3, {4, {'five'}}}}}")});
}

void pipelines(const context& on) {
  for (int i = 0; i < 10'000; ++i) redisAppendCommand(on.get(), "INCR counter");
  std::string last;
  for (int i = 0; i < 10'000; ++i) last = next(on);
  show("pipeline", {last});
  for (const auto* line : {"MULTI", "SET t 1", "INCR t", "LPUSH t x", "EXEC"})
    redisAppendCommand(on.get(), line);
  for (int i = 0; i < 5; ++i) show("transaction", {next(on)});
  const auto other = connected();
  show("watch", {ask(on, "WATCH t"), ask(other, "SET t 5"), ask(on, "MULTI"), ask(on, "INCR t"),
                 ask(on, "EXEC")});
}

void scripts(const context& on) {
  const auto* text = "return redis.call('incrby', KEYS[1], ARGV[1])";
  const auto* sha = "0dd33ea3d6b3b9bd9e0b6a5b4e0ecfc3c2a4f6a9";
  show("no script", {ask(on, "EVALSHA %s 1 n 5", sha)});
  const auto loaded = checked(*on, redisCommand(on.get(), "SCRIPT LOAD %s", text));
  show("script", {text_of(*loaded), ask(on, "EVALSHA %s 1 n 5", loaded->str)});
}

void scans(const context& on) {
  for (int i = 0; i < 1000; ++i) redisAppendCommand(on.get(), "SADD members m:%d", i);
  for (int i = 0; i < 1000; ++i) next(on);
  std::string cursor = "0";
  std::size_t found = 0;
  do {
    const auto page = checked(*on, redisCommand(on.get(), "SSCAN members %s", cursor.c_str()));
    cursor = page->element[0]->str;
    found += page->element[1]->elements;
  } while (cursor != "0");
  show("scan", {std::to_string(found >= 1000)});
}

void streams(const context& on) {
  show("stream", {ask(on, "XADD events 1-1 n 1"), ask(on, "XADD events 2-1 n 2")});
  show("group", {ask(on, "XGROUP CREATE events g 0")});
  show("read", {ask(on, "XREADGROUP GROUP g c COUNT 1 STREAMS events >")});
  show("pending", {ask(on, "XPENDING events g"), ask(on, "XACK events g 1-1")});
}

void waiting(const context& on) {
  const auto other = connected();
  redisAppendCommand(other.get(), "BLPOP jobs 20");
  int done = 0;
  while (done == 0) redisBufferWrite(other.get(), &done);
  show("push", {ask(on, "RPUSH jobs job")});
  show("pop", {next(other)});
  show("subscribe", {ask(other, "SUBSCRIBE news")});
  show("publish", {ask(on, "PUBLISH news hello")});
  show("message", {next(other)});
  redisSetTimeout(other.get(), timeval{0, 10'000});
  void* nothing = nullptr;
  const bool failed = redisGetReply(other.get(), &nothing) == REDIS_ERR;
  show("time-out", {std::to_string(failed && other->err == REDIS_ERR_IO)});
}

/// The smallest event loop: one connection, until nobody waits for it.
struct event_loop {
  explicit event_loop(redisAsyncContext* of) : on(of) {
    of->ev.data = this;
    of->ev.addRead = [](void* self) { static_cast<event_loop*>(self)->events |= POLLIN; };
    of->ev.addWrite = [](void* self) { static_cast<event_loop*>(self)->events |= POLLOUT; };
    of->ev.delRead = [](void* self) { static_cast<event_loop*>(self)->events &= ~POLLIN; };
    of->ev.delWrite = [](void* self) { static_cast<event_loop*>(self)->events &= ~POLLOUT; };
    of->ev.cleanup = [](void* self) { static_cast<event_loop*>(self)->on = nullptr; };
  }

  void run() {
    while (on != nullptr) {
      pollfd waiting{on->c.fd, events, 0};
      if (poll(&waiting, 1, 20'000) <= 0) throw std::runtime_error("nothing happens");
      if ((waiting.revents & POLLOUT) != 0) redisAsyncHandleWrite(on);
      if (on != nullptr && (waiting.revents & ~POLLOUT) != 0) redisAsyncHandleRead(on);
    }
  }

  redisAsyncContext* on;
  short events = 0;
};

void callbacks() {
  auto* on = redisAsyncConnect("127.0.0.1", std::atoi(std::getenv("PORT")));
  event_loop loop(on);
  const auto print = [](redisAsyncContext*, void* got, void* what) {
    if (got != nullptr)
      show(static_cast<const char*>(what), {text_of(*static_cast<redisReply*>(got))});
  };
  static char set[] = "callback of SET", get[] = "callback of GET", exec[] = "callback of EXEC";
  redisAsyncCommand(on, print, set, "SET async 1");
  redisAsyncCommand(on, nullptr, nullptr, "INCR async");
  redisAsyncCommand(on, print, get, "GET async");
  redisAsyncCommand(on, nullptr, nullptr, "MULTI");
  redisAsyncCommand(on, nullptr, nullptr, "INCR async");
  redisAsyncCommand(on, print, exec, "EXEC");
  const auto hear = [](redisAsyncContext* from, void* got, void*) {
    if (got == nullptr) return;
    const auto& heard = *static_cast<redisReply*>(got);
    show("heard", {text_of(heard)});
    const auto ask_other = [] { return ask(connected(), "PUBLISH weather.today sun"); };
    if (std::string(heard.element[0]->str) == "psubscribe") show("told", {ask_other()});
    if (std::string(heard.element[0]->str) == "pmessage") redisAsyncDisconnect(from);
  };
  redisAsyncCommand(on, hear, nullptr, "PSUBSCRIBE weather.*");
  loop.run();
}

}  // namespace

int main() try {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto on = connected();
  commands(on);
  pipelines(on);
  scripts(on);
  scans(on);
  streams(on);
  waiting(on);
  callbacks();
  return 0;
} catch (const std::exception& problem) {
  std::printf("failed: %s\n", problem.what());
  return 1;
}
