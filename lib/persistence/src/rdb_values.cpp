#include <fmt/format.h>

#include <persistence/rdb_values.hpp>
#include <utility>

namespace hawser::persistence {

using store::entry;
using store::value_type;

decoded_value::decoded_value(decoded_value&& other) noexcept
    : type_(other.type_),
      text_(other.text_),
      home_(other.home_),
      data_(std::exchange(other.data_, {})),
      empty_(other.empty_) {}

decoded_value::~decoded_value() {
  if (data_.data != nullptr) home_->bury(data_);
}

store::collection_data decoded_value::take() { return std::exchange(data_, {}); }

decoded_value value_reader::read(rdb_type type, store::database&) {
  switch (type) {
    case rdb_type::string:
      return decoded_value(in_->string());
    default:
      in_->fail(fmt::format("a value of the unknown type {}", static_cast<int>(type)));
  }
}

rdb_type type_of(const entry& of) {
  switch (of.type()) {
    default:
      return rdb_type::string;
  }
}

void write_value(rdb_output& to, store::database&, entry& of) {
  switch (of.type()) {
    case value_type::string:
      if (of.is_integer())
        to.integer(of.integer());
      else
        to.string(of.text());
      break;
    default:
      break;
  }
}

}  // namespace hawser::persistence
