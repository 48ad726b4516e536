#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

namespace hawser::resp {

/// Begins a request of so many words, each of which is then added by append_word.
void begin_request(std::string& to, std::size_t words);
void append_word(std::string& to, std::string_view word);

void append_request(std::string& to, std::initializer_list<std::string_view> words);
std::string request(std::initializer_list<std::string_view> words);

}  // namespace hawser::resp
