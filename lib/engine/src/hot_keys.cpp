#include <engine/command_keys.hpp>
#include <engine/hot_keys.hpp>
#include <engine/node.hpp>

#include <algorithm>

namespace hawser::engine {

namespace {

/// The more counters there are, the less a key may be that is found for sure.
std::size_t counters_for(std::size_t keys) { return std::clamp<std::size_t>(16 * keys, 256, 1024); }

}  // namespace

struct hot_keys::session {
  session(const terms& how, base::milliseconds_t now, std::uint64_t seed, const cpu_time& used)
      : how(how),
        begun(now),
        hash(seed),
        by_ns(counters_for(how.most)),
        by_bytes(counters_for(how.most)),
        before(used) {}

  terms how;
  base::milliseconds_t begun;
  base::milliseconds_t ended = 0;
  base::key_hasher hash;
  heavy_keys by_ns;
  heavy_keys by_bytes;
  std::uint64_t all_ns = 0;
  std::uint64_t all_bytes = 0;
  cpu_time before;
  cpu_time after{};  // once it has ended
};

hot_keys::hot_keys(node& server) : server_(server) {}
hot_keys::~hot_keys() = default;

void hot_keys::start(const terms& how) {
  session_ = std::make_unique<session>(how, server_.now(), server_.random.next(),
                                       server_.process.facts().all_threads);
  tracking_ = true;
}

bool hot_keys::stop() {
  if (session_ == nullptr) return false;
  if (tracking_) end(server_.now());
  return true;
}

void hot_keys::end(base::milliseconds_t at) {
  session_->ended = at;
  session_->after = server_.process.facts().all_threads;
  tracking_ = false;
}

void hot_keys::reset() {
  session_.reset();
  tracking_ = false;
}

void hot_keys::end_when_over() {
  if (!tracking_ || session_->how.duration == 0) return;
  const auto over = session_->begun + session_->how.duration;
  if (server_.now() >= over) end(over);
}

void hot_keys::note(const command& what, std::span<const std::string_view> words,
                    std::uint64_t took_ns, std::uint64_t bytes) {
  end_when_over();
  // What EXEC has executed has been noted.
  if (!tracking_ || what.spec->flags.has(flags::skip_slowlog)) return;
  auto& now = *session_;
  now.all_ns += took_ns;
  now.all_bytes += bytes;
  const auto ratio = static_cast<std::uint64_t>(now.how.ratio);
  if (!has_keys(*what.keys) || (ratio > 1 && server_.random.below(ratio) != 0)) return;
  const auto keys = find_keys(*what.keys, words);
  if (!keys || keys->empty()) return;
  for (const auto& each : *keys) {
    const auto key = words[each.word];
    const auto hash = now.hash(key);
    if (now.how.time) now.by_ns.add(hash, key, took_ns * ratio / keys->size());
    if (now.how.bytes) now.by_bytes.add(hash, key, bytes * ratio / keys->size());
  }
}

std::optional<hot_keys::report> hot_keys::look() const {
  if (session_ == nullptr) return std::nullopt;
  const auto& of = *session_;
  const auto until = tracking_ ? server_.now() : of.ended;
  const auto after = tracking_ ? server_.process.facts().all_threads : of.after;
  const auto ms = [](double seconds) { return static_cast<std::int64_t>(seconds * 1000); };
  return report{of.how,
                tracking_,
                of.begun,
                until - of.begun,
                of.all_ns,
                of.all_bytes,
                ms(after.user - of.before.user),
                ms(after.system - of.before.system),
                of.by_ns.top(of.how.most),
                of.by_bytes.top(of.how.most)};
}

}  // namespace hawser::engine
