#include "catch.hpp"
#include <base/chunked_buffer.hpp>
#include <base/random.hpp>

#include <array>
#include <cstring>
#include <vector>

using hawser::base::chunked_buffer;

namespace {

constexpr auto chunk = chunked_buffer::chunk_bytes;

std::string random_bytes(hawser::base::random& source, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>('a' + source.next() % 26);
  return bytes;
}

/// Mostly short, now and then longer than a chunk.
std::size_t random_size(hawser::base::random& source) {
  return source.below(20) == 0 ? source.below(3 * chunk) : source.below(600);
}

std::vector<std::string_view> all_pieces(const chunked_buffer& buffer) {
  std::vector<std::string_view> pieces(1000);
  pieces.resize(buffer.pieces(pieces));
  return pieces;
}

std::string joined(const chunked_buffer& buffer) {
  std::string out;
  for (const auto piece : all_pieces(buffer)) out += piece;
  return out;
}

void append(chunked_buffer& buffer, hawser::base::random& source, std::string_view bytes) {
  if (bytes.size() > 512 || source.below(2) == 0) return buffer.append(bytes);
  std::memcpy(buffer.reserve(512), bytes.data(), bytes.size());
  buffer.commit(bytes.size());
}

}  // namespace

TEST_CASE("A chunked buffer behaves like a string", "[base][chunked_buffer]") {
  hawser::base::random source(1);
  chunked_buffer buffer;
  std::string model;
  for (int step = 0; step < 10000; ++step) {
    const auto dice = source.below(100);
    if (dice < 60) {
      const auto bytes = random_bytes(source, random_size(source));
      append(buffer, source, bytes);
      model += bytes;
    } else if (dice < 75) {
      const auto n = source.below(model.size() + 1);
      buffer.consume(n);
      model.erase(0, n);
    } else if (dice < 85) {
      const auto mark = buffer.mark();
      for (auto again = source.below(3); again-- > 0;) {
        for (auto count = source.below(5); count-- > 0;) {
          append(buffer, source, random_bytes(source, random_size(source)));
        }
        buffer.rollback(mark);
      }
    } else if (dice < 95) {
      chunked_buffer other;
      std::string other_model;
      for (auto count = source.below(4); count-- > 0;) {
        const auto bytes = random_bytes(source, random_size(source));
        append(other, source, bytes);
        other_model += bytes;
      }
      const auto n = source.below(other_model.size() + 1);
      other.consume(n);
      buffer.splice(std::move(other));
      model += other_model.substr(n);
      REQUIRE(other.empty());
    } else if (dice < 98) {
      buffer.consume(model.size());
      model.clear();
    } else if (dice < 99) {
      buffer.release();
      model.clear();
      REQUIRE(buffer.memory() == 0);
    } else {
      chunked_buffer moved = std::move(buffer);
      buffer = std::move(moved);
    }
    REQUIRE(buffer.size() == model.size());
    REQUIRE(buffer.empty() == model.empty());
    REQUIRE(joined(buffer) == model);
    REQUIRE(buffer.str() == model);
    REQUIRE(buffer.memory() >= model.size());
  }
}

TEST_CASE("Bytes once written never move", "[base][chunked_buffer]") {
  chunked_buffer buffer;
  buffer.append("first");
  const char* place = all_pieces(buffer).front().data();
  for (int i = 0; i < 100; ++i) buffer.append(std::string(1000, 'x'));
  buffer.consume(2);
  CHECK(all_pieces(buffer).front().data() == place + 2);
  CHECK(std::string_view(place, 5) == "first");
}

TEST_CASE("A place is contiguous even when the chunk is nearly full", "[base][chunked_buffer]") {
  chunked_buffer buffer;
  buffer.append(std::string(chunk - 100, 'x'));
  std::memset(buffer.reserve(512), 'y', 512);
  buffer.commit(512);
  CHECK(buffer.str() == std::string(chunk - 100, 'x') + std::string(512, 'y'));
}

TEST_CASE("A large append is one piece or two", "[base][chunked_buffer]") {
  chunked_buffer buffer;
  buffer.append(std::string(10 * chunk, 'x'));
  CHECK(all_pieces(buffer).size() == 1);
  buffer.append("y");
  CHECK(all_pieces(buffer).size() == 2);
  buffer.append(std::string(10 * chunk, 'z'));
  CHECK(all_pieces(buffer).size() == 3);
}

TEST_CASE("Pieces are limited to the places given", "[base][chunked_buffer]") {
  chunked_buffer buffer;
  for (int i = 0; i < 5; ++i) buffer.append(std::string(chunk, 'x'));
  std::array<std::string_view, 2> places;
  CHECK(buffer.pieces(places) == 2);
  CHECK(places[0].data() != nullptr);
  CHECK(chunked_buffer().pieces(places) == 0);
}

TEST_CASE("A rolled back buffer goes on where the mark was", "[base][chunked_buffer]") {
  chunked_buffer buffer;
  buffer.append("ab");
  const auto after_two = buffer.mark();
  buffer.append("cd");
  const auto after_four = buffer.mark();
  buffer.append(std::string(5 * chunk, 'x'));
  buffer.rollback(after_four);
  CHECK(buffer.str() == "abcd");
  buffer.rollback(after_two);
  buffer.append("!");
  CHECK(buffer.str() == "ab!");
}

TEST_CASE("An empty buffer can be rolled back to twice", "[base][chunked_buffer]") {
  chunked_buffer buffer;
  buffer.append("sent");
  buffer.consume(4);
  const auto mark = buffer.mark();
  for (int i = 0; i < 2; ++i) {
    buffer.append("failed");
    buffer.rollback(mark);
    CHECK(buffer.empty());
  }
}

TEST_CASE("A mark holds when bytes before it are consumed", "[base][chunked_buffer]") {
  chunked_buffer buffer;
  buffer.append(std::string(2 * chunk, 'x') + "ab");
  const auto mark = buffer.mark();
  buffer.append(std::string(3 * chunk, 'y'));
  buffer.consume(2 * chunk);
  buffer.rollback(mark);
  CHECK(buffer.str() == "ab");
}

TEST_CASE("An emptied buffer keeps one chunk and a released one nothing",
          "[base][chunked_buffer]") {
  chunked_buffer buffer;
  CHECK(buffer.memory() == 0);
  for (int i = 0; i < 10; ++i) buffer.append(std::string(chunk / 2, 'x'));
  CHECK(buffer.memory() == 6 * chunk);
  buffer.consume(buffer.size());
  CHECK(buffer.memory() == chunk);
  buffer.append("y");
  CHECK(buffer.memory() == chunk);
  buffer.consume(1);
  buffer.append(std::string(2 * chunk, 'x'));
  CHECK(buffer.memory() > 3 * chunk);
  buffer.clear();
  CHECK(buffer.memory() == chunk);
  buffer.release();
  CHECK(buffer.memory() == 0);
}

TEST_CASE("Splicing takes over chunks and counts their memory", "[base][chunked_buffer]") {
  chunked_buffer target;
  chunked_buffer source;
  target.append("head ");
  source.append(std::string(chunk, 'x'));
  const auto before = all_pieces(source).front().data();
  const auto memory = target.memory() + source.memory();
  target.splice(std::move(source));
  CHECK(target.memory() == memory);
  CHECK(source.memory() == 0);
  CHECK(all_pieces(target).at(1).data() == before);
  CHECK(target.str() == "head " + std::string(chunk, 'x'));
}

TEST_CASE("Splicing a few bytes copies them", "[base][chunked_buffer]") {
  chunked_buffer target;
  chunked_buffer source;
  target.append("a");
  source.append("b");
  target.splice(std::move(source));
  CHECK(target.str() == "ab");
  CHECK(target.memory() == chunk);
}

TEST_CASE("A moved-from chunked buffer is empty and usable", "[base][chunked_buffer]") {
  chunked_buffer from;
  from.append("abc");
  chunked_buffer to = std::move(from);
  CHECK(to.str() == "abc");
  CHECK(from.empty());
  from.append("x");
  CHECK(from.str() == "x");
}
