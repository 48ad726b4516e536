#include "tls_context.hpp"

#include <base/bytes.hpp>

#include <fmt/format.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <string_view>

namespace hawser::net {

namespace {

using engine::settings;

std::string last_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

struct version {
  std::string_view name;
  std::uint64_t switched_off;
  bool usual;
};
constexpr std::array<version, 4> versions{{{"tlsv1", SSL_OP_NO_TLSv1, false},
                                           {"tlsv1.1", SSL_OP_NO_TLSv1_1, false},
                                           {"tlsv1.2", SSL_OP_NO_TLSv1_2, true},
                                           {"tlsv1.3", SSL_OP_NO_TLSv1_3, true}}};

/// The options that leave the versions of a list of words, or the usual ones. False: a word is none
/// of them.
bool choose_versions(std::string_view words, std::uint64_t& options) {
  std::array<bool, versions.size()> wanted{};
  for (std::size_t i = 0; i < versions.size(); ++i) wanted[i] = words.empty() && versions[i].usual;
  while (!words.empty()) {
    const auto word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    const auto known = std::ranges::find_if(
        versions, [word](const version& each) { return base::iequals(each.name, word); });
    if (known == versions.end()) return false;
    wanted[static_cast<std::size_t>(known - versions.begin())] = true;
  }
  for (std::size_t i = 0; i < versions.size(); ++i)
    if (!wanted[i]) options |= versions[i].switched_off;
  return true;
}

int give_passphrase(char* to, int room, int, void* from) {
  const auto& phrase = *static_cast<const std::string*>(from);
  const auto size = std::min(phrase.size(), static_cast<std::size_t>(room));
  std::memcpy(to, phrase.data(), size);
  return static_cast<int>(size);
}

/// Returns what is wrong.
std::string use_dh_params(SSL_CTX* context, const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "r"),
                                                             std::fclose);
  if (!file) return fmt::format("Failed to load {}: {}", path, std::strerror(errno));
  EVP_PKEY* params = nullptr;
  auto* decoder = OSSL_DECODER_CTX_new_for_pkey(
      &params, "PEM", nullptr, "DH", OSSL_KEYMGMT_SELECT_DOMAIN_PARAMETERS, nullptr, nullptr);
  const bool read = OSSL_DECODER_from_fp(decoder, file.get()) == 1;
  OSSL_DECODER_CTX_free(decoder);
  ERR_clear_error();
  if (!read) return fmt::format("{}: failed to read DH params.", path);
  if (SSL_CTX_set0_tmp_dh_pkey(context, params) == 1) return {};
  EVP_PKEY_free(params);
  return fmt::format("Failed to set DH params file: {}: {}", path, last_error());
}

void cache_sessions(SSL_CTX* context, const settings& from) {
  // Sessions that clients keep in tickets are refused without.
  constexpr std::string_view name = "hawser";
  SSL_CTX_set_session_id_context(context, reinterpret_cast<const unsigned char*>(name.data()),
                                 name.size());
  if (!from.tls_session_caching) {
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    return;
  }
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_SERVER);
  SSL_CTX_sess_set_cache_size(context, static_cast<long>(from.tls_session_cache_size));
  SSL_CTX_set_timeout(context, static_cast<long>(from.tls_session_cache_timeout));
}

/// Never null: without one the connection would be plain.
ssl_ptr session_of(SSL_CTX* context) {
  ssl_ptr made(SSL_new(context));
  if (!made) throw std::bad_alloc();
  return made;
}

}  // namespace

struct tls_context::identity {
  const std::string& certificate;
  const std::string& key;
  const std::string& passphrase;
};

tls_context::context_ptr tls_context::make(const settings& from, const identity& as,
                                           std::string& reason) {
  context_ptr made(SSL_CTX_new(TLS_method()));
  auto* context = made.get();
  std::uint64_t options = SSL_OP_NO_SSLv3 | SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
                          SSL_OP_SINGLE_DH_USE | SSL_OP_IGNORE_UNEXPECTED_EOF;
  if (!choose_versions(from.tls_protocols, options)) {
    reason =
        "Invalid tls-protocols specified. Use a combination of 'TLSv1', 'TLSv1.1', 'TLSv1.2' and "
        "'TLSv1.3'.";
    return nullptr;
  }
  if (from.tls_prefer_server_ciphers) options |= SSL_OP_CIPHER_SERVER_PREFERENCE;
  SSL_CTX_set_options(context, options);
  // An idle connection keeps no buffers.
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  cache_sessions(context, from);

  SSL_CTX_set_default_passwd_cb(context, give_passphrase);
  SSL_CTX_set_default_passwd_cb_userdata(context, const_cast<std::string*>(&as.passphrase));
  const auto maybe = [](const std::string& path) { return path.empty() ? nullptr : path.c_str(); };
  if (SSL_CTX_use_certificate_chain_file(context, as.certificate.c_str()) != 1)
    reason = fmt::format("Failed to load certificate: {}: {}", as.certificate, last_error());
  else if (SSL_CTX_use_PrivateKey_file(context, as.key.c_str(), SSL_FILETYPE_PEM) != 1)
    reason = fmt::format("Failed to load private key: {}: {}", as.key, last_error());
  else if (!(from.tls_ca_cert_file.empty() && from.tls_ca_cert_dir.empty()) &&
           SSL_CTX_load_verify_locations(context, maybe(from.tls_ca_cert_file),
                                         maybe(from.tls_ca_cert_dir)) != 1)
    reason = fmt::format("Failed to configure CA certificate(s) file/directory: {}", last_error());
  else if (!from.tls_ciphers.empty() &&
           SSL_CTX_set_cipher_list(context, from.tls_ciphers.c_str()) != 1)
    reason = fmt::format("Failed to configure ciphers: {}", from.tls_ciphers);
  else if (!from.tls_ciphersuites.empty() &&
           SSL_CTX_set_ciphersuites(context, from.tls_ciphersuites.c_str()) != 1)
    reason = fmt::format("Failed to configure ciphersuites: {}", from.tls_ciphersuites);
  else if (!from.tls_dh_params_file.empty())
    reason = use_dh_params(context, from.tls_dh_params_file);
  ERR_clear_error();
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  return reason.empty() ? std::move(made) : nullptr;
}

std::shared_ptr<const tls_context> tls_context::make(const settings& from, std::string& reason) {
  const bool trusts = !from.tls_ca_cert_file.empty() || !from.tls_ca_cert_dir.empty();
  if (from.tls_cert_file.empty())
    reason = "No tls-cert-file configured!";
  else if (from.tls_key_file.empty())
    reason = "No tls-key-file configured!";
  else if (!trusts && (from.tls_auth_clients != engine::tls_client_auth::no || from.tls_cluster ||
                       from.tls_replication))
    reason =
        "Either tls-ca-cert-file or tls-ca-cert-dir must be specified when tls-cluster, "
        "tls-replication or tls-auth-clients are enabled!";
  if (!reason.empty()) return nullptr;
  const auto made = std::make_shared<tls_context>();
  made->server_ =
      make(from, {from.tls_cert_file, from.tls_key_file, from.tls_key_file_pass}, reason);
  if (reason.empty() && !from.tls_client_cert_file.empty() && !from.tls_client_key_file.empty())
    made->client_ = make(
        from, {from.tls_client_cert_file, from.tls_client_key_file, from.tls_client_key_file_pass},
        reason);
  return reason.empty() ? made : nullptr;
}

ssl_ptr tls_context::accepted(engine::tls_client_auth who) const {
  auto made = session_of(server_.get());
  if (who == engine::tls_client_auth::no) SSL_set_verify(made.get(), SSL_VERIFY_NONE, nullptr);
  if (who == engine::tls_client_auth::optional)
    SSL_set_verify(made.get(), SSL_VERIFY_PEER, nullptr);
  SSL_set_accept_state(made.get());
  return made;
}

ssl_ptr tls_context::opened() const {
  auto made = session_of(client_ ? client_.get() : server_.get());
  SSL_set_connect_state(made.get());
  return made;
}

}  // namespace hawser::net
