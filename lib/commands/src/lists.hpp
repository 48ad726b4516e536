#pragma once

// What the files of list commands share.

#include "family.hpp"
#include <store/list_value.hpp>

#include <string_view>

namespace hawser::commands {

using store::list_end;
using store::list_value;

inline void reply_element(context& cx, const list_value::element& of) {
  if (of.is_integer())
    cx.reply.bulk_integer(of.integer);
  else
    cx.reply.bulk({of.string, of.size});
}

/// An element that is to be added. Only with a larger proto-max-bulk-len can one be too long.
inline std::string_view checked(std::string_view element) {
  if (element.size() > list_value::longest_element)
    throw command_error("ERR element exceeds the maximum allowed size");
  return element;
}

/// LEFT | RIGHT
inline list_end read_end(context& cx) {
  if (cx.args.accept("left")) return list_end::front;
  if (cx.args.accept("right")) return list_end::back;
  throw command_error(errors::syntax);
}

/// To be called after each change of a list: as many changes count as elements have changed, and a
/// key that holds none any more is removed.
void list_changed(context& cx, std::string_view key, const list_value& list, std::string_view event,
                  std::size_t changes = 1);

/// Takes elements from an end (no more than there are), replying each, and tells of it.
void pop_elements(context& cx, std::string_view key, list_value list, list_end from,
                  std::size_t count);

}  // namespace hawser::commands
