#pragma once

#include <store/database.hpp>
#include <store/draft.hpp>
#include <store/listpack.hpp>

#include <optional>
#include <persistence/rdb_values.hpp>
#include <string>
#include <string_view>
#include <utility>

namespace hawser::persistence {

/// What decoding a collection needs.
struct decoding {
  rdb_input& in;
  store::database& home;
  rdb_dialect dialect;
  std::string& scratch;  // for a text that has to outlive the next read
};

/// A listpack in a database's memory that belongs to nobody yet.
class owned_pack {
 public:
  owned_pack(store::arena& memory, store::listpack pack) : memory_(&memory), pack_(pack) {}
  owned_pack(owned_pack&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), pack_(other.pack_) {}
  owned_pack& operator=(owned_pack&&) = delete;
  ~owned_pack() {
    if (memory_ != nullptr) pack_.destroy(*memory_);
  }

  store::listpack& operator*() { return pack_; }
  store::listpack* operator->() { return &pack_; }
  store::listpack take() {
    memory_ = nullptr;
    return pack_;
  }

 private:
  store::arena* memory_;
  store::listpack pack_;
};

/// Copies a block that must be a listpack in all of its bytes. Integers that came as texts become
/// integers, as the store wants them.
owned_pack copy_listpack(const decoding& of, std::string_view block);
/// The next string, which is a listpack, a ziplist or a zipmap.
owned_pack read_listpack(const decoding& of);
owned_pack read_ziplist(const decoding& of);
owned_pack read_zipmap(const decoding& of);

/// Whether `which` is true of an element.
template <class Which>
bool any_element(const store::listpack& of, Which which) {
  for (const auto& each : of)
    if (which(each)) return true;
  return false;
}

/// Refuses a listpack whose number of elements is no multiple of `step`, or that has an element
/// twice among the first ones of each step. Expected O(n).
void require_distinct(const decoding& of, const store::listpack& pack, unsigned step);

/// A listpack as a value.
decoded_value as_value(const decoding& of, store::value_type type, owned_pack pack);

/// A value that was built element by element.
template <class Value>
decoded_value as_value(const decoding& of, store::draft<Value> built) {
  const bool empty = built.value().empty();
  return {of.home, Value::type, std::move(built).take(), empty};
}

/// Whether so many elements may stay in a compact form.
inline bool within(std::size_t elements, std::int64_t limit) {
  return limit >= 0 && elements <= static_cast<std::size_t>(limit);
}

decoded_value read_hash(const decoding& of, rdb_type type);
decoded_value read_list(const decoding& of, rdb_type type);
decoded_value read_set(const decoding& of, rdb_type type);
decoded_value read_sorted_set(const decoding& of, rdb_type type);
decoded_value read_stream(const decoding& of, rdb_type type);

}  // namespace hawser::persistence
