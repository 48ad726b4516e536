#include "debug_protocol.hpp"

#include <base/bytes.hpp>

#include <algorithm>

namespace hawser::commands {

namespace {

using resp::reply_writer;

void three(reply_writer& reply) {
  for (const int i : {0, 1, 2}) reply.integer(i);
}

void attribute(reply_writer& reply) {
  // RESP2 has no attributes: its clients get the reply alone.
  if (reply.resp3())
    reply.raw("|1\r\n").bulk("key-popularity").array(2).bulk("key:123").integer(90);
  reply.bulk("Some real reply following the attribute");
}

void push(reply_writer& reply) {
  if (!reply.resp3()) throw engine::command_error("ERR RESP2 is not supported by this command");
  reply.push(2).bulk("server-cpu-usage").integer(42);
  reply.bulk("Some real reply following the push reply");
}

void big_number(reply_writer& reply) {
  constexpr std::string_view digits = "1234567999999999999999999999999999999";
  if (reply.resp3())
    reply.raw("(").raw(digits).raw("\r\n");
  else
    reply.bulk(digits);
}

struct sample {
  std::string_view name;
  void (*write)(reply_writer& reply);
};

constexpr sample samples[] = {
    {"string", [](reply_writer& reply) { reply.bulk("Hello World"); }},
    {"integer", [](reply_writer& reply) { reply.integer(12345); }},
    {"double",
     [](reply_writer& reply) {
       // Not the 17 digits of reply_writer::number.
       if (reply.resp3())
         reply.raw(",3.141\r\n");
       else
         reply.bulk("3.141");
     }},
    {"bignum", big_number},
    {"null", [](reply_writer& reply) { reply.null(); }},
    {"array", [](reply_writer& reply) { three(reply.array(3)); }},
    {"set", [](reply_writer& reply) { three(reply.set(3)); }},
    {"map",
     [](reply_writer& reply) {
       reply.map(3);
       for (const int i : {0, 1, 2}) reply.integer(i).boolean(i == 1);
     }},
    {"attrib", attribute},
    {"push", push},
    {"verbatim", [](reply_writer& reply) { reply.verbatim("This is a verbatim\nstring"); }},
    {"true", [](reply_writer& reply) { reply.boolean(true); }},
    {"false", [](reply_writer& reply) { reply.boolean(false); }},
};

}  // namespace

void debug_protocol(engine::context& cx) {
  const auto name = cx.args.next();
  const auto found = std::ranges::find_if(
      samples, [&](const auto& each) { return base::iequals(each.name, name); });
  if (found == std::end(samples))
    throw engine::command_error(
        "ERR Wrong protocol type name. Please use one of the following: "
        "string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false");
  found->write(cx.reply);
}

}  // namespace hawser::commands
