#include <store/database.hpp>
#include <store/list_value.hpp>

namespace hawser::store {

collection_data list_value::make_empty(database& home) {
  return {encoding::listpack, listpack::make(home.memory()).data()};
}

list_shape list_value::shape() const {
  return {limits().list_max_listpack_size, limits().list_compress_depth};
}

list_value::layout list_value::laid_out() const {
  if (is_pack()) return {1, pack().byte_count(), shape()};
  layout seen{nodes().node_count(), 0, shape()};
  for (std::size_t i = 0; i < seen.nodes; ++i) seen.bytes += nodes().node(i).bytes();
  return seen;
}

void list_value::become_large() {
  auto old = pack();
  set_large(encoding::quicklist, new quicklist(memory(), old, shape()));
  old.destroy(memory());
}

void list_value::turn_back() {
  auto& large = nodes();
  if (large.node_count() != 1 || large.node(0).bytes() > turns_back) return;
  std::unique_ptr<char[]> scratch;
  const auto made = listpack::copy_of(memory(), large.node(0).unpacked(scratch).bytes());
  set_pack(made);
  home().bury({encoding::quicklist, &large});
}

void list_value::push(list_end at, std::string_view text) {
  if (is_pack() && outgrows(listpack::cost(text))) become_large();
  if (!is_pack()) return nodes().push(at, text, shape());
  auto changed = pack();
  at == list_end::front ? changed.prepend(memory(), text) : changed.append(memory(), text);
  set_pack(changed);
}

std::optional<std::size_t> list_value::find(std::string_view text) const {
  const element_matcher matches(text);
  std::size_t index = 0;
  bool found = false;
  walk(0, false, [&](const element& each) {
    found = matches(each);
    index += !found;
    return !found;
  });
  return found ? std::optional(index) : std::nullopt;
}

void list_value::insert(std::size_t index, std::string_view text) {
  if (is_pack() && outgrows(listpack::cost(text))) become_large();
  if (!is_pack()) return nodes().insert(index, text, shape());
  auto changed = pack();
  changed.insert(memory(), changed.seek(static_cast<std::int64_t>(index)), text);
  set_pack(changed);
}

void list_value::replace(std::size_t index, std::string_view text) {
  if (is_pack() && outgrows(listpack::cost(text))) become_large();
  if (!is_pack()) return nodes().replace(index, text, shape());
  auto changed = pack();
  changed.replace(memory(), changed.seek(static_cast<std::int64_t>(index)), text);
  set_pack(changed);
}

void list_value::erase(std::size_t index, std::size_t count) {
  if (count == 0) return;
  if (!is_pack()) {
    if (auto gone = nodes().erase(index, count, shape()))
      home().bury({encoding::quicklist, gone.release()});
    return turn_back();
  }
  auto changed = pack();
  changed.erase(memory(), changed.seek(static_cast<std::int64_t>(index)), count);
  set_pack(changed);
}

std::size_t list_value::remove(std::string_view text, std::size_t most, bool backward) {
  const element_matcher matches(text);
  if (!is_pack()) {
    const auto removed = nodes().remove(matches, most, backward, shape());
    turn_back();
    return removed;
  }
  auto changed = pack();
  std::size_t removed = 0;
  for (auto at = backward ? changed.last() : changed.first();
       at != listpack::none && removed < most;) {
    const auto before = backward ? changed.previous(at) : listpack::none;
    if (!matches(changed.at(at))) {
      at = backward ? before : changed.next(at);
      continue;
    }
    const auto behind = changed.erase(memory(), at);
    at = backward ? before : behind;
    ++removed;
  }
  set_pack(changed);
  return removed;
}

}  // namespace hawser::store
