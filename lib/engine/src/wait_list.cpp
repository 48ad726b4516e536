#include <engine/client.hpp>
#include <engine/wait_list.hpp>

#include <algorithm>
#include <utility>

namespace hawser::engine {

blocked_command::blocked_command(command& what, std::span<const std::string_view> words,
                                 attempt again)
    : what(what), again(std::move(again)) {
  std::size_t size = 0;
  for (const auto word : words) size += word.size();
  text_.reserve(size);
  words_.reserve(words.size());
  for (const auto word : words) {
    words_.emplace_back(text_.data() + text_.size(), word.size());
    text_ += word;
  }
}

std::size_t blocked_command::memory() const {
  return sizeof *this + text_.capacity() + words_.capacity() * sizeof words_[0] +
         places_.capacity() * sizeof places_[0];
}

wait_list::queue& wait_list::queue_of(int db, std::string_view key) {
  const auto index = static_cast<std::size_t>(db);
  if (databases_.size() <= index) databases_.resize(index + 1);
  auto& all = databases_[index];
  auto found = all.find(key);
  if (found == all.end()) {
    found = all.emplace(key, queue{db}).first;
    found->second.key = found->first;
  }
  return found->second;
}

void wait_list::add(client& who, std::shared_ptr<blocked_command> what,
                    std::span<const std::string_view> keys) {
  for (const auto key : keys) {
    auto& queue = queue_of(who.db, key);
    if (!queue.clients.empty() && queue.clients.back() == &who) continue;
    if (queue.clients.empty()) ++keys_;
    if (what->sees_loss && queue.seeing_loss++ == 0) ++keys_seeing_loss_;
    queue.clients.push_back(&who);
    what->places_.emplace_back(&queue, std::prev(queue.clients.end()));
  }
  schedule(who, *what);
  who.blocked = std::move(what);
  ++waiting_;
}

void wait_list::schedule(client& who, blocked_command& what) {
  const auto at = std::min(what.deadline_ns, what.retry_ns);
  what.deadline_ = at == never ? deadlines_.end() : deadlines_.emplace(at, &who);
}

void wait_list::retry_at(client& who, std::int64_t at_ns) {
  auto& what = *who.blocked;
  if (std::exchange(what.retry_ns, at_ns) == at_ns) return;
  if (what.deadline_ != deadlines_.end()) deadlines_.erase(what.deadline_);
  schedule(who, what);
}

void wait_list::remove(client& who) {
  if (!who.blocked) return;
  const auto what = std::exchange(who.blocked, nullptr);
  for (const auto& [queue, at] : what->places_) leave(*queue, at, what->sees_loss);
  what->places_.clear();
  if (what->deadline_ != deadlines_.end()) deadlines_.erase(what->deadline_);
  --waiting_;
}

void wait_list::leave(queue& of, std::list<client*>::iterator at, bool saw_loss) {
  if (of.serving && of.next == at) ++of.next;
  of.clients.erase(at);
  if (saw_loss && --of.seeing_loss == 0) --keys_seeing_loss_;
  if (of.clients.empty()) --keys_;
  drop_if_done(of);
}

void wait_list::drop_if_done(queue& of) {
  if (!of.clients.empty() || of.ready || of.serving) return;
  auto& all = databases_[static_cast<std::size_t>(of.db)];
  all.erase(all.find(of.key));
}

void wait_list::make_ready(queue& of) {
  if (std::exchange(of.ready, true)) return;
  ready_.push_back(&of);
}

void wait_list::touch(int db, std::string_view key) {
  const auto index = static_cast<std::size_t>(db);
  if (index >= databases_.size()) return;
  const auto found = databases_[index].find(key);
  if (found != databases_[index].end()) make_ready(found->second);
}

void wait_list::touch_keys_of(client& who) {
  for (const auto& [queue, at] : who.blocked->places_) make_ready(*queue);
}

void wait_list::touch_all(int db) {
  const auto index = static_cast<std::size_t>(db);
  if (index >= databases_.size()) return;
  for (auto& [key, queue] : databases_[index]) make_ready(queue);
}

wait_list::queue* wait_list::begin_serving() {
  while (!ready_.empty()) {
    queue& first = *ready_.front();
    ready_.pop_front();
    first.ready = false;
    if (!first.clients.empty()) {
      first.serving = true;
      first.next = first.clients.begin();
      return &first;
    }
    drop_if_done(first);
  }
  return nullptr;
}

client* wait_list::next_client(queue& of) {
  return of.next == of.clients.end() ? nullptr : *of.next++;
}

void wait_list::end_serving(queue& of) {
  of.serving = false;
  drop_if_done(of);
}

std::int64_t wait_list::next_deadline() const {
  return deadlines_.empty() ? never : deadlines_.begin()->first;
}

client* wait_list::overdue(std::int64_t now_ns) const {
  return next_deadline() > now_ns || deadlines_.empty() ? nullptr : deadlines_.begin()->second;
}

}  // namespace hawser::engine
