#pragma once

#include <store/database.hpp>

#include <persistence/rdb_input.hpp>
#include <persistence/rdb_output.hpp>
#include <string>

namespace hawser::persistence {

/// A value as it was decoded: a string, valid until the next read of its input, or a collection in
/// the memory of a database, which is freed unless it is taken.
class decoded_value {
 public:
  explicit decoded_value(rdb_string text) : type_(store::value_type::string), text_(text) {}
  decoded_value(store::database& home, store::value_type type, store::collection_data data,
                bool empty)
      : type_(type), home_(&home), data_(data), empty_(empty) {}
  decoded_value(decoded_value&& other) noexcept;
  decoded_value& operator=(decoded_value&&) = delete;
  ~decoded_value();

  store::value_type type() const { return type_; }
  const rdb_string& string() const { return text_; }
  /// A collection without elements, which no key may hold.
  bool empty() const { return empty_; }
  store::collection_data take();

 private:
  store::value_type type_;
  rdb_string text_{};
  store::database* home_ = nullptr;
  store::collection_data data_{};
  bool empty_ = false;
};

/// Whose file it is: some numbers mean different things.
enum class rdb_dialect { redis, valkey };

/// Decodes values of all types and encodings; collections are made in `home`.
class value_reader {
 public:
  explicit value_reader(rdb_input& from, rdb_dialect dialect = rdb_dialect::redis)
      : in_(&from), dialect_(dialect) {}

  /// Throws an rdb_failure.
  decoded_value read(rdb_type type, store::database& home);

 private:
  rdb_input* in_;
  rdb_dialect dialect_;
  std::string scratch_;
};

/// The type under which a value is written in a version; hashes with deadlines have one that
/// versions before 12 do not know.
rdb_type type_of(const store::entry& of, int version);

/// Writes a value without its type, in the version of the output.
void write_value(rdb_output& to, store::database& home, store::entry& of);

}  // namespace hawser::persistence
