#pragma once

#include "catch.hpp"

#include <string>

namespace hawser::test {

/// Checks that a text has a part, and shows both when it has not.
inline bool contains(const std::string& text, const std::string& part) {
  INFO("looking for: " << part << "\nin: " << text);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

}  // namespace hawser::test
