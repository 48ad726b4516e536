#include "module_data.hpp"

namespace hawser::persistence {

std::string module_name(std::uint64_t number) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  constexpr int version_bits = 10, bits = 6, characters = 9;
  std::string name(characters, ' ');
  number >>= version_bits;
  for (auto at = name.rbegin(); at != name.rend(); ++at, number >>= bits)
    *at = letters[number & ((1U << bits) - 1)];
  return name;
}

void skip_module_data(rdb_input& in) {
  enum : std::uint64_t { end, signed_integer, unsigned_integer, single, binary, string };
  while (true) switch (in.length()) {
      case end:
        return;
      case signed_integer:
      case unsigned_integer:
        in.length();
        break;
      case single:
        in.u32();
        break;
      case binary:
        in.u64();
        break;
      case string:
        in.string();
        break;
      default:
        in.fail("data of a module of an unknown kind");
    }
}

}  // namespace hawser::persistence
