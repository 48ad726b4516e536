#include <base/bytes.hpp>
#include <engine/history.hpp>

#include <fmt/format.h>

#include <utility>

namespace hawser::engine {

std::string make_id(base::random& random) {
  std::string id;
  for (int i = 0; i < 5; ++i)
    id += fmt::format("{:08x}", static_cast<std::uint32_t>(random.next()));
  return id;
}

history::history(base::random& random) : id_(make_id(random)) { forget_second(); }

void history::forget_second() {
  second_id_ = no_id;
  second_offset_ = -1;
}

void history::begin_anew(base::random& random) {
  id_ = make_id(random);
  forget_second();
}

void history::leave(base::random& random, std::int64_t offset) {
  leave_for(make_id(random), offset);
}

void history::leave_for(std::string_view id, std::int64_t offset) {
  second_id_ = std::exchange(id_, std::string(id));
  second_offset_ = offset + 1;
}

void history::become(std::string_view id) {
  id_ = id;
  forget_second();
}

void history::resume(std::string_view id, std::int64_t offset) {
  second_id_ = id;
  second_offset_ = offset + 1;
}

bool history::covers(std::string_view id, std::int64_t next) const {
  return base::iequals(id, id_) || (base::iequals(id, second_id_) && next <= second_offset_);
}

}  // namespace hawser::engine
