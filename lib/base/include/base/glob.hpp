#pragma once

#include <string_view>

namespace hawser::base {

/// Whether the whole text matches a glob-style pattern: `*`, `?`, `[abc]`, `[a-z]`, `[^x]`, and `\`
/// before a byte that is meant literally.
///
/// An unterminated class ends with the pattern, a range may be given backwards, a `\` at the end
/// stands for itself. Only the empty pattern matches the empty text. Time is at most proportional
/// to the product of the sizes, whatever the pattern.
bool glob_match(std::string_view pattern, std::string_view text, bool ignore_case = false);

}  // namespace hawser::base
