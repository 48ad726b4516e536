#include <engine/client.hpp>
#include <engine/command_error.hpp>
#include <engine/keyspace.hpp>
#include <engine/node.hpp>
#include <store/hash_value.hpp>
#include <store/string_encoding.hpp>

namespace hawser::engine {

namespace {

constexpr int most_tries = 100;

}  // namespace

/// The primary decides what is past its deadline: to it nothing is that it has not removed.
base::milliseconds_t keyspace::now() const {
  return who_->primary ? 0 : server_->time_of_deadlines();
}

keyspace::keyspace(node& server, client& who, int index)
    : server_(&server), who_(&who), data_(&server.database(index)), index_(index) {}

/// False: its deadline is still to come. Otherwise it is as good as gone, and gone unless removing
/// it has to wait.
bool keyspace::expire_if_due(store::entry& of) {
  if (!of.expired(now())) return data_->may_have_field_deadlines(of) && expire_fields(of);
  if (server_->may_expire()) {
    server_->expiring(index_, of.key(), who_);
    data_->remove(of.key());
  }
  return true;
}

/// Takes fields out of a hash that are due, if they may go, but no more than a request can wait
/// for: the others are hidden by the hash. True: there is no other field, and so no such key.
bool keyspace::expire_fields(store::entry& of) {
  constexpr std::size_t most = 100;
  store::hash_value hash(*data_, of, now());
  if (const auto nearest = hash.nearest_deadline(); !nearest || *nearest > now()) return false;
  const bool all = hash.empty();
  if (!server_->may_expire()) return all;
  data_->before_change(of);
  const auto visit = server_->field_journal(index_);
  const auto fields = all ? hash.size_with_due() : hash.remove_due(most, [&](auto field) {
    if (visit) visit(of, field);
  });
  server_->expiring_fields(index_, of.key(), fields, all, who_);
  if (all) {
    server_->journal_removal(index_, of.key());
    data_->remove(of.key());
  }
  return all;
}

store::entry* keyspace::live(std::string_view key) {
  store::entry* found = data_->find(key);
  return found == nullptr || expire_if_due(*found) ? nullptr : found;
}

/// Where a key is to be stored; what was there past its deadline has been told of.
store::database::place keyspace::place_for(std::string_view key) {
  const auto at = data_->locate(key);
  if (at.item() == nullptr || !expire_if_due(*at.item())) return at;
  return data_->locate(key);
}

store::entry* keyspace::used(store::entry* of) {
  if (of == nullptr || who_->no_touch) return of;
  const auto before = of->access();
  if (const auto now = server_->access_clock(before); now != before) of->set_access(now);
  return of;
}

store::entry* keyspace::typed(store::entry* of, store::value_type type) {
  if (of != nullptr && of->type() != type) throw command_error(errors::wrong_type);
  return of;
}

store::entry* keyspace::peek(std::string_view key) { return live(key); }
store::entry* keyspace::write(std::string_view key) {
  store::entry* found = used(live(key));
  if (found != nullptr) data_->before_change(*found);
  return found;
}

store::entry* keyspace::read(std::string_view key) { return used(inspect(key)); }

store::entry* keyspace::inspect(std::string_view key) {
  store::entry* found = live(key);
  if (found == nullptr) {
    ++server_->stats.keyspace_misses;
    server_->notify(index_, key, notify::key_miss, "keymiss");
    return nullptr;
  }
  ++server_->stats.keyspace_hits;
  return found;
}

void keyspace::mark_new(store::entry* of) {
  // An overwritten key keeps its frequency; its last use is now in any case.
  if (of->access() == 0 || !server_->uses_lfu()) of->set_access(server_->new_access_clock());
}

void keyspace::tell_if_new(std::string_view key, std::size_t keys_before) {
  if (data_->size() != keys_before) server_->notify(index_, key, notify::new_key, "new");
}

/// put(place) stores the key and returns its entry.
template <class Put>
store::entry* keyspace::put_at(std::string_view key, Put put) {
  const auto at = place_for(key);
  const auto keys_before = data_->size();
  store::entry* made = put(at);
  mark_new(made);
  tell_if_new(key, keys_before);
  return made;
}

void keyspace::put(std::string_view key, std::string_view value, deadline_t deadline) {
  if (const auto number = store::as_integer(value)) return put_integer(key, *number, deadline);
  put_text(key, value, deadline);
}

void keyspace::put_text(std::string_view key, std::string_view value, deadline_t deadline) {
  const auto how = store::text_encoding(value);
  put_at(key, [&](auto at) { return data_->put_text(at, key, value, how, deadline); });
}

void keyspace::put_integer(std::string_view key, std::int64_t value, deadline_t deadline) {
  put_at(key, [&](auto at) { return data_->put_integer(at, key, value, deadline); });
}

store::entry* keyspace::put_collection(std::string_view key, store::value_type type,
                                       store::collection_data value, deadline_t deadline) {
  return put_at(key,
                [&](auto at) { return data_->put_collection(at, key, type, value, deadline); });
}

std::span<char> keyspace::resize_text(std::string_view key, std::size_t size) {
  return data_->resize_text(key, size);
}

void keyspace::set_deadline(std::string_view key, deadline_t deadline) {
  data_->set_deadline(key, deadline);
}

bool keyspace::remove(std::string_view key) {
  if (live(key) == nullptr) return false;
  return data_->remove(key);
}

void keyspace::rename(std::string_view from, std::string_view to) {
  live(to);  // tells of it if it is past its deadline
  data_->remove(to);
  data_->rename(from, to);
  server_->notify(index_, to, notify::new_key, "new");
}

void keyspace::put_copy(const store::entry& from, std::string_view key) {
  live(key);
  data_->remove(key);
  store::entry* made = data_->put_copy(from, key);
  made->set_access(server_->new_access_clock());
  if (made->is_integer()) made->set_copied_integer();
  server_->notify(index_, key, notify::new_key, "new");
}

void keyspace::move(std::string_view key, keyspace& to) {
  to.data_->put_copy(*data_->find(key), key);
  data_->remove(key);
  server_->notify(to.index_, key, notify::new_key, "new");
}

std::optional<std::string_view> keyspace::random_key() {
  // While nothing may be removed, a database of which all keys are past their deadlines ends the
  // search.
  for (int tries = 0; !data_->empty() && tries < most_tries; ++tries) {
    store::entry* picked = data_->random_entry(server_->random);
    if (!expire_if_due(*picked)) return picked->key();
    if (server_->may_expire()) tries = 0;
  }
  return std::nullopt;
}

}  // namespace hawser::engine
