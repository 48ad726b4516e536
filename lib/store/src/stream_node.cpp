#include <store/listpack_run.hpp>
#include <store/stream_node.hpp>

#include <optional>

namespace hawser::store {

namespace {

constexpr std::int64_t deleted_flag = 1;
constexpr std::int64_t same_names_flag = 2;
/// Elements of an entry besides its fields and the number of them.
constexpr std::size_t fixed_elements = 3;

/// Differences wrap, as unsigned numbers do.
std::int64_t difference(std::uint64_t a, std::uint64_t b) {
  return static_cast<std::int64_t>(a - b);
}

stream_id moved(const stream_id& from, std::int64_t ms, std::int64_t seq) {
  return {from.ms + static_cast<std::uint64_t>(ms), from.seq + static_cast<std::uint64_t>(seq)};
}

void add_entry(listpack_run& run, const stream_id& node, const stream_id& id, bool same_names,
               stream_node::words fields) {
  run.add(same_names ? same_names_flag : 0);
  run.add(difference(id.ms, node.ms));
  run.add(difference(id.seq, node.seq));
  if (!same_names) run.add(static_cast<std::int64_t>(fields.size() / 2));
  for (std::size_t i = same_names ? 1 : 0; i < fields.size(); i += same_names ? 2 : 1)
    run.add(fields[i]);
  const auto elements = fixed_elements + (same_names ? fields.size() / 2 : fields.size() + 1);
  run.add(static_cast<std::int64_t>(elements));
}

/// Reads a block that may be anything, element by element.
class examiner {
 public:
  explicit examiner(listpack pack) : pack_(pack), at_(pack.first()) {}

  bool at_end() const { return at_ == listpack::none; }
  /// Steps over elements of any kind; false: there are not so many.
  bool skip(std::uint64_t count) {
    for (; count > 0 && !at_end(); --count) at_ = pack_.next(at_);
    return count == 0;
  }
  /// Reads a number; nothing where there is something else.
  std::optional<std::int64_t> number() {
    if (at_end()) return std::nullopt;
    const auto element = pack_.at(at_);
    at_ = pack_.next(at_);
    if (!element.is_integer()) return std::nullopt;
    return element.integer;
  }
  /// The same for one that counts elements.
  std::optional<std::uint32_t> count() {
    const auto read = number();
    if (!read || *read < 0 || *read > static_cast<std::int64_t>(listpack::largest))
      return std::nullopt;
    return static_cast<std::uint32_t>(*read);
  }

 private:
  listpack pack_;
  listpack::position at_;
};

}  // namespace

stream_node stream_node::make(arena& memory, const stream_id& id, words fields) {
  listpack_run run;
  for (const std::int64_t number :
       {std::int64_t{1}, std::int64_t{0}, static_cast<std::int64_t>(fields.size() / 2)})
    run.add(number);
  for (std::size_t i = 0; i < fields.size(); i += 2) run.add(fields[i]);
  run.add(std::int64_t{0});
  add_entry(run, id, id, true, fields);
  auto pack = listpack::make(memory);
  pack.append(memory, run);
  return {pack, id};
}

stream_node::stream_node(listpack pack, const stream_id& id) : pack_(pack), id_(id) {
  auto at = pack_.first();
  live_ = number(at);
  at = pack_.next(at);
  dead_ = number(at);
  at = pack_.next(at);
  name_count_ = static_cast<std::uint32_t>(number(at));
  names_ = at = pack_.next(at);
  for (auto i = name_count_; i > 0; --i) at = pack_.next(at);
  entries_ = pack_.next(at);
}

stream_node::position stream_node::before(position end) const {
  auto at = pack_.previous(end);
  const auto elements = number(at);
  // What stands there when no entry does is the end of the head.
  if (elements == 0) return listpack::none;
  for (auto i = elements; i > 0; --i) at = pack_.previous(at);
  return at;
}

stream_entry stream_node::read(position begin) const {
  stream_entry entry;
  entry.begin = begin;
  const auto flags = number(begin);
  auto at = pack_.next(begin);
  const auto ms = number(at);
  at = pack_.next(at);
  entry.id = moved(id_, ms, number(at));
  at = pack_.next(at);
  entry.deleted = flags & deleted_flag;
  entry.same_names = flags & same_names_flag;
  entry.field_count = name_count_;
  if (!entry.same_names) {
    entry.field_count = static_cast<std::uint32_t>(number(at));
    at = pack_.next(at);
  }
  entry.fields = at;
  return entry;
}

stream_node::position stream_node::next(const stream_entry& of) const {
  auto at = of.fields;
  for (auto i = of.same_names ? of.field_count : 2 * of.field_count; i > 0; --i)
    at = pack_.next(at);
  return pack_.next(at);
}

stream_node::position stream_node::find(const stream_id& id) const {
  for (auto at = first(); at != listpack::none;) {
    const auto entry = read(at);
    if (entry.id >= id) return entry.id == id && !entry.deleted ? at : listpack::none;
    at = next(entry);
  }
  return listpack::none;
}

bool stream_node::has_names(words fields) const {
  if (fields.size() != 2 * std::size_t{name_count_}) return false;
  auto at = names_;
  for (std::size_t i = 0; i < fields.size(); i += 2, at = pack_.next(at))
    if (!(pack_.at(at) == fields[i])) return false;
  return true;
}

bool stream_node::has_room(words fields, const encoding_limits& limits) const {
  auto bytes = pack_.byte_count();
  for (const auto word : fields) bytes += word.size();
  const auto most = static_cast<std::size_t>(limits.stream_node_max_bytes);
  if (bytes >= (most == 0 || most > listpack::largest ? listpack::largest : most)) return false;
  return limits.stream_node_max_entries == 0 || live_ + dead_ < limits.stream_node_max_entries;
}

void stream_node::append(arena& memory, const stream_id& id, words fields) {
  listpack_run run;
  add_entry(run, id_, id, has_names(fields), fields);
  pack_.append(memory, run);
  set_counts(memory, live_ + 1, dead_);
}

void stream_node::mark_deleted(arena& memory, position begin) {
  pack_.replace(memory, begin, number(begin) | deleted_flag);
}

void stream_node::set_counts(arena& memory, std::int64_t live, std::int64_t dead) {
  const auto before = pack_.byte_count();
  const auto at = pack_.first();
  if (live != live_) pack_.replace(memory, at, live);
  if (dead != dead_) pack_.replace(memory, pack_.next(at), dead);
  live_ = live;
  dead_ = dead;
  const auto moved_by = static_cast<position>(pack_.byte_count() - before);
  names_ += moved_by;
  if (entries_ != listpack::none) entries_ += moved_by;
}

bool stream_node::validate(std::string_view block, const stream_id& id) {
  if (!listpack::validate(block)) return false;
  examiner at(listpack(const_cast<char*>(block.data())));
  const auto live = at.count(), dead = at.count(), names = at.count();
  if (!live || !dead || !names || !at.skip(*names) || at.number() != 0) return false;
  std::uint64_t found_live = 0, found_dead = 0;
  std::optional<stream_id> previous;
  while (!at.at_end()) {
    const auto flags = at.number(), ms = at.number(), seq = at.number();
    if (!flags || *flags < 0 || *flags > (deleted_flag | same_names_flag) || !ms || !seq)
      return false;
    const auto here = moved(id, *ms, *seq);
    if (here < id || (previous && here <= *previous)) return false;
    previous = here;
    const bool same_names = *flags & same_names_flag;
    const auto fields = same_names ? names : at.count();
    if (!fields) return false;
    const auto words = std::uint64_t{*fields} * (same_names ? 1 : 2);
    const auto elements = fixed_elements + words + (same_names ? 0 : 1);
    if (!at.skip(words) || at.number() != static_cast<std::int64_t>(elements)) return false;
    ++(*flags & deleted_flag ? found_dead : found_live);
  }
  return found_live == *live && found_dead == *dead;
}

}  // namespace hawser::store
