#include "debug_layout.hpp"

#include <base/bytes.hpp>
#include <engine/node.hpp>
#include <store/list_value.hpp>

#include <fmt/format.h>

namespace hawser::commands {

namespace {

using engine::command_error;
using engine::context;

store::entry& existing(context& cx) {
  auto* found = cx.keys.peek(cx.args.next());
  if (found == nullptr) throw command_error(engine::errors::no_such_key);
  return *found;
}

void tell(context& cx, const std::string& line) { cx.server.log(engine::log_level::warning, line); }

}  // namespace

void debug_listpack(context& cx) {
  auto& found = existing(cx);
  if (store::shown_encoding(found) != "listpack")
    throw command_error("ERR Not a listpack encoded object.");
  const store::listpack pack(found.collection().data);
  tell(cx, fmt::format("listpack of {} elements in {} bytes", pack.size(), pack.byte_count()));
  for (auto at = pack.first(); at != store::listpack::none; at = pack.next(at))
    tell(cx, fmt::format("  at {}: {}", at, base::quoted(pack.at(at).to_string())));
  cx.reply.simple("Listpack structure printed on stdout");
}

void debug_quicklist(context& cx) {
  auto& found = existing(cx);
  if (found.type() != store::value_type::list)
    throw command_error("ERR Not a quicklist encoded object.");
  const store::list_value list(cx.keys.data(), found);
  const auto seen = list.laid_out();
  tell(cx,
       fmt::format("list of {} elements in {} nodes of {} bytes, fill {}, compressed from {} on",
                   list.size(), seen.nodes, seen.bytes, seen.shape.fill, seen.shape.depth));
  cx.reply.simple("Quicklist structure printed on stdout");
}

/// Key and text lie in one record, which has no room to spare.
void debug_string_length(context& cx) {
  auto& found = existing(cx);
  if (found.type() != store::value_type::string || found.is_integer())
    throw command_error("ERR Not an sds encoded string.");
  cx.reply.simple(
      fmt::format("key_sds_len:{}, key_sds_avail:0, key_zmalloc: {}, val_sds_len:{}, "
                  "val_sds_avail:0, val_zmalloc: {}",
                  found.key().size(), found.key().size(), found.text().size(), found.memory()));
}

}  // namespace hawser::commands
