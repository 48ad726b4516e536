#pragma once

#include <filesystem>

namespace hawser::test {

/// A new directory under the system's temporary one, removed with everything in it at the end.
class temp_directory {
 public:
  temp_directory();
  ~temp_directory();
  temp_directory(const temp_directory&) = delete;
  temp_directory& operator=(const temp_directory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace hawser::test
