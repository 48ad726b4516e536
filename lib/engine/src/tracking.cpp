#include "tracked_keys.hpp"
#include <engine/client.hpp>
#include <engine/command_keys.hpp>
#include <engine/command_table.hpp>
#include <engine/tracking.hpp>

#include <algorithm>
#include <utility>

namespace hawser::engine {

namespace {

constexpr std::string_view channel = "__redis__:invalidate";  // of messages to RESP2 clients

bool is_of_client_command(const command* what) {
  return what != nullptr && what->parent != nullptr && what->parent->full_name == "client";
}

/// Which keys have changed, but those with this author.
class changed_keys {
 public:
  changed_keys(const std::map<std::string, std::uint64_t, std::less<>>& all, std::uint64_t without)
      : all_(all), without_(without) {}

  std::size_t count() const {
    if (without_ == 0) return all_.size();
    return static_cast<std::size_t>(
        std::ranges::count_if(all_, [this](const auto& each) { return is_told(each); }));
  }
  void write(resp::reply_writer& to) const {
    to.array(count());
    for (const auto& each : all_)
      if (is_told(each)) to.bulk(each.first);
  }

 private:
  bool is_told(const std::pair<const std::string, std::uint64_t>& each) const {
    return without_ == 0 || each.second != without_;
  }

  const std::map<std::string, std::uint64_t, std::less<>>& all_;
  std::uint64_t without_;
};

}  // namespace

tracking_registry::tracking_registry(const base::key_hasher& hash, const clients_by_id& clients)
    : hash_(hash), all_clients_(clients) {}

tracking_registry::~tracking_registry() = default;

std::size_t tracking_registry::key_count() const { return read_ ? read_->size() : 0; }
std::size_t tracking_registry::memory() const { return read_ ? read_->memory_in_pages() : 0; }

void tracking_registry::enable(client& who, const tracking_mode& mode) {
  if (!read_) read_ = std::make_unique<tracked_keys>(hash_);
  auto before = std::exchange(who.tracking, std::make_unique<tracking_mode>(mode));
  if (!before) ++clients_;
  auto& now = *who.tracking;
  if (before) {
    now.caching = before->caching;
    now.prefixes.merge(before->prefixes);
  }
  if (!now.broadcast) return;
  if (mode.prefixes.empty()) now.prefixes.emplace();
  for (const auto& prefix : now.prefixes) prefixes_[prefix].clients.emplace(who.id, &who);
}

void tracking_registry::disable(client& who) {
  if (!who.tracking) return;
  for (const auto& prefix : who.tracking->prefixes) {
    const auto found = prefixes_.find(prefix);
    found->second.clients.erase(who.id);
    if (found->second.clients.empty()) prefixes_.erase(found);
  }
  who.tracking.reset();
  --clients_;
}

void tracking_registry::remember(const client& who, const key_specs& where,
                                 std::span<const std::string_view> words) {
  const auto* mode = who.tracking.get();
  if (mode == nullptr || mode->broadcast) return;
  if ((mode->opt_in && !mode->caching) || (mode->opt_out && mode->caching)) return;
  const auto found = find_keys(where, words);
  if (!found) return;
  for (const auto& each : *found) items_ += read_->add(words[each.word], who.id);
}

/// Writes what is not a reply: to whom the command belongs that makes it, at the end of that.
template <class Write>
void tracking_registry::push(client& to, const client* executing, Write write) {
  if (to.closing) return;
  if (&to == executing) {
    held_for_ = to.id;
    resp::reply_writer later(held_, to.reply.version());
    return write(later);
  }
  auto now = to.pushes();
  write(now);
  to.link->output_ready();
}

/// Tells a client, or whom it has redirected that to, of the keys that write_keys(reply_writer&)
/// writes. RESP2 has messages for those who listen to channels only.
template <class Write>
void tracking_registry::tell(client& who, const client* executing, Write write_keys) {
  client* to = &who;
  const auto redirect = who.tracking->redirect;
  if (redirect != 0) {
    const auto found = all_clients_.find(redirect);
    if (found == all_clients_.end()) {
      who.tracking->broken = true;
      if (!who.resp3()) return;
      return push(who, executing, [&](resp::reply_writer& out) {
        out.push(2).bulk("tracking-redir-broken").integer(static_cast<std::int64_t>(redirect));
      });
    }
    to = found->second;
  }
  const bool resp3 = to->resp3();
  if (!resp3 && (redirect == 0 || !to->subscribed())) return;
  push(*to, executing, [&](resp::reply_writer& out) {
    if (resp3)
      out.push(2).bulk("invalidate");
    else
      out.array(3).bulk("message").bulk(channel);
    write_keys(out);
  });
}

bool tracking_registry::changed(std::string_view key, client* executing, std::uint64_t author) {
  const bool first = !prefixes_.empty() && collect(key, author) && !std::exchange(collected_, true);
  if (items_ > 0) invalidate(key, executing);
  return first;
}

void tracking_registry::invalidate(std::string_view key, client* executing) {
  items_ -= read_->take(key, [&](std::uint64_t id) {
    const auto found = all_clients_.find(id);
    if (found == all_clients_.end()) return;
    auto& reader = *found->second;
    const auto* mode = reader.tracking.get();
    if (mode == nullptr || mode->broadcast) return;
    if (mode->no_loop && &reader == executing) return;
    tell(reader, executing, [&](resp::reply_writer& out) { out.array(1).bulk(key); });
  });
}

/// Notes a key for all prefixes it has. They are found from the longest to the shortest: each is
/// the greatest that is not after what it can have in common with the key.
bool tracking_registry::collect(std::string_view key, std::uint64_t author) {
  bool any = false;
  auto common = key;
  for (;;) {
    auto at = prefixes_.upper_bound(common);
    if (at == prefixes_.begin()) return any;
    const auto& prefix = (--at)->first;
    const auto end = std::ranges::mismatch(prefix, key).in1 - prefix.begin();
    const auto shared = static_cast<std::size_t>(end);
    if (shared == prefix.size()) {
      at->second.changed.insert_or_assign(std::string(key), author);
      any = true;
      if (shared == 0) return any;
    }
    common = key.substr(0, std::min(shared, prefix.size() - 1));
  }
}

/// Each protocol has its null.
void tracking_registry::flushed(client* executing) {
  if (clients_ > 0)
    for (const auto& [id, each] : all_clients_)
      if (each->tracking)
        tell(*each, executing,
             [null = each->resp3() ? "_\r\n" : "$-1\r\n"](resp::reply_writer& out) {
               out.raw(null);
             });
  if (items_ == 0) return;
  read_ = std::make_unique<tracked_keys>(hash_);
  items_ = 0;
}

void tracking_registry::broadcast() {
  if (!std::exchange(collected_, false)) return;
  for (auto& [prefix, state] : prefixes_) {
    const auto all = std::exchange(state.changed, {});
    if (all.empty()) continue;
    for (const auto& [id, each] : state.clients) {
      const changed_keys keys(all, each->tracking->no_loop ? id : 0);
      if (keys.count() == 0) continue;
      tell(*each, nullptr, [&](resp::reply_writer& out) { keys.write(out); });
    }
  }
}

void tracking_registry::end_of_command(client& who) {
  if (held_for_ == who.id) send_held(who);
  forget_caching(who);
}

/// The transaction may have gone back to RESP2, which cannot tell messages from replies.
void tracking_registry::send_held(client& who) {
  if (who.resp3() || who.subscribed())
    who.out.splice(std::move(held_));
  else
    held_.clear();
  held_for_ = 0;
}

void tracking_registry::forget_caching(client& who) {
  if (who.tracking && !who.transaction.active() && !is_of_client_command(who.last_command))
    who.tracking->caching = false;
}

void tracking_registry::limit(std::size_t most, base::random& random) {
  constexpr std::size_t tries = 100;
  if (most == 0 || clients_ == 0) return;
  for (auto left = tries * (failed_limits_ + 1); key_count() > most; --left) {
    if (left == 0) {
      ++failed_limits_;
      return;
    }
    invalidate(read_->random_key(random), nullptr);
  }
  failed_limits_ = 0;
}

}  // namespace hawser::engine
