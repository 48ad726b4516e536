#pragma once

#include <cstring>

namespace hawser::base {

/// A value whose bytes lie anywhere, in the machine's order.
template <class T>
T load(const void* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <class T>
void store(void* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

}  // namespace hawser::base
