#pragma once

#include "tls_context.hpp"
#include <base/buffer.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hawser::net {

/// TLS on a connected socket that does not block. What is received is read from the socket; what is
/// to be sent lies in output() until somebody has sent it, so that no write is ever half done.
class tls_stream {
 public:
  tls_stream(ssl_ptr session, int descriptor);
  tls_stream(const tls_stream&) = delete;
  tls_stream& operator=(const tls_stream&) = delete;

  enum class outcome {
    done,
    wants_input,  // to be called again when the socket can be read; output comes first
    ended,        // the peer has said all
    failed,
  };
  struct result {
    outcome what;
    std::size_t size = 0;  // bytes read
  };

  /// The beginning of the conversation.
  result handshake();
  /// What has been received, at most as much as there is room for.
  result read(std::span<char> room);
  /// Turns bytes into output; false when the conversation has failed.
  bool write(std::string_view bytes);
  /// The last word, as far as it can still be said.
  void say_goodbye();

  base::byte_buffer& output() { return output_; }

  /// Why something failed.
  const std::string& error() const { return error_; }

 private:
  result result_of(int returned);

  base::byte_buffer output_;
  std::string error_;
  ssl_ptr session_;  // writes to output_
};

}  // namespace hawser::net
