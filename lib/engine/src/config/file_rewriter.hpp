#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::engine {

/// A configuration file while CONFIG REWRITE changes it.
///
/// Comments, order and lines that nobody speaks for stay. New lines of a directive take the places
/// of its old ones, in order; what does not fit goes to the end, after a mark; places left over
/// become empty.
class file_rewriter {
 public:
  /// Takes the text of the old file; empty text is a new file.
  explicit file_rewriter(std::string_view old_text);

  /// Gives the directive one more line. Without `force` it is written only in place of an old one.
  void line(std::string_view name, std::string text, bool force);

  /// Says that the directive needs no more lines than it was given, perhaps none.
  void done(std::string_view name);

  /// The new text. The rewriter is used up.
  std::string finish();

 private:
  void take(std::string_view line);

  std::vector<std::string> lines_;
  std::map<std::string, std::vector<std::size_t>, std::less<>> places_;
  std::set<std::string, std::less<>> done_;
  bool marked_ = false;
};

}  // namespace hawser::engine
