#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hawser::test {

/// Splits a command like a shell: words, "double quotes" with \n \r \t \\ \" \xHH, 'single quotes'
/// with \' only. Throws std::invalid_argument when a quote is left open.
std::vector<std::string> split_command(std::string_view line);

/// The request as clients send it: an array of bulk strings.
std::string encode_command(const std::vector<std::string>& argv);

/// A text in the notation of replies: as it is when it is plain, quoted with escapes otherwise.
std::string quote(std::string_view text);

/// A command as a line that split_command() reads back.
std::string to_line(const std::vector<std::string>& argv);

}  // namespace hawser::test
