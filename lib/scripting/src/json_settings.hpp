#pragma once

#include <cstdint>

namespace hawser::scripting {

/// What scripts may choose of cjson; it lasts as long as the interpreter.
struct json_settings {
  enum class invalid_numbers : std::uint8_t { refuse, allow, null };

  int sparse_ratio = 2;
  int sparse_safe = 10;
  bool sparse_convert = false;
  int encode_depth = 1000;
  int decode_depth = 1000;
  int precision = 14;
  bool keep_buffer = true;
  invalid_numbers encode_invalid = invalid_numbers::refuse;
  invalid_numbers decode_invalid = invalid_numbers::allow;
};

}  // namespace hawser::scripting
