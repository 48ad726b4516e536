#include "certificates.hpp"

#include "child_process.hpp"

#include <stdexcept>

namespace hawser::test {

certificates::certificates() {
  make("ca", {"-x509"});
  for (const auto* name : {"server", "client"})
    make(name, {"-x509", "-CA", path("ca.crt"), "-CAkey", path("ca.key")});
  make("stranger", {"-x509"});
}

void certificates::make(const std::string& name, std::vector<std::string> how) {
  std::vector<std::string> argv{"openssl",
                                "req",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:prime256v1",
                                "-nodes",
                                "-keyout",
                                path(name + ".key"),
                                "-out",
                                path(name + ".crt"),
                                "-days",
                                "3650",
                                "-subj",
                                "/CN=" + name};
  argv.insert(argv.end(), how.begin(), how.end());
  const auto made = run_program(argv);
  if (made.status.code != 0) throw std::runtime_error(made.output);
}

const certificates& certified() {
  static const certificates made;
  return made;
}

std::vector<std::string> tls_options(std::uint16_t port) {
  return {"--tls-port",         std::to_string(port),
          "--tls-cert-file",    certified().path("server.crt"),
          "--tls-key-file",     certified().path("server.key"),
          "--tls-ca-cert-file", certified().path("ca.crt")};
}

}  // namespace hawser::test
