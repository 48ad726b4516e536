#pragma once

#include <base/glob.hpp>
#include <engine/config/environment.hpp>

#include <map>
#include <set>
#include <string>

namespace hawser::engine {

/// Files in a map, directories in a set; every path is absolute or relative to `here`.
class fake_config_environment final : public config_environment {
 public:
  std::map<std::string, std::string> files;
  std::set<std::string> directories{"/home", "/data"};
  std::string here = "/home";
  std::string input;
  std::error_code replace_error;

  std::optional<std::string> read(const std::string& path, std::error_code& error) override {
    const auto file = files.find(absolute(path));
    if (file != files.end()) return file->second;
    error = std::make_error_code(std::errc::no_such_file_or_directory);
    return std::nullopt;
  }

  std::string read_standard_input() override { return input; }

  std::vector<std::string> matches(const std::string& pattern) override {
    std::vector<std::string> found;
    for (const auto& [path, text] : files)
      if (base::glob_match(absolute(pattern), path)) found.push_back(path);
    return found;
  }

  std::error_code enter(const std::string& path) override {
    if (!directories.contains(absolute(path)))
      return std::make_error_code(std::errc::no_such_file_or_directory);
    here = absolute(path);
    return {};
  }

  std::string directory() override { return here; }

  std::error_code probe_append(const std::string& path) override {
    const auto full = absolute(path);
    if (directories.contains(full.substr(0, full.rfind('/')))) return {};
    return std::make_error_code(std::errc::no_such_file_or_directory);
  }

  std::error_code replace(const std::string& path, std::string_view text) override {
    if (!replace_error) files[absolute(path)] = text;
    return replace_error;
  }

 private:
  std::string absolute(const std::string& path) const {
    return path.substr(0, 1) == "/" ? path : here + "/" + path;
  }
};

}  // namespace hawser::engine
