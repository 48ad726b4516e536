#include <base/murmur.hpp>
#include <base/unaligned.hpp>
#include <store/hyperloglog.hpp>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

namespace hawser::store::hyperloglog {

namespace {

static_assert(std::endian::native == std::endian::little);  // as the packed registers are

constexpr std::string_view magic = "HYLL";
constexpr std::size_t layout_at = 4;
constexpr char dense = 0;
constexpr char sparse = 1;
constexpr std::size_t estimate_at = 8;
constexpr std::uint64_t out_of_date = std::uint64_t{1} << 63;

constexpr int index_bits = 14;
constexpr int rank_bits = 64 - index_bits;
constexpr std::uint64_t hash_seed = 0xadc83b19;
constexpr std::uint64_t rank_mask = 63;

// Eight registers are 6 bytes when packed and a word when not.
constexpr std::size_t group = 8;
constexpr std::size_t group_bytes = 6;
constexpr std::size_t group_count = register_count / group;

/// The six bytes of a packed group. Not one copy of six bytes into a word: to read that back, the
/// processor waits until it is in the cache.
std::uint64_t load_packed(const char* from) {
  const std::uint64_t high = base::load<std::uint16_t>(from + 4);
  return high << 32 | base::load<std::uint32_t>(from);
}

std::uint64_t estimate_of(std::string_view bytes) {
  return base::load<std::uint64_t>(bytes.data() + estimate_at);
}

/// Moves each 6 of 48 bits into a byte of its own: by halves, quarters and eighths.
std::uint64_t unpacked(std::uint64_t bits) {
  bits = (bits & 0x000000ffffff) | (bits & 0xffffff000000) << 8;
  bits = (bits & 0x00000fff00000fff) | (bits & 0x00fff00000fff000) << 4;
  return (bits & 0x003f003f003f003f) | (bits & 0x0fc00fc00fc00fc0) << 2;
}

std::uint64_t packed(std::uint64_t ranks) {
  ranks = (ranks & 0x003f003f003f003f) | (ranks & 0x3f003f003f003f00) >> 2;
  ranks = (ranks & 0x00000fff00000fff) | (ranks & 0x0fff00000fff0000) >> 4;
  return (ranks & 0x000000ffffff) | (ranks & 0x00ffffff00000000) >> 8;
}

/// The higher of each two bytes, all of which are below 128.
std::uint64_t highest(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t tops = 0x8080808080808080;
  const std::uint64_t not_less = ((a | tops) - b) & tops;
  const std::uint64_t mask = (not_less >> 7) * 0xff;
  return (a & mask) | (b & ~mask);
}

/// The sum over k of x^(2^k) * 2^(k-1), x included: what registers of rank 0 add.
double sigma(double x) {
  if (x == 1) return std::numeric_limits<double>::infinity();
  double sum = x;
  double before;
  double weight = 1;
  do {
    x *= x;
    before = sum;
    sum += x * weight;
    weight += weight;
  } while (sum != before);
  return sum;
}

/// The counterpart of sigma for registers of the highest rank.
double tau(double x) {
  if (x == 0 || x == 1) return 0;
  double sum = 1 - x;
  double before;
  double weight = 1;
  do {
    x = std::sqrt(x);
    before = sum;
    weight *= 0.5;
    sum -= std::pow(1 - x, 2) * weight;
  } while (sum != before);
  return sum / 3;
}

}  // namespace

bool recognized(std::string_view bytes) {
  if (bytes.size() < header_size || !bytes.starts_with(magic)) return false;
  return bytes[layout_at] == sparse || (bytes[layout_at] == dense && bytes.size() == dense_size);
}

bool is_dense(std::string_view bytes) { return bytes[layout_at] == dense; }

std::optional<std::uint64_t> cached_estimate(std::string_view bytes) {
  const auto estimate = estimate_of(bytes);
  if (estimate & out_of_date) return std::nullopt;
  return estimate;
}

void cache_estimate(std::span<char> bytes, std::uint64_t estimate) {
  std::memcpy(bytes.data() + estimate_at, &estimate, sizeof estimate);
}

void forget_estimate(std::span<char> bytes) {
  cache_estimate(bytes, estimate_of({bytes.data(), bytes.size()}) | out_of_date);
}

hit hit_of(std::string_view element) {
  const auto hash = base::murmur64a(element, hash_seed);
  // A bit beyond the last ends the count of zeros.
  const auto rest = hash >> index_bits | std::uint64_t{1} << rank_bits;
  return {static_cast<std::uint16_t>(hash % register_count),
          static_cast<std::uint8_t>(std::countr_zero(rest) + 1)};
}

bool raise_dense(std::span<char> bytes, hit by) {
  // The group of eight registers that this one is in: six bytes, all within the string.
  char* const at = bytes.data() + header_size + by.index / group * group_bytes;
  const auto shift = by.index % group * 6;
  auto word = load_packed(at);
  if ((word >> shift & rank_mask) >= by.rank) return false;
  word = (word & ~(rank_mask << shift)) | std::uint64_t{by.rank} << shift;
  std::memcpy(at, &word, group_bytes);
  return true;
}

bool make_dense(std::string& bytes) {
  registers all;
  if (!all.merge(bytes)) return false;
  bytes.resize(dense_size);
  all.write_dense(bytes);
  return true;
}

void registers::write_dense(std::span<char> bytes) const {
  bytes[layout_at] = dense;
  char* to = bytes.data() + header_size;
  for (std::size_t i = 0; i < group_count; ++i, to += group_bytes) {
    const auto word = packed(base::load<std::uint64_t>(&ranks_[i * group]));
    std::memcpy(to, &word, group_bytes);
  }
}

void registers::merge_dense(const char* from) {
  for (std::size_t i = 0; i < group_count; ++i, from += group_bytes) {
    auto* const mine = &ranks_[i * group];
    const auto word = highest(base::load<std::uint64_t>(mine), unpacked(load_packed(from)));
    std::memcpy(mine, &word, group);
  }
}

bool registers::merge(std::string_view bytes) {
  if (!is_dense(bytes)) return merge_sparse(bytes);
  merge_dense(bytes.data() + header_size);
  return true;
}

// O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017, algorithm 6.
std::uint64_t registers::estimate() const {
  constexpr double count = register_count;
  constexpr double alpha = 0.721347520444481703680;  // 1 / (2 ln 2)
  // Several counters of each rank, as neighbours are often equal and would wait for each other.
  std::array<std::array<std::uint32_t, rank_mask + 1>, 4> by_rank{};
  for (std::size_t i = 0; i < register_count; i += group) {
    if (base::load<std::uint64_t>(&ranks_[i]) == 0) {
      by_rank[0][0] += group;
      continue;
    }
    for (std::size_t j = 0; j < group; ++j) ++by_rank[j % 4][ranks_[i + j]];
  }
  const auto with_rank = [&](int rank) {
    const auto at = static_cast<std::size_t>(rank);
    return static_cast<double>(by_rank[0][at] + by_rank[1][at] + by_rank[2][at] + by_rank[3][at]);
  };
  double sum = count * tau((count - with_rank(rank_bits + 1)) / count);
  for (int rank = rank_bits; rank >= 1; --rank) sum = (sum + with_rank(rank)) * 0.5;
  sum += count * sigma(with_rank(0) / count);
  return static_cast<std::uint64_t>(std::llround(alpha * count * count / sum));
}

}  // namespace hawser::store::hyperloglog
