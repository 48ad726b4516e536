#pragma once

#include <string>
#include <string_view>

namespace hawser::persistence {

/// Compresses into `to`; false, and `to` of any content, unless that saves more than four bytes.
bool lzf_pack(std::string_view text, std::string& to);

/// The reverse: false unless exactly `size` bytes come out.
bool lzf_unpack(std::string_view packed, std::size_t size, std::string& to);

}  // namespace hawser::persistence
