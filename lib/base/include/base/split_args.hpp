#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::base {

/// Splits a line of an inline request or of a configuration file into its arguments.
///
/// Arguments are separated by white space. "..." knows the escapes \n \r \t \b \a \xHH (any other
/// escaped byte stands for itself), '...' only \'. A quote may open in the middle of an argument,
/// but must be closed, and the argument ends there. The line ends at its first NUL byte.
/// Returns nullopt for a quote that is not closed or is followed by more of the argument.
std::optional<std::vector<std::string>> split_args(std::string_view line);

}  // namespace hawser::base
