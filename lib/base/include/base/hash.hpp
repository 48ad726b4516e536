#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// The hash is on the path of every key, so it is compiled into its callers.
#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#endif
#include <xxhash.h>

namespace hawser::base {

/// Hashes keys under a secret derived from a seed, so that who does not know the seed cannot choose
/// keys that collide. The same seed gives the same hashes in every process and run.
class key_hasher {
 public:
  explicit key_hasher(std::uint64_t seed);

  /// A 64-bit hash, good in all of its bits.
  std::uint64_t operator()(std::string_view key) const {
    return XXH3_64bits_withSecret(key.data(), key.size(), secret_, sizeof secret_);
  }

 private:
  alignas(64) unsigned char secret_[XXH3_SECRET_DEFAULT_SIZE];
};

}  // namespace hawser::base
