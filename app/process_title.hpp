#pragma once

#include <engine/config/settings.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace hawser::app {

/// The title that the template of the settings makes. `program` is the name the server was called
/// by, `config_file` may be empty.
std::string title_text(const engine::settings& options, std::string_view program,
                       std::string_view config_file);

/// What ps(1) shows of this process, written over the arguments it was started with.
///
/// The environment, which lies behind them, is moved away to make room; it stays moved.
class process_title {
 public:
  process_title(int argc, char** argv);

  /// Shows `title`, cut off where there is no more room.
  void show(std::string_view title);

 private:
  char* room_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace hawser::app
