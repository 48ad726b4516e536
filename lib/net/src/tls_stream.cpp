#include "tls_stream.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace hawser::net {

namespace {

int append(BIO* to, const char* bytes, std::size_t size, std::size_t* written) {
  static_cast<base::byte_buffer*>(BIO_get_data(to))->append({bytes, size});
  *written = size;
  return 1;
}

/// There is nothing to flush; everything else is not for memory.
long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

const BIO_METHOD* memory_output() {
  static const auto* const made = [] {
    auto* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "output");
    BIO_meth_set_write_ex(method, append);
    BIO_meth_set_ctrl(method, control);
    return method;
  }();
  return made;
}

}  // namespace

tls_stream::tls_stream(ssl_ptr session, int descriptor) : session_(std::move(session)) {
  auto* output = BIO_new(memory_output());
  BIO_set_data(output, &output_);
  BIO_set_init(output, 1);
  SSL_set_bio(session_.get(), BIO_new_socket(descriptor, BIO_NOCLOSE), output);
}

tls_stream::result tls_stream::handshake() {
  ERR_clear_error();
  return result_of(SSL_do_handshake(session_.get()));
}

tls_stream::result tls_stream::read(std::span<char> room) {
  constexpr std::size_t most = std::numeric_limits<int>::max();
  ERR_clear_error();
  return result_of(
      SSL_read(session_.get(), room.data(), static_cast<int>(std::min(room.size(), most))));
}

bool tls_stream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    std::size_t taken = 0;
    ERR_clear_error();
    if (const int done = SSL_write_ex(session_.get(), bytes.data(), bytes.size(), &taken);
        done != 1) {
      result_of(done);
      return false;
    }
    bytes.remove_prefix(taken);
  }
  return true;
}

void tls_stream::say_goodbye() {
  ERR_clear_error();
  if (error_.empty() && SSL_is_init_finished(session_.get())) SSL_shutdown(session_.get());
  ERR_clear_error();
}

tls_stream::result tls_stream::result_of(int returned) {
  if (returned > 0) return {outcome::done, static_cast<std::size_t>(returned)};
  switch (SSL_get_error(session_.get(), returned)) {
    case SSL_ERROR_WANT_READ:
      return {outcome::wants_input};
    case SSL_ERROR_ZERO_RETURN:
      return {outcome::ended};
    default:
      break;
  }
  std::array<char, 256> text{};
  const auto code = ERR_get_error();
  if (code != 0) ERR_error_string_n(code, text.data(), text.size());
  error_ = code != 0 ? text.data() : "Connection reset by peer";
  return {outcome::failed};
}

}  // namespace hawser::net
