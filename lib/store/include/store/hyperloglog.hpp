#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// An estimate of how many different elements were added, kept in a string of at most 12 kB.
//
// An element's hash chooses one of 16384 registers (its lowest 14 bits) and a rank for it (1 and
// the number of zeros that follow, at most 51); a register keeps the highest rank it has seen. The
// string is the one that Redis stores, byte by byte:
//
//   offset 0   "HYLL"
//          4   layout: 0 dense, 1 sparse
//          5   three bytes that mean nothing
//          8   the estimate, 8 bytes, lowest first; the highest bit says that it is out of date
//         16   dense:  the registers, 6 bits each, lowest bits first: 12288 bytes
//              sparse: runs of registers, 16384 in all:
//                00zzzzzz            z + 1 registers of rank 0
//                01zzzzzz zzzzzzzz   the same, 14 bits, highest first
//                1rrrrrll            l + 1 registers of rank r + 1
//
// Strings come from clients, so every run is checked while it is read.
namespace hawser::store::hyperloglog {

inline constexpr std::size_t register_count = 16384;
inline constexpr std::size_t header_size = 16;
inline constexpr std::size_t dense_size = header_size + register_count * 6 / 8;

/// Whether a string has the header, and when it is dense the size, of one of these.
bool recognized(std::string_view bytes);

/// Whether a recognized string is dense.
bool is_dense(std::string_view bytes);

/// A sparse one without elements; its estimate counts as out of date.
std::string empty();

/// The estimate of a recognized string, unless it is out of date.
std::optional<std::uint64_t> cached_estimate(std::string_view bytes);
void cache_estimate(std::span<char> bytes, std::uint64_t estimate);
void forget_estimate(std::span<char> bytes);

/// What an element does: the register it falls into, and its rank.
struct hit {
  std::uint16_t index;
  std::uint8_t rank;
};
hit hit_of(std::string_view element);

/// What became of a change.
enum class change : std::uint8_t { none, made, corrupted };

/// Raises a register of a dense string. True: it was lower. O(1)
bool raise_dense(std::span<char> bytes, hit by);

/// Raises registers of a sparse string one after another. Becomes dense when a rank is too high for
/// the sparse layout or the string would grow beyond `most_bytes`; from then on it is used as a
/// dense one. Registers in ascending order are found without starting over.
class sparse_writer {
 public:
  sparse_writer(std::string& bytes, std::size_t most_bytes)
      : bytes_(bytes), most_bytes_(most_bytes) {}

  /// O(runs)
  change raise(hit by);

 private:
  bool find(std::size_t index, std::size_t& at, std::size_t& first);
  change become_dense(hit by);
  void join_equals();

  std::string& bytes_;
  const std::size_t most_bytes_;
  // The run before the last one that was looked for: its place, 0 when there is none, and its first
  // register.
  std::size_t before_ = 0;
  std::size_t before_first_ = 0;
};

/// Turns a recognized sparse string into a dense one. False: it is corrupted, and as before.
bool make_dense(std::string& bytes);

/// The runs of a recognized sparse string in words, corrupted or not: "Z:16383 v:1,1".
std::string describe_sparse(std::string_view bytes);

/// All registers, a byte each.
class registers {
 public:
  /// Raises each register to its value in a recognized string. False: that is corrupted, and some
  /// registers may have been raised.
  bool merge(std::string_view bytes);

  /// How many different elements there were. Within 0.81 % in two of three cases.
  std::uint64_t estimate() const;

  /// Stores the registers in a dense string.
  void write_dense(std::span<char> bytes) const;

  std::uint8_t operator[](std::size_t index) const { return ranks_[index]; }

  /// Visits those that were raised, in ascending order.
  template <class Visit>
  void for_each_raised(Visit visit) const {
    constexpr std::size_t step = 8;
    for (std::size_t i = 0; i < register_count; i += step) {
      if (std::all_of(&ranks_[i], &ranks_[i] + step, [](auto rank) { return rank == 0; })) continue;
      for (std::size_t j = i; j < i + step; ++j)
        if (ranks_[j] > 0) visit(hit{static_cast<std::uint16_t>(j), ranks_[j]});
    }
  }

 private:
  void merge_dense(const char* from);
  bool merge_sparse(std::string_view bytes);

  alignas(64) std::array<std::uint8_t, register_count> ranks_{};
};

}  // namespace hawser::store::hyperloglog
