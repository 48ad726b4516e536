#pragma once

#include <functional>
#include <persistence/file_system.hpp>

namespace hawser::persistence {

/// Writes a file anew: first under a temporary name in the same directory, then synced, then
/// renamed, then the directory is synced. Whatever happens, the old content or the new one is
/// there, all of it; after a failure it is the old one unless syncing the directory failed. The
/// temporary file is removed.
std::error_code replace_file(file_system& files, const std::filesystem::path& file,
                             const std::filesystem::path& temporary,
                             const std::function<std::error_code(byte_sink&)>& write);

}  // namespace hawser::persistence
