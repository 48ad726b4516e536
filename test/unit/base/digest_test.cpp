#include "catch.hpp"
#include <base/digest.hpp>

using namespace hawser::base;

TEST_CASE("SHA-1 gives the digests of its standard", "[base][digest]") {
  CHECK(sha1_hex("") == "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  CHECK(sha1_hex("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d");
  CHECK(sha1_hex(std::string(1'000'000, 'a')) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  CHECK(sha1("abc").front() == 0xa9);
  CHECK(sha1("abc").back() == 0x9d);
}

TEST_CASE("SHA-256 gives the digests of its standard", "[base][digest]") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
