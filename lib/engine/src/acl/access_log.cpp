#include <engine/acl/access_log.hpp>

#include <algorithm>
#include <utility>

namespace hawser::engine::acl {

void access_log::add(access_log_entry entry, std::size_t most) {
  constexpr base::milliseconds_t same_for = 60'000;
  constexpr std::size_t looked_at = 10;  // an attack must not make each denial a long search
  const auto end =
      entries_.begin() + static_cast<std::ptrdiff_t>(std::min(looked_at, entries_.size()));
  const auto same = std::find_if(entries_.begin(), end, [&](const auto& each) {
    return each.why == entry.why && each.context == entry.context && each.user == entry.user &&
           each.object == entry.object && entry.time - each.time <= same_for;
  });
  if (same != end) {
    entry.count = same->count + 1;
    entries_.erase(same);
  }
  entries_.push_front(std::move(entry));
  if (entries_.size() > most) entries_.resize(most);
}

}  // namespace hawser::engine::acl
