#include "decoding.hpp"
#include "encoding.hpp"
#include <base/numbers.hpp>
#include <store/sorted_set_value.hpp>

#include <cmath>
#include <memory>

namespace hawser::persistence {

namespace {

using store::large_sorted_set;
using store::sorted_set_value;

/// Members in any order, that become a sorted set in the form that fits.
class sorted_set_builder {
 public:
  explicit sorted_set_builder(const decoding& of)
      : of_(of), members_(std::make_unique<large_sorted_set>(of.home.memory(), of.home.hasher())) {}

  void add(std::string_view member, double score) {
    of_.in.require(!std::isnan(score), "a score that is not a number");
    const auto hash = members_->hash_of(member);
    of_.in.require(members_->find(member, hash) == nullptr, "a member that is there twice");
    members_->add_unordered(member, score, hash);
  }
  decoded_value finish() {
    store::draft<sorted_set_value> made(of_.home);
    made.value().fill(std::move(members_), [this] { of_.in.breathe(); });
    return as_value(of_, std::move(made));
  }

 private:
  const decoding& of_;
  std::unique_ptr<large_sorted_set> members_;
};

decoded_value read_members(const decoding& of, bool as_text) {
  sorted_set_builder set(of);
  for (auto left = of.in.length(); left > 0; --left) {
    of.scratch = of.in.text();
    set.add(of.scratch, as_text ? of.in.text_double() : of.in.binary_double());
  }
  return set.finish();
}

double score_of(const decoding& of, const store::listpack_element& element) {
  if (element.is_integer()) return static_cast<double>(element.integer);
  const auto score = base::parse_double({element.string, element.size});
  of.in.require(score.has_value() && !std::isnan(*score), "a score that is no number");
  return *score;
}

/// Calls visit(member, score) for each member of a pack.
template <class Visit>
void for_each_member(const decoding& of, const store::listpack& pack, Visit visit) {
  store::digits room;
  for (auto at = pack.begin(); at != pack.end(); ++at) {
    const auto member = *at;
    visit(member.text(room.room), score_of(of, *++at));
  }
}

bool is_in_order(const decoding& of, const store::listpack& pack) {
  bool ordered = true, first = true;
  double score_before = 0;
  std::string before;
  for_each_member(of, pack, [&](std::string_view member, double score) {
    ordered = ordered && (first || score_before < score ||
                          (score_before == score && std::string_view(before) < member));
    first = false;
    score_before = score;
    before = member;
  });
  return ordered;
}

decoded_value as_sorted_set(const decoding& of, owned_pack pack) {
  require_distinct(of, *pack, 2);
  if (is_in_order(of, *pack) &&
      within(pack->size() / 2, of.home.limits().zset_max_listpack_entries))
    return as_value(of, sorted_set_value::type, std::move(pack));
  sorted_set_builder set(of);
  for_each_member(of, *pack,
                  [&](std::string_view member, double score) { set.add(member, score); });
  return set.finish();
}

}  // namespace

decoded_value read_sorted_set(const decoding& of, rdb_type type) {
  switch (type) {
    case rdb_type::zset_ziplist:
      return as_sorted_set(of, read_ziplist(of));
    case rdb_type::zset_listpack:
      return as_sorted_set(of, read_listpack(of));
    default:
      return read_members(of, type == rdb_type::zset);
  }
}

/// The last member comes first, as in Redis, to which that order is the cheapest one to load.
void write_sorted_set(rdb_output& to, store::database& home, store::entry& of) {
  if (of.how() == store::encoding::listpack) return write_pack(to, of);
  const sorted_set_value set(home, of);
  to.length(set.size());
  set.for_range({0, set.size()}, sorted_set_value::direction::down,
                [&](const sorted_set_value::seen& each) {
                  to.string(each.member());
                  to.binary_double(each.score());
                });
}

}  // namespace hawser::persistence
