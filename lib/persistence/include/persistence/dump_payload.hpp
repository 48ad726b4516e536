#pragma once

#include <optional>
#include <persistence/rdb_values.hpp>
#include <string>
#include <string_view>

namespace hawser::persistence {

/// A value as DUMP replies it: its type and the value itself as in an RDB file, the RDB version
/// (2 bytes) and the CRC-64 of all that (8 bytes), both little endian. There is a checksum always.
std::string dump_payload(store::database& home, store::entry& of, rdb_options how);

/// Bytes that a value takes in an RDB file, without its type.
std::uint64_t serialized_size(store::database& home, store::entry& of, rdb_options how);

/// Ends a payload with the version of the format and the checksum of all.
void end_payload(rdb_output& out, int version);

/// A payload without its end; none if that is not right. Without `checksum` that is not looked at.
std::optional<std::string_view> payload_body(std::string_view payload, bool checksum = true);

/// A payload whose version is known and whose checksum is right.
class checked_payload {
 public:
  /// None: it is anything else. Without `checksum` that is not looked at.
  static std::optional<checked_payload> check(std::string_view payload, bool checksum = true);

  /// The value, a collection in the memory of `home`; none if the data is bad or there are no
  /// elements. A string lies in the payload or in this object.
  std::optional<decoded_value> decode(store::database& home);

 private:
  checked_payload(std::string_view body, rdb_dialect dialect) : in_(body), dialect_(dialect) {}

  rdb_input in_;
  rdb_dialect dialect_;
};

}  // namespace hawser::persistence
