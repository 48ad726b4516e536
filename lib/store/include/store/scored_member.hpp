#pragma once

#include <store/arena.hpp>

#include <cstdint>
#include <cstring>
#include <new>
#include <string_view>

namespace hawser::store {

/// A member of a large sorted set and its score, in one record of an arena: the score, a bit of a
/// snapshot (see snapshot_watch.hpp) and the length in a byte, the length in four more when it does
/// not fit there, and the bytes.
class scored_member {
 public:
  scored_member(const scored_member&) = delete;
  scored_member& operator=(const scored_member&) = delete;

  static scored_member* make(arena& memory, std::string_view member, double score) {
    auto* made = new (memory.allocate(record_size(member.size()))) scored_member(score);
    char* at = made->after_score();
    if (member.size() < long_text) {
      *at++ = static_cast<char>(member.size());
    } else {
      *at++ = static_cast<char>(long_text);
      const auto size = static_cast<std::uint32_t>(member.size());
      std::memcpy(at, &size, sizeof size);
      at += sizeof size;
    }
    std::memcpy(at, member.data(), member.size());
    return made;
  }

  static void destroy(arena& memory, scored_member* dead) {
    memory.free(dead, record_size(dead->member().size()));
  }

  double score() const { return score_; }

  /// The place of the member in a score_tree depends on its score: there, change it through the
  /// tree.
  void set_score(double score) { score_ = score; }

  bool parity() const { return head() & parity_bit; }
  void set_parity(bool parity) {
    *after_score() = static_cast<char>((head() & long_text) | (parity ? parity_bit : 0));
  }

  std::string_view member() const {
    const char* at = reinterpret_cast<const char*>(this + 1);
    if (const std::size_t size = head() & long_text; size != long_text) return {at + 1, size};
    std::uint32_t size;
    std::memcpy(&size, at + 1, sizeof size);
    return {at + 1 + sizeof size, size};
  }

  /// Bytes that a record for a member of this size takes in its arena.
  static std::size_t memory_for(std::size_t member_size) {
    return arena::rounded(record_size(member_size));
  }

 private:
  explicit scored_member(double score) : score_(score) {}

  static constexpr std::uint8_t long_text = 0x7f;
  static constexpr std::uint8_t parity_bit = 0x80;

  static std::size_t record_size(std::size_t member_size) {
    return sizeof(scored_member) + (member_size < long_text ? 1 : 5) + member_size;
  }
  std::uint8_t head() const { return *reinterpret_cast<const std::uint8_t*>(this + 1); }
  char* after_score() { return reinterpret_cast<char*>(this + 1); }

  double score_;
};
static_assert(sizeof(scored_member) == 8);

}  // namespace hawser::store
