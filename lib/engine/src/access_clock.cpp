// The access clock of entries. Under an LFU policy it holds 16 bits of minutes and an 8-bit
// logarithmic counter, otherwise 24 bits of seconds: of the last use or, under an LRM policy, the
// last change. All as in Redis, so that OBJECT FREQ and IDLETIME and the RDB format mean the same.

#include <engine/node.hpp>

#include <algorithm>

namespace hawser::engine {

namespace {

constexpr std::uint32_t new_key_counter = 5;
constexpr std::uint32_t longest_idle = 0xffffff;  // seconds: the clock has 24 bits

std::uint32_t minutes(base::milliseconds_t now) {
  return static_cast<std::uint32_t>(now / 60'000) & 0xffff;
}

}  // namespace

std::uint32_t node::new_access_clock() const {
  if (uses_lfu()) return minutes(now_) << 8 | new_key_counter;
  return seconds_clock();
}

void node::note_modification(int db, std::string_view key) {
  if (auto* changed = database(db).find(key)) changed->set_access(seconds_clock());
}

std::uint32_t node::idle_seconds(std::uint32_t access) const {
  return (new_access_clock() - access) & longest_idle;
}

std::uint32_t node::idle_access_clock(std::uint64_t seconds) const {
  const auto now = static_cast<std::uint32_t>(now_ / 1000) & longest_idle;
  // What was used before the clock's last overflow cannot be told: half a turn is as long as any.
  const auto idle = seconds <= now ? static_cast<std::uint32_t>(seconds) : longest_idle / 2 + 1;
  return (now - idle) & longest_idle;
}

std::optional<std::uint32_t> node::kept_access_clock(std::optional<std::uint64_t> idle_seconds,
                                                     std::optional<std::uint8_t> frequency) const {
  if (uses_lfu() && frequency) return minutes(now_) << 8 | *frequency;
  if (!uses_lfu() && idle_seconds) return idle_access_clock(*idle_seconds);
  return std::nullopt;
}

std::uint32_t node::decayed_frequency(std::uint32_t access) const {
  const auto elapsed = (minutes(now_) - (access >> 8)) & 0xffff;
  const auto counter = access & 0xff;
  if (options.lfu_decay_time == 0) return counter;
  const auto periods = elapsed / static_cast<std::uint32_t>(options.lfu_decay_time);
  return counter - std::min(counter, periods);
}

std::uint32_t node::frequency_clock(std::uint32_t before) {
  auto counter = decayed_frequency(before);
  if (counter < 255) {
    // The counter grows with a chance that falls with its value: 255 stands for about a million
    // uses.
    const double above = counter > new_key_counter ? counter - new_key_counter : 0;
    const double chance = 1.0 / (above * static_cast<double>(options.lfu_log_factor) + 1);
    if (random.unit() < chance) ++counter;
  }
  return minutes(now_) << 8 | counter;
}

}  // namespace hawser::engine
