#include <base/numbers.hpp>
#include <engine/client.hpp>
#include <engine/command_error.hpp>
#include <engine/keyspace.hpp>
#include <engine/node.hpp>

namespace hawser::engine {

namespace {

constexpr std::size_t longest_integer = 20;
constexpr std::size_t longest_embstr = 44;  // what OBJECT ENCODING calls embstr, by Redis's layout

}  // namespace

keyspace::keyspace(node& server, client& who, int index)
    : server_(&server), who_(&who), data_(&server.database(index)), index_(index) {}

store::entry* keyspace::live(std::string_view key) {
  store::entry* found = data_->find(key);
  if (found == nullptr || !found->expired(server_->now())) return found;
  if (server_->may_expire()) {
    server_->expiring(index_, key);
    data_->remove(key);
  }
  return nullptr;
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
store::entry* keyspace::write(std::string_view key) { return used(live(key)); }

store::entry* keyspace::read(std::string_view key) {
  store::entry* found = live(key);
  if (found == nullptr) {
    ++server_->stats.keyspace_misses;
    server_->notify(index_, key, notify::key_miss, "keymiss");
    return nullptr;
  }
  ++server_->stats.keyspace_hits;
  return used(found);
}

void keyspace::mark_new(store::entry* of) {
  // An overwritten key keeps its frequency; its last use is now in any case.
  if (of->access() == 0 || !server_->uses_lfu()) of->set_access(server_->new_access_clock());
}

void keyspace::put(std::string_view key, std::string_view value, deadline_t deadline) {
  if (value.size() <= longest_integer)
    if (const auto number = base::parse_int(value)) return put_integer(key, *number, deadline);
  const auto how = value.size() <= longest_embstr ? store::encoding::embstr : store::encoding::raw;
  mark_new(data_->put_text(key, value, how, deadline));
}

void keyspace::put_raw(std::string_view key, std::string_view value, deadline_t deadline) {
  mark_new(data_->put_text(key, value, store::encoding::raw, deadline));
}

void keyspace::put_integer(std::string_view key, std::int64_t value, deadline_t deadline) {
  mark_new(data_->put_integer(key, value, deadline));
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

void keyspace::rename(std::string_view from, std::string_view to) { data_->rename(from, to); }

void keyspace::put_copy(const store::entry& from, std::string_view key) {
  mark_new(data_->put_copy(from, key));
}

}  // namespace hawser::engine
