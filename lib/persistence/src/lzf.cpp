#include "lzf.hpp"

#include <liblzf/lzf.h>
#include <limits>

namespace hawser::persistence {

namespace {

constexpr std::size_t largest = std::numeric_limits<unsigned int>::max();

}  // namespace

bool lzf_pack(std::string_view text, std::string& to) {
  constexpr std::size_t least_saved = 4;
  if (text.size() <= least_saved || text.size() > largest) return false;
  to.resize(text.size());
  const auto size = lzf_compress(text.data(), static_cast<unsigned int>(text.size()), to.data(),
                                 static_cast<unsigned int>(text.size() - least_saved));
  to.resize(size);
  return size > 0;
}

bool lzf_unpack(std::string_view packed, std::size_t size, std::string& to) {
  // The longest reference is 264 bytes and takes three.
  constexpr std::size_t most_gain = 264;
  if (packed.empty() || size == 0) return false;
  if (packed.size() > largest || size > largest || size > packed.size() * most_gain) return false;
  to.resize(size);
  return lzf_decompress(packed.data(), static_cast<unsigned int>(packed.size()), to.data(),
                        static_cast<unsigned int>(size)) == size;
}

}  // namespace hawser::persistence
