#include "function_payload.hpp"

#include <engine/command_error.hpp>

#include <persistence/dump_payload.hpp>
#include <persistence/rdb_input.hpp>
#include <persistence/rdb_output.hpp>

namespace hawser::scripting {

using engine::command_error;
using persistence::rdb_opcode;

std::string dump_libraries(const library_set& all, int version) {
  std::string payload;
  persistence::string_sink sink(payload);
  persistence::rdb_output out(sink, {});
  for (const auto& [name, each] : all) {
    out.opcode(rdb_opcode::function);
    out.string(each->code);
  }
  persistence::end_payload(out, version);
  return payload;
}

library_set read_libraries(std::string_view payload, function_libraries& with) try {
  const auto body = persistence::payload_body(payload);
  if (!body) throw command_error("ERR DUMP payload version or checksum are wrong");
  persistence::rdb_input in(*body);
  library_set loaded;
  while (in.offset() < body->size()) {
    const auto opcode = static_cast<rdb_opcode>(in.byte());
    if (opcode == rdb_opcode::old_function)
      throw command_error("ERR Pre-GA function format not supported");
    if (opcode != rdb_opcode::function) throw command_error("ERR given type is not a function");
    auto made = with.compile(in.text());
    for (const auto& [name, each] : loaded) {
      if (name == made->name) throw command_error("ERR Library '" + name + "' already exists");
      for (const auto& [function_name, one] : made->functions)
        if (each->functions.contains(function_name))
          throw command_error("ERR Function " + function_name + " already exists");
    }
    auto& place = loaded[made->name];
    place = std::move(made);
  }
  return loaded;
} catch (const persistence::rdb_failure&) {
  throw command_error("ERR failed loading the given functions payload");
}

}  // namespace hawser::scripting
