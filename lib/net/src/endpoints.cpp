#include "endpoints.hpp"

#include <fmt/format.h>

#include <cstring>

namespace hawser::net {

namespace {

asio::ip::address unmapped(asio::ip::address address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
  return address;
}

}  // namespace

asio::ip::tcp::endpoint tcp_endpoint(const asio::generic::stream_protocol::endpoint& from) {
  asio::ip::tcp::endpoint to;
  to.resize(from.size());
  std::memcpy(to.data(), from.data(), from.size());
  return to;
}

std::string name_of(const asio::ip::tcp::endpoint& of) {
  const auto address = unmapped(of.address());
  return address.is_v6() ? fmt::format("[{}]:{}", address.to_string(), of.port())
                         : fmt::format("{}:{}", address.to_string(), of.port());
}

bool is_loopback(const asio::ip::tcp::endpoint& of) { return unmapped(of.address()).is_loopback(); }

}  // namespace hawser::net
