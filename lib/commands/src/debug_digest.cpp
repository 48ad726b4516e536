#include "debug_digest.hpp"

#include <base/digest.hpp>
#include <base/numbers.hpp>
#include <engine/node.hpp>
#include <store/hash_value.hpp>
#include <store/list_value.hpp>
#include <store/set_value.hpp>
#include <store/sorted_set_value.hpp>
#include <store/stream_value.hpp>

#include <fmt/format.h>

namespace hawser::commands {

namespace {

/// Combines without order.
void add(digest& to, std::string_view bytes) {
  const auto hash = base::sha1(bytes);
  for (std::size_t i = 0; i < to.size(); ++i) to[i] ^= hash[i];
}

std::string_view bytes_of(const digest& of) {
  return {reinterpret_cast<const char*>(of.data()), of.size()};
}

/// Combines in order.
void mix(digest& to, std::string_view bytes) {
  add(to, bytes);
  to = base::sha1(bytes_of(to));
}

void mix_number(digest& to, std::uint32_t number) {
  const char big_endian[] = {static_cast<char>(number >> 24), static_cast<char>(number >> 16),
                             static_cast<char>(number >> 8), static_cast<char>(number)};
  mix(to, {big_endian, sizeof big_endian});
}

void mix_string(digest& to, const store::entry& of) {
  if (of.is_integer())
    mix(to, fmt::format_int(of.integer()).str());
  else
    mix(to, of.text());
}

void mix_hash(digest& to, const store::hash_value& of) {
  store::digits field_digits, value_digits;
  of.for_each([&](const auto& field, const auto& value) {
    digest one{};
    mix(one, field.text(field_digits.room));
    mix(one, value.text(value_digits.room));
    add(to, bytes_of(one));
  });
}

void mix_list(digest& to, const store::list_value& of) {
  of.walk(0, false, [&](const auto& each) {
    store::digits room;
    mix(to, each.text(room.room));
    return true;
  });
}

void mix_set(digest& to, const store::set_value& of) {
  of.for_each([&](const auto& each) {
    store::digits room;
    add(to, each.text(room.room));
  });
}

void mix_element(digest& to, const store::listpack_element& element) {
  store::digits digits;
  mix(to, element.text(digits.room));
}

void mix_stream(digest& to, const store::stream& of) {
  store::stream_cursor at(of, {}, store::stream_id::largest());
  while (at.next()) {
    char id[store::stream_id::max_chars];
    mix(to, {id, at.id().format(id, '.')});
    at.for_each_field([&](const auto& name, const auto& value) {
      mix_element(to, name);
      mix_element(to, value);
    });
  }
}

void mix_sorted_set(digest& to, const store::sorted_set_value& of) {
  of.for_each([&](const auto& each) {
    digest pair{};
    mix(pair, each.member());
    mix(pair, base::format_double(each.score()));
    add(to, bytes_of(pair));
  });
}

void mix_value(digest& to, store::database& home, store::entry& of) {
  mix_number(to, static_cast<std::uint32_t>(of.type()));
  switch (of.type()) {
    case store::value_type::string:
      mix_string(to, of);
      break;
    case store::value_type::hash:
      mix_hash(to, {home, of});
      break;
    case store::value_type::list:
      mix_list(to, {home, of});
      break;
    case store::value_type::set:
      mix_set(to, {home, of});
      break;
    case store::value_type::stream:
      mix_stream(to, *store::stream_value(home, of));
      break;
    case store::value_type::sorted_set:
      mix_sorted_set(to, {home, of});
      break;
    default:
      break;
  }
  if (of.deadline()) add(to, "!!expire!!");
}

}  // namespace

digest digest_of(store::database& home, store::entry& of) {
  digest made{};
  mix_value(made, home, of);
  return made;
}

digest digest_of(engine::node& server) {
  digest all{};
  for (int i = 0; i < server.database_count(); ++i) {
    auto& data = server.database(i);
    if (data.empty()) continue;
    mix_number(all, static_cast<std::uint32_t>(i));
    data.for_each([&](store::entry* each) {
      digest one{};
      mix(one, each->key());
      mix_value(one, data, *each);
      add(all, bytes_of(one));
    });
  }
  return all;
}

std::string hex(const digest& of) {
  std::string text;
  for (const auto byte : of) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace hawser::commands
