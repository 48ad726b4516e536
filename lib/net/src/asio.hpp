#pragma once

// The parts of Asio in use, as one precompiled header, and the types that the rest of net is
// written in. Executors are concrete types: nothing on the way of a request is type-erased.

#include <net/steady_clock.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace hawser::net {

namespace asio = boost::asio;
using boost::system::error_code;

using executor = asio::io_context::executor_type;

template <class Result>
using task = asio::awaitable<Result, executor>;

/// The completion token in use: it neither throws nor makes a coroutine frame.
constexpr asio::as_tuple_t<asio::deferred_t> direct{asio::deferred};

/// TCP and Unix sockets alike.
using stream_socket = asio::basic_stream_socket<asio::generic::stream_protocol, executor>;

using timer = asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, executor>;

}  // namespace hawser::net
