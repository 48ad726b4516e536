#pragma once

#include <store/database.hpp>

#include <string_view>
#include <utility>

namespace hawser::store {

/// A collection under way: in the memory of a database but under no key of it yet. A command that
/// stores a result builds it here, while the sources, which may be the key itself, are still there.
/// What is not taken is freed.
template <class Value>
class draft {
 public:
  draft(database& home)  // NOLINT: a draft is of its database
      : home_(&home),
        item_(entry::make_collection(home.memory(), "", Value::type, Value::make_empty(home),
                                     false)) {}
  draft(draft&& other) noexcept : home_(other.home_), item_(std::exchange(other.item_, nullptr)) {}
  draft& operator=(draft&&) = delete;
  ~draft() {
    if (item_ == nullptr) return;
    home_->bury(item_->collection());
    entry::destroy_record(home_->memory(), item_);
  }

  Value value() { return Value(*home_, *item_); }
  database& home() const { return *home_; }

  /// Hands the value over to the caller.
  collection_data take() && {
    const auto taken = item_->collection();
    entry::destroy_record(home_->memory(), std::exchange(item_, nullptr));
    return taken;
  }

 private:
  database* home_;
  entry* item_;
};

}  // namespace hawser::store
