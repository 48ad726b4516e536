#pragma once

#include "limits.hpp"
#include "oom_score.hpp"
#include <engine/config/configuration.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hawser::app {

class log_file;

/// What of the process follows a CONFIG SET.
struct followers {
  log_file& log;
  file_limit& files;
  oom_score& oom;
  std::function<bool(const engine::settings&)> listen;  // on other addresses; false: none changed
  std::function<bool(const engine::settings&)> secure;  // otherwise; false: as before
  std::function<void(const engine::settings&)> change_title;
  std::function<void(bool)> report_crashes;
  std::function<void(const std::string&)> change_password;  // of the default user
  std::function<void(bool)> release_in_background;          // freed memory
  std::function<bool(bool)> append_only;                    // on or off; false: cannot be
  std::function<std::size_t()> memory_in_use;               // as it counts for maxmemory
};

/// Makes the process and its sockets follow a changed configuration; the texts of what cannot be
/// done are redis-server's.
class applier final : public engine::settings_port {
 public:
  explicit applier(followers all) : all_(std::move(all)) {}

  std::optional<std::string> apply(std::string_view directive,
                                   const engine::settings& now) override;

 private:
  using refusal = std::optional<std::string>;
  struct effect;

  refusal port(const engine::settings& now);
  refusal bind(const engine::settings& now);
  refusal tls(const engine::settings& now);
  refusal tls_port(const engine::settings& now);
  refusal maxclients(const engine::settings& now);
  refusal loglevel(const engine::settings& now);
  refusal title(const engine::settings& now);
  refusal crash_log(const engine::settings& now);
  refusal password(const engine::settings& now);
  refusal oom(const engine::settings& now);
  refusal background_release(const engine::settings& now);
  refusal append_only(const engine::settings& now);
  refusal memory_limit(const engine::settings& now);

  followers all_;
};

}  // namespace hawser::app
