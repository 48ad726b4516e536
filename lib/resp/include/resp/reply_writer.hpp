#pragma once

#include <base/chunked_buffer.hpp>

#include <cstdint>
#include <string_view>

namespace hawser::resp {

/// Which version of the protocol a client speaks.
enum class protocol : std::uint8_t { resp2 = 2, resp3 = 3 };

/// Streams replies into a client's output, in the form of its protocol.
///
/// Aggregates are announced by their number of elements, which must then be written; types that
/// RESP2 lacks take the form that RESP2 clients know (a map is a flat array, a double a bulk
/// string).
class reply_writer {
 public:
  reply_writer(base::chunked_buffer& out, protocol version) : out_(&out), version_(version) {}

  protocol version() const { return version_; }
  bool resp3() const { return version_ == protocol::resp3; }
  void set_version(protocol version) { version_ = version; }
  base::chunked_buffer& out() { return *out_; }
  /// What is written from now on goes into another buffer.
  void redirect(base::chunked_buffer& out) { out_ = &out; }

  reply_writer& ok() { return raw("+OK\r\n"); }
  reply_writer& simple(std::string_view text);
  /// `text` begins with its code, as in "ERR syntax error"; line breaks at its end are dropped,
  /// others become spaces.
  reply_writer& error(std::string_view text);
  reply_writer& integer(std::int64_t value);
  reply_writer& bulk(std::string_view bytes);
  reply_writer& bulk_integer(std::int64_t value);
  reply_writer& null() { return raw(resp3() ? "_\r\n" : "$-1\r\n"); }
  reply_writer& null_array() { return raw(resp3() ? "_\r\n" : "*-1\r\n"); }
  reply_writer& array(std::size_t elements) { return header('*', elements); }
  /// `pairs` keys, each followed by its value.
  reply_writer& map(std::size_t pairs);
  reply_writer& set(std::size_t elements);
  /// Out-of-band data: an array to RESP2 clients.
  reply_writer& push(std::size_t elements);
  /// A number with all its digits: a bulk string to RESP2 clients.
  reply_writer& number(double value);
  reply_writer& boolean(bool value);
  /// Text with a three-letter format: a bulk string to RESP2 clients.
  reply_writer& verbatim(std::string_view text, std::string_view format = "txt");

  /// Bytes that are RESP already.
  reply_writer& raw(std::string_view bytes) {
    out_->append(bytes);
    return *this;
  }

 private:
  reply_writer& header(char kind, std::size_t count);

  base::chunked_buffer* out_;
  protocol version_;
};

}  // namespace hawser::resp
