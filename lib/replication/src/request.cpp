#include <fmt/format.h>

#include <iterator>
#include <replication/request.hpp>

namespace hawser::replication {

std::string request(std::initializer_list<std::string_view> words) {
  auto text = fmt::format("*{}\r\n", words.size());
  for (const auto each : words)
    fmt::format_to(std::back_inserter(text), "${}\r\n{}\r\n", each.size(), each);
  return text;
}

}  // namespace hawser::replication
