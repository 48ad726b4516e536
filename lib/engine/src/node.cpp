#include <engine/node.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace hawser::engine {

node::node(configuration& config, const command_set& all_commands, const base::clock& clock,
           host& process, std::uint64_t seed)
    : config(config),
      options(config.current()),
      clock(clock),
      process(process),
      commands(all_commands, options.renamed_commands),
      access(commands, options),
      random(seed),
      hot_keys(*this),
      replication(random),
      eviction(*this),
      client_memory(*this),
      started(clock.wall() / 1000),
      save{.last = started},
      run_id(make_id(random)),
      startup_memory(process.allocated_memory()),
      hash_(random.next()),
      tracking(hash_, clients) {
  update_time();
  journal.follow(is_replica());
  for (std::int64_t i = 0; i < options.databases; ++i) databases_.push_back(make_database());
}

presence node::find(int db, std::string_view key) { return presence_in(database(db), key); }

presence node::presence_in(store::database& data, std::string_view key) const {
  const store::entry* found = data.find(key);
  if (found == nullptr) return presence::missing;
  return store::database::expired(*found, now_) ? presence::expired : presence::alive;
}

std::optional<store::value_type> node::type_of(int db, std::string_view key) {
  const store::entry* found = database(db).find(key);
  if (found == nullptr || found->expired(now_)) return std::nullopt;
  return found->type();
}

std::string_view address_of_replica(const client& who) {
  if (!who.replica->address.empty()) return who.replica->address;
  return std::string_view(who.address).substr(0, who.address.rfind(':'));
}

std::string name_of_replica(const client& who) {
  return fmt::format("{}:{}", address_of_replica(who), who.replica->listening_port);
}

std::int64_t node::good_replicas() const {
  return std::count_if(replication.replicas.begin(), replication.replicas.end(), [&](auto* each) {
    const auto& facts = *each->replica;
    return facts.at == replica_facts::stage::online &&
           (now_ - facts.acknowledged_at) / 1000 <= options.min_replicas_max_lag;
  });
}

void node::swap_databases(int a, int b) {
  const auto in = [this](int db) {
    return [this, db](std::string_view key) { return find(db, key); };
  };
  if (a != b) {
    watches.replace(a, in(a), in(b));
    watches.replace(b, in(b), in(a));
  }
  waits.touch_all(a);
  waits.touch_all(b);
  std::swap(databases_[static_cast<std::size_t>(a)], databases_[static_cast<std::size_t>(b)]);
}

std::size_t node::flush(int index, freeing how, client* by) {
  const auto keys = empty(index, how);
  if (!tracking.idle()) tracking.flushed(caller(by));
  return keys;
}

std::size_t node::flush_all(freeing how, client* by) {
  std::size_t keys = 0;
  for (int i = 0; i < database_count(); ++i) keys += empty(i, how);
  if (!tracking.idle()) tracking.flushed(caller(by));
  return keys;
}

std::size_t node::empty(int index, freeing how) {
  watches.replace(
      index, [&](std::string_view key) { return find(index, key); },
      [](std::string_view) { return presence::missing; });
  auto& data = databases_[static_cast<std::size_t>(index)];
  const auto keys = data->size();
  waits.touch_all(index);
  if (keys == 0) return 0;
  std::shared_ptr<store::database> dead = std::exchange(data, make_database());
  if (dead->watch() != nullptr) dead->watch()->flushed(dead);
  if (how == freeing::now) return keys;
  waiting_to_be_freed += keys;
  stats.keys_left_to_background += keys;
  process.run_in_background([this, dead = std::move(dead), keys]() mutable {
    dead.reset();
    waiting_to_be_freed -= keys;
  });
  return keys;
}

node::databases node::make_databases() {
  databases made;
  for (int i = 0; i < database_count(); ++i) made.push_back(make_database());
  return made;
}

void node::replace_databases(databases with, freeing how) {
  for (int i = 0; i < database_count(); ++i) {
    const auto& next = with[static_cast<std::size_t>(i)];
    watches.replace(
        i, [&](std::string_view key) { return find(i, key); },
        [&](std::string_view key) { return presence_in(*next, key); });
  }
  flush_all(how);
  databases_.swap(with);
}

std::unique_ptr<store::database> node::make_database() {
  return std::make_unique<store::database>(hash_, options);
}

void node::add(client& who) {
  who.created = who.last_interaction = now_;
  become_default_user(who);
  clients.emplace(who.id, &who);
  ++stats.connections_received;
}

void node::remove(client& who) {
  pubsub.unsubscribe_all(who);
  watches.unwatch_all(who);
  tracking.disable(who);
  std::erase(monitors, &who);
  std::erase(postponed, &who);
  waits.remove(who);
  client_memory.forget(who);
  if (who.follows()) {
    std::erase(replication.replicas, &who);
    if (replication.replicas.empty()) replication.alone_since = now_;
    log(log_level::warning, fmt::format("Connection with replica {} lost.", name_of_replica(who)));
    who.replica.reset();
  }
  clients.erase(who.id);
}

void node::close(client& who, bool after_output) {
  who.closing = true;
  waits.remove(who);
  who.link->close(after_output);
}

void node::kill(client& who) {
  close(who, false);
  remove(who);
}

void node::become_default_user(client& who) {
  who.user = &access.default_user();
  who.authenticated = !access.requires_authentication();
}

/// Ends the connections of all clients that `ends` is true of.
template <class Ends>
void node::kill_all(Ends ends) {
  for (auto at = clients.begin(); at != clients.end();) {
    auto& each = *(at++)->second;
    if (ends(each)) kill(each);
  }
}

void node::part_from(const acl::user& gone, client* asking) {
  if (asking != nullptr && asking->user == &gone) {
    become_default_user(*asking);
    asking->authenticated = false;
  }
  kill_all([&](const client& each) { return each.user == &gone; });
}

void node::end_forbidden_subscriptions(const acl::user& before, const acl::user& now) {
  const auto forbidden = [&](const name_set& names, bool patterns) {
    return std::ranges::any_of(
        names, [&](const auto& each) { return !now.allows_channel(each, patterns); });
  };
  kill_all([&](const client& each) {
    return each.user == &before &&
           (forbidden(each.channels, false) || forbidden(each.shard_channels, false) ||
            forbidden(each.patterns, true));
  });
}

void node::end_transaction(client& who) {
  who.transaction.finish();
  watches.unwatch_all(who);
}

void node::unpause() {
  paused.end();
  resume_postponed();
}

void node::publish_event(int db, std::string_view key, std::string_view event) {
  const auto wanted = options.notify_keyspace_events;
  if (wanted & notify::keyspace) pubsub.publish(fmt::format("__keyspace@{}__:{}", db, key), event);
  if (wanted & notify::keyevent) pubsub.publish(fmt::format("__keyevent@{}__:{}", db, event), key);
}

/// Whose command it is that a client does something for, which may be a script's.
client* node::caller(client* by) const {
  return by != nullptr && by->is_script && script != nullptr ? script->caller : by;
}

void node::tell_trackers(std::string_view key, client* by, std::uint64_t author) {
  if (tracking.changed(key, caller(by), author)) process.broadcast_soon();
}

void node::expiring(int db, std::string_view key, client* by) {
  ++stats.expired_keys;
  ++changes;
  ++changes_by_time;
  journal_removal(db, key);
  watches.touch_expired(db, key);
  if (!tracking.idle()) tell_trackers(key, by, 0);
  if (!waits.empty()) waits.touch(db, key);
  notify(db, key, notify::expired, "expired");
}

void node::evicting(int db, std::string_view key) {
  ++stats.evicted_keys;
  ++changes_by_time;
  journal_removal(db, key, removal::eviction);
  modified(db, key, notify::evicted, "evicted", nullptr);
}

void node::journal_removal(int db, std::string_view key, removal why) {
  const bool lazy =
      why == removal::expiry ? options.lazyfree_lazy_expire : options.lazyfree_lazy_eviction;
  const std::string_view words[] = {lazy ? "UNLINK" : "DEL", key};
  journal.append(db, words);
}

/// What is to see each field that is removed because of its deadline.
store::database::field_visitor node::field_journal(int db) {
  if (!journal.has_reader()) return {};
  return [this, db](const store::entry& of, std::string_view field) {
    const std::string_view words[] = {"HDEL", of.key(), field};
    journal.append(db, words);
  };
}

void node::expiring_fields(int db, std::string_view key, std::size_t fields, bool all, client* by) {
  stats.expired_fields += fields;
  ++changes_by_time;
  modified(db, key, notify::hash, "hexpired", by);
  if (all) notify(db, key, notify::generic, "del");
}

disk_trouble node::trouble_with_disk() const {
  if (save.failed && options.stop_writes_on_bgsave_error && !options.save_points.empty())
    return disk_trouble::snapshot;
  return append_failure.empty() ? disk_trouble::none : disk_trouble::append_only_file;
}

bool node::within_output_limit(client& who) {
  const auto held = who.output_bytes();
  const auto& limit = options.client_output_buffer_limits[who.limits_as()];
  // What is kept anyway costs nothing more for being sent.
  const auto kept = who.follows() ? static_cast<std::uint64_t>(options.repl_backlog_size) : 0;
  const bool hard = limit.hard != 0 && held >= std::max<std::uint64_t>(limit.hard, kept);
  bool soft = false;
  if (limit.soft != 0 && held >= limit.soft) {
    if (who.over_soft_limit_since == 0) who.over_soft_limit_since = now_;
    soft = now_ - who.over_soft_limit_since > limit.soft_seconds * 1000;
  } else {
    who.over_soft_limit_since = 0;
  }
  if (!hard && !soft) return true;
  ++stats.output_limit_disconnections;
  log(log_level::warning,
      fmt::format("Client id={} addr={} omem={} closed for overcoming of output "
                  "buffer limits.",
                  who.id, who.address, held));
  close(who, false);
  return false;
}

void node::resume_postponed() {
  // Resuming one may postpone it again, or others.
  for (client* each : std::exchange(postponed, {})) {
    each->postponed = false;
    each->link->resume();
  }
}

void node::end_pause_when_over() {
  if (paused.begun() && !paused.in_force(now_)) paused.end();
  if (!paused.begun() && !postponed.empty()) resume_postponed();
}

/// Each is looked at once a second or more often, a few of them at a time.
void node::check_clients() {
  constexpr std::size_t least = 50;
  const auto a_second = static_cast<std::size_t>(options.hz);
  auto left = std::max(least, clients.size() / a_second + 1);
  for (auto at = clients.lower_bound(next_checked_); left > 0; --left) {
    if (at == clients.end()) {
      next_checked_ = 0;
      return;
    }
    client& who = *(at++)->second;  // closing may remove it
    next_checked_ = who.id + 1;
    if (who.closing) continue;
    if (who.over_soft_limit_since != 0 && !within_output_limit(who)) continue;
    const bool may_idle = who.subscribed() || who.monitor || who.waits() || who.primary ||
                          who.follows() || options.timeout == 0;
    if (!may_idle && now_ - who.last_interaction > options.timeout * 1000) {
      log(log_level::verbose, "Closing idle client");
      close(who, false);
    }
  }
}

void node::tick() {
  update_time();
  peak_memory = std::max(peak_memory, used_memory());
  stats.operations.sample(stats.commands_processed, now_);
  stats.input.sample(stats.input_bytes, now_);
  stats.output.sample(stats.output_bytes, now_);
  stats.replication_input.sample(stats.replication_input_bytes, now_);
  stats.replication_output.sample(stats.replication_output_bytes, now_);
  end_pause_when_over();
  limit_tracking();
  hot_keys.end_when_over();
  check_clients();
  client_memory.look_at_all();
}

bool node::background_slice() {
  constexpr std::size_t freed_per_slice = 2000;
  bool more = expire_slice();
  if (options.maxmemory != 0) {
    eviction.make_room();
    // What another thread frees takes the time that it takes.
    if (eviction.under_way() && waiting_to_be_freed == 0) more = true;
  }
  for (const auto& each : databases_)
    if (each->free_slice(freed_per_slice)) more = true;
  return more;
}

bool node::expire_slice() {
  // Small enough a slice that no request waits for long, large enough to keep up with a flood.
  constexpr std::size_t budget = 1000;
  if (!active_expire || loading || !may_expire()) return false;
  for (int i = 0; i < database_count(); ++i) {
    const int index = (expire_db_ + i) % database_count();
    const auto dying = [&](const store::entry& dead) { expiring(index, dead.key()); };
    const auto fields_dying = [&](const store::entry& of, std::size_t fields, bool all) {
      expiring_fields(index, of.key(), fields, all);
    };
    if (!database(index).expire(now_, budget, dying) ||
        !database(index).expire_fields(now_, budget, fields_dying, field_journal(index))) {
      expire_db_ = index;
      return true;
    }
  }
  return false;
}

std::size_t node::used_memory_lately() const {
  std::size_t in_pages = tracking.memory();
  for (const auto& each : databases_) in_pages += each->page_memory();
  return in_pages + process.allocated_lately();
}

std::size_t node::used_memory() const {
  std::size_t in_pages = tracking.memory(), in_heap = 0;
  for (const auto& each : databases_) {
    in_heap += each->heap_memory();
    in_pages += each->used_memory() - each->heap_memory();
  }
  // What the databases hold of the heap is part of what the process does, where that can be told.
  return in_pages + std::max(in_heap, process.allocated_memory());
}

}  // namespace hawser::engine
