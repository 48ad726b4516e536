#include "config/file_rewriter.hpp"
#include "config/words.hpp"
#include <base/bytes.hpp>
#include <engine/config/configuration.hpp>

#include <fmt/format.h>

namespace hawser::engine {

namespace {

/// The value as a file holds it: quoted text, bytes in the largest unit.
std::string file_format(const directive& row, const settings& from) {
  if (std::holds_alternative<text>(row.type)) return base::quoted(format(row, from));
  if (const auto* type = std::get_if<unsigned_bytes>(&row.type))
    return with_unit(from.*type->member);
  const auto* type = std::get_if<number>(&row.type);
  const bool size = type != nullptr && type->written != unit::plain && type->written != unit::octal;
  if (size && from.*type->member >= 0)
    return with_unit(static_cast<std::uint64_t>(from.*type->member));
  return format(row, from);
}

std::string line_of(const directive& row, const settings& from) {
  return fmt::format("{} {}", row.name, file_format(row, from));
}

void rewrite_row(const directive& row, const settings& from, const settings& initial, bool all,
                 file_rewriter& to) {
  if (const auto* grammar = std::get_if<const custom*>(&row.type))
    if ((*grammar)->rewrite != nullptr) return (*grammar)->rewrite(row.name, from, to);
  const auto* words = std::get_if<text>(&row.type);
  if (words != nullptr && words->absent_when_empty && (from.*words->member).empty())
    return to.done(row.name);
  to.line(row.name, line_of(row, from), all || format(row, from) != format(row, initial));
}

void rewrite_users(const settings& from, const std::vector<std::string>& users, file_rewriter& to) {
  to.done("user");
  if (!from.aclfile.empty()) return;
  for (const auto& user : users) to.line("user", "user " + user, true);
}

}  // namespace

std::string rewritten(std::string_view old_text, const settings& from,
                      const std::optional<std::vector<std::string>>& users, bool all) {
  const settings initial;
  file_rewriter to(old_text);
  for (const auto& row : directives())
    if (row.has_value()) rewrite_row(row, from, initial, all, to);
  if (users) rewrite_users(from, *users, to);
  return to.finish();
}

std::string crash_report_lines(const settings& from) {
  std::string text;
  for (const auto& row : directives())
    if (row.is(attribute::crash_report)) text.append(line_of(row, from)).append("\n");
  return text;
}

}  // namespace hawser::engine
