#include <base/bytes.hpp>

#include <replication/stream_units.hpp>

namespace hawser::replication {

bool stream_units::whole_after(std::span<const std::string_view> words) {
  if (base::iequals(words[0], "multi"))
    inside_ = true;
  else if (base::iequals(words[0], "exec") || base::iequals(words[0], "discard"))
    inside_ = false;
  return !inside_;
}

}  // namespace hawser::replication
