#pragma once

#include <engine/config/settings.hpp>

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace hawser::net {

struct free_ssl {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using ssl_ptr = std::unique_ptr<SSL, free_ssl>;

/// What TLS connections are made with, from the directives tls-*: certificates, whom to trust, what
/// to speak. What has been made with one goes on without it.
class tls_context {
 public:
  /// Null, and the reason in redis-server's words, if the directives cannot be followed.
  static std::shared_ptr<const tls_context> make(const engine::settings& from, std::string& reason);

  /// Of a connection that a client has opened; whether it must show a certificate.
  ssl_ptr accepted(engine::tls_client_auth who) const;
  /// Of a connection to another server, whose certificate must be one of those trusted.
  ssl_ptr opened() const;

 private:
  using context_ptr = std::unique_ptr<SSL_CTX, free_ssl>;
  struct identity;

  static context_ptr make(const engine::settings& from, const identity& as, std::string& reason);

  context_ptr server_;
  context_ptr client_;  // null: the server's serves
};

}  // namespace hawser::net
