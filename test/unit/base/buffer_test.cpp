#include "catch.hpp"
#include <base/buffer.hpp>
#include <base/random.hpp>

#include <algorithm>
#include <new>
#include <string>

using hawser::base::byte_buffer;

namespace {

std::string random_bytes(hawser::base::random& source, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(source.next());
  return bytes;
}

}  // namespace

TEST_CASE("A buffer behaves like a string appended to and cut at the front", "[base][buffer]") {
  hawser::base::random source(1);
  byte_buffer buffer;
  std::string model;
  for (int step = 0; step < 20000; ++step) {
    switch (source.below(20)) {
      case 0:
        buffer.shrink_to(source.below(2000));
        break;
      case 1:
        source.below(10) == 0 ? (buffer.release(), model.clear()) : (buffer.clear(), model.clear());
        break;
      case 2: {
        byte_buffer moved = std::move(buffer);
        buffer = std::move(moved);
        break;
      }
      default:
        if (source.below(2) == 0) {
          const auto bytes = random_bytes(source, source.below(300));
          if (source.below(2) == 0) {
            buffer.append(bytes);
          } else {
            const auto room = buffer.prepare(bytes.size() + source.below(50));
            std::copy(bytes.begin(), bytes.end(), room.begin());
            buffer.commit(bytes.size());
          }
          model += bytes;
        } else {
          const auto n = source.below(model.size() + 1);
          buffer.consume(n);
          model.erase(0, n);
        }
    }
    REQUIRE(buffer.view() == model);
    REQUIRE(buffer.empty() == model.empty());
    REQUIRE(buffer.capacity() >= buffer.size());
  }
}

TEST_CASE("A buffer prepares at least the room asked for", "[base][buffer]") {
  byte_buffer buffer;
  CHECK(buffer.prepare(0).empty());
  CHECK(buffer.prepare(100).size() >= 100);
  buffer.commit(60);
  CHECK(buffer.prepare(100).size() >= 100);
  CHECK(buffer.size() == 60);
}

TEST_CASE("What was consumed is used again before a buffer grows", "[base][buffer]") {
  byte_buffer buffer;
  buffer.prepare(1000);
  for (int i = 0; i < 1000; ++i) {
    buffer.append(std::string(90, 'x'));
    buffer.consume(i == 0 ? 45 : 90);
  }
  CHECK(buffer.size() == 45);
  CHECK(buffer.capacity() == 1000);
}

TEST_CASE("Consuming leaves the other bytes where they are", "[base][buffer]") {
  byte_buffer buffer;
  buffer.append("abcdef");
  const char* third = buffer.data() + 2;
  buffer.consume(2);
  CHECK(buffer.data() == third);
}

TEST_CASE("A buffer gives memory back on demand", "[base][buffer]") {
  byte_buffer buffer;
  buffer.append(std::string(1000, 'x'));
  buffer.consume(900);
  buffer.shrink_to(0);
  CHECK(buffer.capacity() == 100);
  CHECK(buffer.view() == std::string(100, 'x'));
  buffer.clear();
  CHECK(buffer.capacity() == 100);
  buffer.shrink_to(200);
  CHECK(buffer.capacity() == 100);
  buffer.shrink_to(0);
  CHECK(buffer.capacity() == 0);
  buffer.append("again");
  buffer.release();
  CHECK(buffer.capacity() == 0);
  CHECK(buffer.empty());
}

TEST_CASE("A moved-from buffer is empty and usable", "[base][buffer]") {
  byte_buffer from;
  from.append("abc");
  byte_buffer to = std::move(from);
  CHECK(to.view() == "abc");
  CHECK(from.empty());
  from.append("x");
  CHECK(from.view() == "x");
}

TEST_CASE("Room that no memory can have is refused", "[base][buffer]") {
  byte_buffer buffer;
  buffer.append("abc");
  CHECK_THROWS_AS(buffer.prepare(static_cast<std::size_t>(-1)), std::bad_alloc);
  CHECK(buffer.view() == "abc");
}
