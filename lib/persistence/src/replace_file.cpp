#include <persistence/replace_file.hpp>

namespace hawser::persistence {

namespace {

std::error_code write_and_sync(file_system& files, const std::filesystem::path& file,
                               const std::function<std::error_code(byte_sink&)>& write) {
  std::error_code failure;
  const auto opened = files.create(file, failure);
  if (!failure) failure = write(*opened);
  if (!failure) failure = opened->sync();
  return failure;
}

}  // namespace

std::error_code replace_file(file_system& files, const std::filesystem::path& file,
                             const std::filesystem::path& temporary,
                             const std::function<std::error_code(byte_sink&)>& write) {
  auto failure = write_and_sync(files, temporary, write);
  if (!failure) failure = files.rename(temporary, file);
  if (failure)
    files.remove(temporary);
  else
    failure = files.sync_directory(file.has_parent_path() ? file.parent_path() : ".");
  return failure;
}

}  // namespace hawser::persistence
