#include <base/bytes.hpp>
#include <base/numbers.hpp>
#include <base/split_args.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <persistence/aof_manifest.hpp>

namespace hawser::persistence {

namespace {

constexpr std::size_t longest_line = 1024;  // with its end
constexpr const char* bad_format = "Invalid AOF manifest file format";

struct manifest_line {
  aof_file file;
  char type = 0;
};

/// A name as a word that split_args reads back.
std::string as_word(const std::string& name) {
  const bool plain = std::ranges::all_of(
      name, [](char c) { return c > ' ' && c < 127 && c != '"' && c != '\'' && c != '\\'; });
  return plain ? name : base::quoted(name);
}

void append_line(std::string& to, const aof_file& file, char type) {
  to += fmt::format("file {} seq {} type {}\n", as_word(file.name), file.number, type);
}

bool can_be_written(const aof_file& file, char type) {
  std::string line;
  append_line(line, file, type);
  return line.size() <= longest_line;
}

/// Null: fine.
const char* parse_line(std::string_view text, manifest_line& to) {
  constexpr std::size_t fewest_words = 6;
  const auto words = base::split_args(text);
  if (!words || words->size() < fewest_words || words->size() % 2 != 0) return bad_format;
  for (std::size_t i = 0; i < words->size(); i += 2) {
    const auto& name = (*words)[i];
    const auto& value = (*words)[i + 1];
    if (base::iequals(name, "file")) {
      if (value.find_first_of("/\\") != std::string::npos)
        return "File can't be a path, just a filename";
      to.file.name = value;
    } else if (base::iequals(name, "seq")) {
      to.file.number = base::parse_int(value).value_or(0);
    } else if (base::iequals(name, "type")) {
      to.type = value.empty() ? '\0' : value[0];
    }
  }
  const bool whole = !to.file.name.empty() && to.file.number > 0 && to.type != 0;
  return whole ? nullptr : bad_format;
}

const char* add(manifest_line line, aof_manifest& to) {
  switch (line.type) {
    case 'b':
      if (to.base) return "Found duplicate base file information";
      to.base = std::move(line.file);
      return nullptr;
    case 'h':
      to.history.push_back(std::move(line.file));
      return nullptr;
    case 'i':
      if (line.file.number <= to.last_increment()) return "Found a non-monotonic sequence number";
      to.increments.push_back(std::move(line.file));
      return nullptr;
    default:
      return "Unknown AOF file type";
  }
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::variant<aof_manifest, manifest_failure> parse_manifest(std::string_view text) {
  if (text.empty()) return manifest_failure{0, {}, "Found an empty AOF manifest"};
  aof_manifest made;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end, text.size() - 1) + 1);
    if (line.starts_with('#')) continue;
    if (end >= longest_line)
      return manifest_failure{0, {}, "The AOF manifest file contains too long line"};
    const auto inner = trimmed(line);
    manifest_line read;
    const char* reason = parse_line(inner, read);
    // What is quoted here in another way may be longer.
    if (reason == nullptr && !can_be_written(read.file, read.type))
      reason = "The name of the file is too long";
    if (reason == nullptr) reason = add(std::move(read), made);
    if (reason != nullptr) return manifest_failure{number, std::string(inner), reason};
  }
  return made;
}

std::string format_manifest(const aof_manifest& from) {
  std::string text;
  if (from.base) append_line(text, *from.base, 'b');
  for (const auto& each : from.history) append_line(text, each, 'h');
  for (const auto& each : from.increments) append_line(text, each, 'i');
  return text;
}

}  // namespace hawser::persistence
