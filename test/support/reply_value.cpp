#include "reply_value.hpp"

#include "command_line.hpp"

namespace hawser::test {
namespace {

template <class Item>
std::string joined(const std::vector<reply_value>& items, Item item) {
  std::string result;
  for (const auto& each : items) {
    if (!result.empty()) result += ' ';
    result += item(each);
  }
  return result;
}

std::string map_to_string(const std::vector<reply_value>& items) {
  std::string result = "{";
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (i > 0) result += ", ";
    result += to_string(items[i]) + ": " + to_string(items[i + 1]);
  }
  return result + "}";
}

std::string items_to_string(const std::vector<reply_value>& items) {
  return "[" + joined(items, [](const reply_value& item) { return to_string(item); }) + "]";
}

std::string_view name_of(reply_kind kind) {
  switch (kind) {
    case reply_kind::simple:
      return "simple";
    case reply_kind::error:
      return "error";
    case reply_kind::integer:
      return "integer";
    case reply_kind::bulk:
      return "bulk";
    case reply_kind::nil:
      return "nil";
    case reply_kind::nil_array:
      return "nil[]";
    case reply_kind::array:
      return "array";
    case reply_kind::map:
      return "map";
    case reply_kind::set:
      return "set";
    case reply_kind::push:
      return "push";
    case reply_kind::real:
      return "double";
    case reply_kind::boolean:
      return "boolean";
    case reply_kind::big_number:
      return "big";
    case reply_kind::verbatim:
      return "verbatim";
  }
  return "?";
}

}  // namespace

bool is_aggregate(reply_kind kind) {
  return kind == reply_kind::array || kind == reply_kind::map || kind == reply_kind::set ||
         kind == reply_kind::push;
}

std::string to_string(const reply_value& value) {
  switch (value.kind) {
    case reply_kind::error:
      return "!" + value.text;
    case reply_kind::nil:
      return "nil";
    case reply_kind::nil_array:
      return "nil[]";
    case reply_kind::array:
      return items_to_string(value.items);
    case reply_kind::map:
      return map_to_string(value.items);
    case reply_kind::set:
      return "~" + items_to_string(value.items);
    case reply_kind::push:
      return ">" + items_to_string(value.items);
    case reply_kind::real:
      return "," + value.text;
    case reply_kind::boolean:
      return "#" + value.text;
    case reply_kind::big_number:
      return "(" + value.text;
    case reply_kind::verbatim:
      return "=" + value.text;
    default:
      return value.kind == reply_kind::integer ? value.text : quote(value.text);
  }
}

std::string shape_of(const reply_value& value) {
  std::string result(name_of(value.kind));
  if (value.kind == reply_kind::error) return "!" + value.text.substr(0, value.text.find(' '));
  if (!is_aggregate(value.kind)) return result;
  return result + "[" + joined(value.items, shape_of) + "]";
}

}  // namespace hawser::test
