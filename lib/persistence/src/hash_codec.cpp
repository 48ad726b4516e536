#include "decoding.hpp"
#include "encoding.hpp"
#include <store/hash_value.hpp>

namespace hawser::persistence {

namespace {

using store::hash_value;
using deadline_t = hash_value::deadline_t;

constexpr const char* twice = "a field that is there twice";

/// A hash that grows field by field.
class hash_builder {
 public:
  explicit hash_builder(const decoding& of) : of_(of), made_(of.home), hash_(made_.value()) {}

  void add(std::string_view field, std::string_view value, deadline_t deadline = {}) {
    of_.in.require(hash_.set(field, value), twice);
    if (deadline) hash_.set_deadline(field, deadline);
  }
  /// Reads the next two strings.
  void add_next(deadline_t deadline = {}) {
    of_.scratch = of_.in.text();
    add(of_.scratch, of_.in.text(), deadline);
  }
  void set_deadline(std::string_view field, deadline_t deadline) {
    hash_.set_deadline(field, deadline);
  }
  decoded_value finish() { return as_value(of_, std::move(made_)); }

 private:
  const decoding& of_;
  store::draft<hash_value> made_;
  hash_value hash_;
};

/// The deadline that a file has for a field, 0 for none.
deadline_t deadline_from(const decoding& of, std::uint64_t kept) {
  constexpr std::uint64_t latest = 0xfffffffffffe;  // of 48 bits
  of.in.require(kept <= latest, "a field with a deadline that cannot be");
  return kept == 0 ? std::nullopt : deadline_t(static_cast<base::milliseconds_t>(kept));
}

decoded_value read_fields(const decoding& of) {
  hash_builder hash(of);
  for (auto left = of.in.length(); left > 0; --left) hash.add_next();
  return hash.finish();
}

/// Deadlines are kept as what they are later than the nearest one, plus one.
decoded_value read_relative_deadlines(const decoding& of) {
  hash_builder hash(of);
  const auto nearest = of.in.u64();
  deadline_from(of, nearest);
  for (auto left = of.in.length(); left > 0; --left) {
    const auto later = of.in.length();
    deadline_from(of, later);
    hash.add_next(later == 0 ? std::nullopt : deadline_from(of, nearest + later - 1));
  }
  return hash.finish();
}

decoded_value read_absolute_deadlines(const decoding& of) {
  hash_builder hash(of);
  for (auto left = of.in.length(); left > 0; --left)
    hash.add_next(deadline_from(of, of.in.length()));
  return hash.finish();
}

/// Valkey's: field, value, deadline, whose absence is -1.
decoded_value read_trailing_deadlines(const decoding& of) {
  constexpr auto none = static_cast<std::uint64_t>(-1);
  hash_builder hash(of);
  std::string field;
  for (auto left = of.in.length(); left > 0; --left) {
    field = of.in.text();
    hash.add(field, of.in.text());
    if (const auto kept = of.in.u64(); kept != none)
      hash.set_deadline(field, deadline_from(of, kept));
  }
  return hash.finish();
}

decoded_value as_hash(const decoding& of, owned_pack pack) {
  require_distinct(of, *pack, 2);
  if (within(pack->size() / 2, of.home.limits().hash_max_listpack_entries))
    return as_value(of, hash_value::type, std::move(pack));
  hash_builder hash(of);
  store::digits field, value;
  for (auto at = pack->begin(); at != pack->end(); ++at) {
    const auto name = (*at).text(field.room);
    hash.add(name, (*++at).text(value.room));
  }
  return hash.finish();
}

/// A listpack of field, value and deadline by turns.
decoded_value read_packed_deadlines(const decoding& of) {
  auto pack = read_listpack(of);
  require_distinct(of, *pack, 3);
  hash_builder hash(of);
  store::digits field, value;
  for (auto at = pack->begin(); at != pack->end(); ++at) {
    const auto name = (*at).text(field.room);
    const auto text = (*++at).text(value.room);
    const auto deadline = *++at;
    of.in.require(deadline.is_integer(), "a field with a deadline that is no number");
    hash.add(name, text, deadline_from(of, static_cast<std::uint64_t>(deadline.integer)));
  }
  return hash.finish();
}

const store::field_table& table_of(const store::entry& of) {
  return static_cast<const store::field_table&>(*of.collection().large());
}

}  // namespace

decoded_value read_hash(const decoding& of, rdb_type type) {
  switch (type) {
    case rdb_type::hash:
      return read_fields(of);
    case rdb_type::hash_zipmap:
      return as_hash(of, read_zipmap(of));
    case rdb_type::hash_ziplist:
      return as_hash(of, read_ziplist(of));
    case rdb_type::hash_listpack:
      return as_hash(of, read_listpack(of));
    case rdb_type::hash_deadlines_rc:
      return of.dialect == rdb_dialect::valkey ? read_trailing_deadlines(of)
                                               : read_absolute_deadlines(of);
    case rdb_type::hash_listpack_deadlines:
      of.in.u64();  // the nearest one
      [[fallthrough]];
    case rdb_type::hash_listpack_deadlines_rc:
      return read_packed_deadlines(of);
    default:
      return read_relative_deadlines(of);
  }
}

rdb_type hash_type(const store::entry& of) {
  if (of.how() == store::encoding::listpack) return rdb_type::hash_listpack;
  const auto* deadlines = table_of(of).deadlines();
  return deadlines == nullptr || deadlines->empty() ? rdb_type::hash : rdb_type::hash_deadlines;
}

void write_field(rdb_output& to, const store::hash_field& of,
                 std::optional<base::milliseconds_t> nearest) {
  if (nearest)
    to.length(of.has_deadline() ? static_cast<std::uint64_t>(of.deadline() - *nearest) + 1 : 0);
  to.string(of.field());
  to.string(of.value());
}

void write_hash(rdb_output& to, const store::entry& of) {
  const auto type = hash_type(of);
  if (type == rdb_type::hash_listpack) return write_pack(to, of);
  const auto& fields = table_of(of);
  std::optional<base::milliseconds_t> nearest;
  if (type == rdb_type::hash_deadlines) nearest = fields.deadlines()->nearest();
  if (nearest) to.u64(static_cast<std::uint64_t>(*nearest));
  to.length(fields.size());
  fields.for_each([&](const store::hash_field* each) { write_field(to, *each, nearest); });
}

}  // namespace hawser::persistence
