#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <persistence/aof_manifest.hpp>
#include <persistence/file_system.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace hawser::persistence {

/// What went wrong with a file, in words for the log.
struct file_failure {
  std::string text;
  explicit operator bool() const { return !text.empty(); }
};

/// The files of the append-only log, and the manifest that says which they are.
///
/// The manifest is replaced as a whole (written beside the old one, synced, renamed), and every
/// step leaves a directory that loads: files are made before the manifest names them and removed
/// after it has named them as history, so that whatever is left behind by a failure or an end in
/// between is named by nobody or is removed later.
///
/// A rewrite: begin_rewrite makes a new increment and names it, so that what is written from there
/// on is in it; then the caller writes the data set of that moment to a temporary file; then
/// finish_rewrite puts that in the place of all that came before the new increment.
class aof_directory {
 public:
  /// `directory` and `base_name` are `appenddirname` and `appendfilename`.
  aof_directory(file_system& files, std::filesystem::path directory, std::string base_name)
      : files_(files), directory_(std::move(directory)), base_name_(std::move(base_name)) {}

  const aof_manifest& manifest() const { return manifest_; }
  std::filesystem::path path_of(const std::string& name) const { return directory_ / name; }
  file_system& files() { return files_; }

  /// Reads the manifest if there is one. A file of before there were manifests, named like the
  /// base name and outside of the directory, is moved into it and becomes the base; `moved` says
  /// so.
  file_failure open(bool& moved);

  /// A file that requests are appended to.
  struct increment {
    std::unique_ptr<output_file> file;
    std::uint64_t size = 0;
    std::string name;
    bool made = false;  // now
  };

  /// Makes an empty log's base of what `write` writes; `name` is the name it gets.
  using base_writer = std::function<std::error_code(byte_sink&)>;
  file_failure make_first_base(const base_writer& write, bool is_rdb, std::string& name);
  /// The last increment, or a new one.
  file_failure open_increment(increment& to);

  /// The increment of a rewrite. `detached`: what the manifest names is out of date, and the new
  /// increment is not to be read with it; it gets its name in finish_rewrite.
  file_failure begin_rewrite(bool detached, increment& to);

  struct rewritten {
    std::string base;       // the names given
    std::string increment;  // if it was detached
  };
  /// The file `temporary`, which is synced, becomes the base. Without begin_rewrite there is no
  /// increment behind it. After a failure the log is what it was, or (when all that failed is to
  /// make the new names last) what it was to become.
  file_failure finish_rewrite(const std::filesystem::path& temporary, bool base_is_rdb,
                              rewritten& names);
  /// Gives a detached increment up, and nothing more: an attached one stays, for it holds what was
  /// written since.
  void abandon_rewrite();
  bool detached() const { return rewriting_ == rewriting::detached; }
  std::string detached_name() const { return "temp-" + base_name_ + ".incr"; }

  /// Removes files that are history; `removing` is told their names.
  file_failure remove_history(const std::function<void(const std::string&)>& removing);

 private:
  file_failure persist(const aof_manifest& what);
  file_failure sync_names();
  file_failure adopt_old_file(bool& moved);
  file_failure make_directory();
  std::string base_file_name(std::int64_t number, bool is_rdb) const;
  std::string increment_name(std::int64_t number) const;
  std::string manifest_name() const { return base_name_ + ".manifest"; }

  file_system& files_;
  const std::filesystem::path directory_;
  const std::string base_name_;
  aof_manifest manifest_;
  bool names_last_ = true;  // the manifest that was put last would outlast a loss of power
  enum class rewriting : std::uint8_t { no, attached, detached } rewriting_ = rewriting::no;
};

}  // namespace hawser::persistence
