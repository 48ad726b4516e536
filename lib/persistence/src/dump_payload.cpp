#include <base/crc64.hpp>
#include <base/unaligned.hpp>

#include <algorithm>
#include <persistence/dump_payload.hpp>

namespace hawser::persistence {

namespace {

constexpr std::size_t version_bytes = 2, checksum_bytes = 8;
constexpr std::size_t footer_bytes = version_bytes + checksum_bytes;
/// Most values that are dumped are small.
constexpr std::size_t block = 1024;

/// Counts bytes.
class null_sink final : public byte_sink {
 public:
  std::error_code write(std::string_view) override { return {}; }
};

}  // namespace

std::string dump_payload(store::database& home, store::entry& of, rdb_options how) {
  std::string payload;
  string_sink sink(payload);
  how.checksum = true;
  rdb_output out(sink, how, block);
  const auto type = type_of(of, how.version);
  out.type(type);
  write_value(out, home, of);
  const int needed =
      type == rdb_type::hash_deadlines ? rdb_version_with_field_deadlines : rdb_version;
  end_payload(out, std::max(needed, how.version));
  return payload;
}

void end_payload(rdb_output& out, int version) {
  out.byte(static_cast<std::uint8_t>(version));
  out.byte(0);
  out.u64(out.checksum());
  out.flush();
}

std::uint64_t serialized_size(store::database& home, store::entry& of, rdb_options how) {
  null_sink sink;
  how.checksum = false;
  rdb_output out(sink, how, block);
  write_value(out, home, of);
  return out.bytes_written();
}

std::optional<std::string_view> payload_body(std::string_view payload, bool checksum) {
  if (payload.size() < footer_bytes) return std::nullopt;
  const auto body = payload.size() - footer_bytes;
  const auto version = base::load<std::uint16_t>(payload.data() + body);
  if (version > newest_redis_version && version != valkey_version) return std::nullopt;
  const auto stated = base::load<std::uint64_t>(payload.data() + body + version_bytes);
  if (checksum && base::crc64(0, payload.substr(0, body + version_bytes)) != stated)
    return std::nullopt;
  return payload.substr(0, body);
}

std::optional<checked_payload> checked_payload::check(std::string_view payload, bool checksum) {
  const auto body = payload_body(payload, checksum);
  if (!body) return std::nullopt;
  const auto version = base::load<std::uint16_t>(payload.data() + body->size());
  return checked_payload(*body,
                         version == valkey_version ? rdb_dialect::valkey : rdb_dialect::redis);
}

std::optional<decoded_value> checked_payload::decode(store::database& home) try {
  const auto type = static_cast<rdb_type>(in_.byte());
  auto value = value_reader(in_, dialect_).read(type, home);
  if (value.empty()) return std::nullopt;
  return value;
} catch (const rdb_failure&) {
  return std::nullopt;
}

}  // namespace hawser::persistence
