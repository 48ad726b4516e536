#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace hawser::replication {

/// A request of the protocol, encoded.
std::string request(std::initializer_list<std::string_view> words);

}  // namespace hawser::replication
