#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace hawser::test {

/// Makes values of every type, size and encoding; the same seed makes the same ones.
class random_values {
 public:
  using command = std::vector<std::string>;

  explicit random_values(std::uint64_t seed) : random_(seed) {}

  /// The commands that make a key of one of types().
  std::vector<command> make(const std::string& type, const std::string& key);

  static const std::vector<std::string>& types();

  /// A string of any kind: a number, a word, long text that compresses, random bytes, nothing.
  std::string text();
  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  std::size_t count();
  std::string number();
  std::string score();
  std::vector<command> elements(const std::string& name, const std::string& key);
  std::vector<command> stream(const std::string& key);
  void read_by_groups(std::vector<command>& to, const std::string& key,
                      const std::vector<std::string>& ids);

  std::mt19937_64 random_;
};

}  // namespace hawser::test
