#include <base/hash.hpp>
#include <base/random.hpp>

#include <array>

namespace hawser::base {

key_hasher::key_hasher(std::uint64_t seed) {
  random source(seed);
  std::array<std::uint64_t, 8> entropy;
  for (auto& word : entropy) word = source.next();
  XXH3_generateSecret(secret_, sizeof secret_, entropy.data(), sizeof entropy);
}

}  // namespace hawser::base
