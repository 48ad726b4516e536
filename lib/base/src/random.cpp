#include <base/random.hpp>

#include <cerrno>
#include <sys/random.h>
#include <system_error>

namespace hawser::base {

namespace {

/// The next number of a splitmix64 sequence, which spreads a poor seed over all bits.
std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15;
  auto mixed = state;
  mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 31;
}

}  // namespace

random::random(std::uint64_t seed) : state_{} {
  for (auto& word : state_) word = split_mix(seed);
}

random random::from_system() {
  state words{};
  if (getentropy(words.data(), sizeof words) != 0) {
    throw std::system_error(errno, std::system_category(), "getentropy");
  }
  return random(words);
}

}  // namespace hawser::base
