#include <engine/statistics.hpp>

#include <numeric>

namespace hawser::engine {

void rate::sample(std::uint64_t counter, base::milliseconds_t now) {
  if (last_time_ != 0 && now > last_time_ && counter >= last_counter_) {
    samples_[next_] =
        (counter - last_counter_) * 1000 / static_cast<std::uint64_t>(now - last_time_);
    next_ = (next_ + 1) % samples_.size();
  }
  last_counter_ = counter;
  last_time_ = now;
}

std::uint64_t rate::per_second() const {
  return std::accumulate(samples_.begin(), samples_.end(), std::uint64_t{0}) / samples_.size();
}

void statistics::count_error(std::string_view text) {
  constexpr std::size_t most_codes = 128;
  ++error_replies;
  const auto code = text.substr(0, text.find(' '));
  const auto found = errors.find(code);
  if (found != errors.end()) {
    ++found->second;
    return;
  }
  if (errors.size() >= most_codes) errors.clear();
  errors.emplace(code, 1);
}

}  // namespace hawser::engine
