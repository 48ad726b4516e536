#pragma once

#include <store/database.hpp>
#include <store/draft.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace hawser::engine {

class client;
class node;

/// One database as a command sees it: keys past their deadline are gone, and what is read or
/// written is counted and marked as used. All access of commands to the store goes through here.
///
/// Entries are valid until the next change of their key. After a change call context::modified.
class keyspace {
 public:
  using deadline_t = store::database::deadline_t;

  keyspace(node& server, client& who, int index);

  int index() const { return index_; }

  /// The entry of a key for reading: counts a hit or a miss and marks it as used. Null: no such
  /// key.
  store::entry* read(std::string_view key);
  /// The same for changing it, which counts neither hit nor miss.
  store::entry* write(std::string_view key);
  /// As read, without marking it as used.
  store::entry* inspect(std::string_view key);
  /// The same without a trace of it.
  store::entry* peek(std::string_view key);

  /// read and write of a key that must hold this type; throws wrong_type.
  store::entry* read(std::string_view key, store::value_type type) {
    return typed(read(key), type);
  }
  store::entry* write(std::string_view key, store::value_type type) {
    return typed(write(key), type);
  }

  /// read and write of a key that must hold a collection: none if there is no such key; throws
  /// wrong_type.
  template <class Value>
  std::optional<Value> read(std::string_view key) {
    return as<Value>(read(key, Value::type));
  }
  template <class Value>
  std::optional<Value> write(std::string_view key) {
    return as<Value>(write(key, Value::type));
  }
  /// As read, of a command that may change what it reads.
  template <class Value>
  std::optional<Value> read_to_change(std::string_view key) {
    auto* found = read(key, Value::type);
    if (found != nullptr) data_->before_change(*found);
    return as<Value>(found);
  }
  /// As write; a key that is missing gets an empty collection, which must not stay empty.
  template <class Value>
  Value write_or_create(std::string_view key) {
    store::entry* found = write(key, Value::type);
    if (found == nullptr)
      found = put_collection(key, Value::type, Value::make_empty(*data_), std::nullopt);
    return value_of<Value>(*found);
  }
  /// Stores a collection under a key, whatever it held before.
  template <class Value>
  void put(std::string_view key, store::draft<Value> value, deadline_t deadline = std::nullopt) {
    put_collection(key, Value::type, std::move(value).take(), deadline);
  }
  template <class Value>
  store::draft<Value> draft() {
    return {*data_};
  }

  /// The same for a type that is known at run time only.
  store::entry* put_collection(std::string_view key, store::value_type type,
                               store::collection_data value, deadline_t deadline);

  bool exists(std::string_view key) { return peek(key) != nullptr; }

  /// Stores a value under a key, whatever it held before. A text that is an integer is stored as
  /// one.
  void put(std::string_view key, std::string_view value, deadline_t deadline);
  /// The same for a text that is not stored as an integer even if it is one.
  void put_text(std::string_view key, std::string_view value, deadline_t deadline);
  void put_integer(std::string_view key, std::int64_t value, deadline_t deadline);

  /// Gives the string under an existing key a new size; see store::database::resize_text.
  std::span<char> resize_text(std::string_view key, std::size_t size);
  /// Changes an existing key's deadline.
  void set_deadline(std::string_view key, deadline_t deadline);

  /// False: there was no such key.
  bool remove(std::string_view key);
  /// Gives an existing key another name, whatever was there before, deadline and all.
  void rename(std::string_view from, std::string_view to);
  /// Puts a copy of an entry of any database under a key, whatever was there before, deadline and
  /// all.
  void put_copy(const store::entry& from, std::string_view key);
  /// Takes an existing key to another database that does not have it, deadline and all.
  void move(std::string_view key, keyspace& to);

  /// A key chosen at random; empty when there is none that is not past its deadline.
  std::optional<std::string_view> random_key();

  store::database& data() { return *data_; }

  /// An entry's value, if there is an entry.
  template <class Value>
  std::optional<Value> as(store::entry* of) {
    if (of == nullptr) return std::nullopt;
    return value_of<Value>(*of);
  }

 private:
  /// A value that changes with time is told what time it is.
  template <class Value>
  Value value_of(store::entry& of) {
    if constexpr (std::is_constructible_v<Value, store::database&, store::entry&,
                                          base::milliseconds_t>)
      return Value(*data_, of, now());
    else
      return Value(*data_, of);
  }
  base::milliseconds_t now() const;

  store::entry* live(std::string_view key);
  bool expire_if_due(store::entry& of);
  bool expire_fields(store::entry& of);
  store::database::place place_for(std::string_view key);
  template <class Put>
  store::entry* put_at(std::string_view key, Put put);
  void tell_if_new(std::string_view key, std::size_t keys_before);
  store::entry* used(store::entry* of);
  static store::entry* typed(store::entry* of, store::value_type type);
  void mark_new(store::entry* of);

  node* server_;
  client* who_;
  store::database* data_;
  int index_;
};

}  // namespace hawser::engine
