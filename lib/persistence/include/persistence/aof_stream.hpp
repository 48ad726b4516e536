#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <persistence/byte_source.hpp>
#include <persistence/file_system.hpp>
#include <string>
#include <string_view>

namespace hawser::persistence {

/// An increment of an append-only file, and where in the stream of changes it begins.
struct aof_segment {
  std::filesystem::path path;
  std::uint64_t begin = 0;
};

/// Reads the stream of changes out of the increments of an append-only file, the last of which may
/// still be written: annotations and what stands before the first place are left out.
class aof_stream {
 public:
  /// Begins at an offset of the stream, which the first segment to be added holds.
  aof_stream(file_system& files, std::uint64_t from) : files_(files), position_(from) {}

  /// What follows the segments that are known.
  void add(aof_segment next) { segments_.push_back(std::move(next)); }

  /// Of the next byte. On any thread.
  std::uint64_t position() const { return position_.load(std::memory_order_relaxed); }

  /// Appends about so many of the next bytes to `to`; none: they have not been written yet.
  std::error_code read(std::string& to, std::size_t most);

 private:
  std::error_code read_on(bool& more);
  std::error_code take_window(std::string& to);
  std::size_t take_word(std::string_view window, std::string& to);
  std::size_t take_line(std::string_view window, std::string& to);
  void take_header(std::string_view line, std::string& to);
  void take_annotation(std::string_view line);
  void pass(std::string_view bytes, std::string& to);
  void leave_file();

  file_system& files_;
  std::deque<aof_segment> segments_;   // the first of them is being read
  std::unique_ptr<byte_source> file_;  // null: not yet
  std::string window_;                 // read and not taken
  std::uint64_t in_stream_ = 0;        // offset of its first byte, once that is known
  bool placed_ = false;                // it is
  std::uint64_t words_ = 0;            // of the request that are still to come
  std::uint64_t word_bytes_ = 0;       // of the word, with its end
  bool broken_ = false;                // the file is not what it should be
  std::atomic<std::uint64_t> position_;
};

}  // namespace hawser::persistence
