#include <base/numbers.hpp>
#include <resp/reply_writer.hpp>

#include <cstring>
#include <string>

namespace hawser::resp {

namespace {

/// A kind, a number of up to 20 characters and a line end.
constexpr std::size_t longest_header = 24;
constexpr std::size_t short_bulk = 256;

char* write_header(char* at, char kind, std::int64_t number) {
  *at++ = kind;
  at += base::format_int(at, number);
  *at++ = '\r';
  *at++ = '\n';
  return at;
}

}  // namespace

reply_writer& reply_writer::header(char kind, std::size_t count) {
  char* start = out_->reserve(longest_header);
  char* end = write_header(start, kind, static_cast<std::int64_t>(count));
  out_->commit(static_cast<std::size_t>(end - start));
  return *this;
}

reply_writer& reply_writer::integer(std::int64_t value) {
  char* start = out_->reserve(longest_header);
  char* end = write_header(start, ':', value);
  out_->commit(static_cast<std::size_t>(end - start));
  return *this;
}

reply_writer& reply_writer::bulk(std::string_view bytes) {
  if (bytes.size() > short_bulk) {
    header('$', bytes.size());
    out_->append(bytes);
    return raw("\r\n");
  }
  char* start = out_->reserve(longest_header + short_bulk + 2);
  char* end = write_header(start, '$', static_cast<std::int64_t>(bytes.size()));
  if (!bytes.empty()) std::memcpy(end, bytes.data(), bytes.size());
  end += bytes.size();
  *end++ = '\r';
  *end++ = '\n';
  out_->commit(static_cast<std::size_t>(end - start));
  return *this;
}

reply_writer& reply_writer::bulk_integer(std::int64_t value) {
  char digits[24];
  return bulk({digits, base::format_int(digits, value)});
}

reply_writer& reply_writer::simple(std::string_view text) { return raw("+").raw(text).raw("\r\n"); }

reply_writer& reply_writer::error(std::string_view text) {
  while (text.ends_with('\r') || text.ends_with('\n')) text.remove_suffix(1);
  std::string line(text);
  for (char& c : line)
    if (c == '\r' || c == '\n') c = ' ';
  return raw("-").raw(line).raw("\r\n");
}

reply_writer& reply_writer::map(std::size_t pairs) {
  return resp3() ? header('%', pairs) : header('*', pairs * 2);
}

reply_writer& reply_writer::set(std::size_t elements) {
  return header(resp3() ? '~' : '*', elements);
}

reply_writer& reply_writer::push(std::size_t elements) {
  return header(resp3() ? '>' : '*', elements);
}

reply_writer& reply_writer::number(double value) {
  const auto text = base::format_double(value);
  return resp3() ? raw(",").raw(text).raw("\r\n") : bulk(text);
}

reply_writer& reply_writer::boolean(bool value) {
  if (resp3()) return raw(value ? "#t\r\n" : "#f\r\n");
  return integer(value ? 1 : 0);
}

reply_writer& reply_writer::verbatim(std::string_view text, std::string_view format) {
  if (!resp3()) return bulk(text);
  return header('=', text.size() + format.size() + 1).raw(format).raw(":").raw(text).raw("\r\n");
}

}  // namespace hawser::resp
