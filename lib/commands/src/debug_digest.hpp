#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace hawser::engine {
class node;
}
namespace hawser::store {
class database;
class entry;
}  // namespace hawser::store

namespace hawser::commands {

/// A fingerprint of data that does not depend on the order in which keys are looked at: equal data
/// sets have equal digests on every server with this interface. No data is all zeros.
using digest = std::array<std::uint8_t, 20>;

/// The digest of a value, its type and whether it expires.
digest digest_of(store::database& home, store::entry& of);

/// The digest of all keys of all databases.
digest digest_of(engine::node& server);

/// As 40 hex digits.
std::string hex(const digest& of);

}  // namespace hawser::commands
