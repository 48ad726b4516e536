#pragma once

#include <base/random.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace hawser::engine {

/// Which history of changes the data set is the outcome of, named as the replication protocol does:
/// by an id of 40 hex digits, within which an offset in bytes names a place. A server that was
/// promoted has left its primary's history for one of its own, and still knows up to which place
/// both are the same: whoever followed the old one may go on with the new one from there.
class history {
 public:
  /// Names none.
  static constexpr std::string_view no_id = "0000000000000000000000000000000000000000";

  explicit history(base::random& random);

  const std::string& id() const { return id_; }
  /// The history that this one left; 40 zeros if there is none.
  const std::string& second_id() const { return second_id_; }
  /// The first offset, counted from 1, that the two do not have in common; -1 if there is none.
  std::int64_t second_offset() const { return second_offset_; }

  /// Nobody can go on from what was before.
  void begin_anew(base::random& random);
  /// What follows the first `offset` bytes is a history of its own.
  void leave(base::random& random, std::int64_t offset);
  /// The same, under a name that the primary gives.
  void leave_for(std::string_view id, std::int64_t offset);
  /// The whole data set is another one's.
  void become(std::string_view id);
  /// What was saved with the data set; what is to come has another name.
  void resume(std::string_view id, std::int64_t offset);

  /// Whether who has this history up to the byte before `next`, counted from 1, can go on with
  /// this one from there.
  bool covers(std::string_view id, std::int64_t next) const;

 private:
  void forget_second();

  std::string id_;
  std::string second_id_;
  std::int64_t second_offset_ = -1;
};

/// Forty hex digits by chance.
std::string make_id(base::random& random);

}  // namespace hawser::engine
