#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hawser::test {

/// All bytes of a file; empty when there is none.
std::string file_text(const std::filesystem::path& path);

/// Makes or replaces a file.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace hawser::test
