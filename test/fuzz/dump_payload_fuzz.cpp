// Whatever RESTORE is given as a value, it is refused or becomes one that can be kept under a key,
// copied, written, and read again; nothing is read or written outside of it (that is for the
// sanitizers).

#include <base/crc64.hpp>
#include <store/string_encoding.hpp>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <persistence/dump_payload.hpp>
#include <string>

namespace {

using namespace hawser;

void require(bool holds) {
  if (!holds) std::abort();
}

/// The right version and checksum: guessing them is not what this is about. The last byte chooses
/// whose numbers they are.
std::string with_footer(std::string bytes) {
  const bool of_valkey = !bytes.empty() && (bytes.back() & 1) != 0;
  bytes.push_back(static_cast<char>(of_valkey ? persistence::valkey_version
                                              : persistence::newest_redis_version));
  bytes.push_back(0);
  const auto checksum = base::crc64(0, bytes);
  bytes.append(reinterpret_cast<const char*>(&checksum), sizeof checksum);
  return bytes;
}

store::entry* put(store::database& home, persistence::decoded_value& value) {
  const auto at = home.locate("key");
  if (value.type() != store::value_type::string)
    return home.put_collection(at, "key", value.type(), value.take(), {});
  const auto& text = value.string();
  if (text.is_integer) return home.put_integer(at, "key", text.integer, {});
  return store::put_string(home, at, "key", text.text, {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const base::key_hasher hash(7);
  static const store::encoding_limits limits;
  store::database home(hash, limits);
  const auto payload = with_footer({reinterpret_cast<const char*>(data), size});
  auto checked = persistence::checked_payload::check(payload);
  require(checked.has_value());
  auto value = checked->decode(home);
  if (!value) return 0;
  auto* made = put(home, *value);
  auto* copy = home.put_copy(*made, "copy");
  const auto written = persistence::dump_payload(home, *copy, {});
  auto again = persistence::checked_payload::check(written);
  require(again.has_value());
  auto same = again->decode(home);
  require(same.has_value() && same->type() == copy->type());
  put(home, *same);
  require(home.remove("key") && home.remove("copy"));
  return 0;
}
