#pragma once

#include "asio.hpp"

#include <string>

namespace hawser::net {

/// Of a socket that is a TCP socket.
asio::ip::tcp::endpoint tcp_endpoint(const asio::generic::stream_protocol::endpoint& from);

/// "address:port", in brackets if the address is one of IPv6 that is not really one of IPv4.
std::string name_of(const asio::ip::tcp::endpoint& of);

bool is_loopback(const asio::ip::tcp::endpoint& of);

}  // namespace hawser::net
