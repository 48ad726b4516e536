#include <fmt/format.h>

#include <persistence/aof_directory.hpp>
#include <utility>

namespace hawser::persistence {

namespace {

constexpr std::size_t largest_manifest = std::size_t{16} << 20;

/// All of a small file; none when there is no such file.
std::optional<std::string> read_whole(file_system& files, const std::filesystem::path& path,
                                      std::error_code& failure) {
  const auto file = files.open(path, failure);
  if (failure == std::errc::no_such_file_or_directory || failure == std::errc::not_a_directory) {
    failure = {};
    return std::nullopt;
  }
  std::string text;
  constexpr std::size_t piece = 4096;
  while (!failure && text.size() < largest_manifest) {
    const auto held = text.size();
    text.resize(held + piece);
    const auto got = file->read({text.data() + held, piece}, failure);
    text.resize(held + got);
    if (got == 0) break;
  }
  return text;
}

std::string in_words(const manifest_failure& failure) {
  std::string text = "\n*** FATAL AOF MANIFEST FILE ERROR ***\n";
  if (failure.line > 0)
    text += fmt::format("Reading the manifest file, at line {}\n>>> '{}'\n", failure.line,
                        failure.text);
  return text + failure.reason;
}

bool exists(file_system& files, const std::filesystem::path& path) {
  std::error_code missing;
  files.size(path, missing);
  return !missing;
}

}  // namespace

std::string aof_directory::base_file_name(std::int64_t number, bool is_rdb) const {
  return fmt::format("{}.{}.base.{}", base_name_, number, is_rdb ? "rdb" : "aof");
}

std::string aof_directory::increment_name(std::int64_t number) const {
  return fmt::format("{}.{}.incr.aof", base_name_, number);
}

file_failure aof_directory::make_directory() {
  const auto failure = files_.make_directory(directory_);
  if (!failure) return {};
  return {fmt::format("Can't open or create append-only dir {}: {}", directory_.string(),
                      failure.message())};
}

/// Writes the manifest anew. Whatever fails, this object knows what the file says.
file_failure aof_directory::persist(const aof_manifest& what) {
  const auto name = manifest_name();
  const auto temporary = "temp-" + name;
  const auto text = format_manifest(what);
  std::error_code failure;
  auto file = files_.create(path_of(temporary), failure);
  if (failure)
    return {fmt::format("Can't open the AOF manifest file {}: {}", temporary, failure.message())};
  failure = file->write(text);
  if (failure)
    return {fmt::format("Error trying to write the temporary AOF manifest file {}: {}", temporary,
                        failure.message())};
  failure = file->sync();
  if (failure)
    return {fmt::format("Fail to fsync the temp AOF file {}: {}.", temporary, failure.message())};
  file.reset();
  failure = files_.rename(path_of(temporary), path_of(name));
  if (failure)
    return {fmt::format("Error trying to rename the temporary AOF manifest file {} into {}: {}",
                        temporary, name, failure.message())};
  manifest_ = what;
  return sync_names();
}

/// What is not synced is not to be relied upon: no file may go before.
file_failure aof_directory::sync_names() {
  const auto failure = files_.sync_directory(directory_);
  names_last_ = !failure;
  if (names_last_) return {};
  return {
      fmt::format("Fail to fsync AOF directory {}: {}.", directory_.string(), failure.message())};
}

file_failure aof_directory::open(bool& moved) {
  moved = false;
  std::error_code failure;
  const auto text = read_whole(files_, path_of(manifest_name()), failure);
  if (failure)
    return {fmt::format("Fatal error: can't open the AOF manifest file {} for reading: {}",
                        manifest_name(), failure.message())};
  if (text) {
    auto read = parse_manifest(*text);
    if (const auto* refused = std::get_if<manifest_failure>(&read)) return {in_words(*refused)};
    manifest_ = std::get<aof_manifest>(std::move(read));
  }
  // A move that was begun is completed: then the manifest names what is not there yet.
  const bool begun = manifest_.base && manifest_.base->name == base_name_ &&
                     manifest_.increments.empty() && !exists(files_, path_of(base_name_));
  const bool old = (!text || begun) && exists(files_, base_name_);
  return old ? adopt_old_file(moved) : file_failure{};
}

/// The manifest goes first: a file that is in the directory and in no manifest would be forgotten.
file_failure aof_directory::adopt_old_file(bool& moved) {
  if (auto failure = make_directory()) return failure;
  aof_manifest first;
  first.base = aof_file{base_name_, 1};
  if (auto failure = persist(first)) return failure;
  auto failure = files_.rename(base_name_, path_of(base_name_));
  if (!failure) failure = files_.sync_directory(directory_);
  if (!failure) failure = files_.sync_directory(".");
  moved = !failure;
  if (moved) return {};
  return {fmt::format("Error trying to move the old AOF file {} into dir {}: {}", base_name_,
                      directory_.string(), failure.message())};
}

file_failure aof_directory::make_first_base(const base_writer& write, bool is_rdb,
                                            std::string& name) {
  if (auto failure = make_directory()) return failure;
  auto made = manifest_;
  made.base = aof_file{base_file_name(1, is_rdb), 1};
  name = made.base->name;
  std::error_code failure;
  const auto file = files_.create(path_of(name), failure);
  if (!failure) failure = write(*file);
  if (!failure) failure = file->sync();
  if (failure)
    return {fmt::format("Write error writing append only file on disk: {}", failure.message())};
  return persist(made);
}

file_failure aof_directory::open_increment(increment& to) {
  if (auto failure = make_directory()) return failure;
  to.made = manifest_.increments.empty();
  if (to.made) {
    const auto number = manifest_.last_increment() + 1;
    to.name = increment_name(number);
    auto more = manifest_;
    more.increments.push_back({to.name, number});
    std::error_code failure;
    to.file = files_.create(path_of(to.name), failure);
    if (!failure) return persist(more);
    return {fmt::format("Can't open the append-only file {}: {}", to.name, failure.message())};
  }
  to.name = manifest_.increments.back().name;
  std::error_code failure;
  to.size = files_.size(path_of(to.name), failure);
  to.file = files_.append(path_of(to.name), failure);
  if (!failure) return {};
  return {fmt::format("Can't open the append-only file {}: {}", to.name, failure.message())};
}

file_failure aof_directory::begin_rewrite(bool detached, increment& to) {
  if (auto failure = make_directory()) return failure;
  const auto number = manifest_.last_increment() + 1;
  to.name = detached ? detached_name() : increment_name(number);
  to.size = 0;
  to.made = true;
  std::error_code failure;
  to.file = files_.create(path_of(to.name), failure);
  if (failure)
    return {fmt::format("Can't open the append-only file {}: {}", to.name, failure.message())};
  if (!detached) {
    auto more = manifest_;
    more.increments.push_back({to.name, number});
    const auto before = manifest_;
    if (auto not_named = persist(more)) {
      // What is written goes on in the increment of before, which has to be the last one.
      if (manifest_ != before) persist(before);
      return not_named;
    }
  }
  rewriting_ = detached ? rewriting::detached : rewriting::attached;
  return {};
}

file_failure aof_directory::finish_rewrite(const std::filesystem::path& temporary, bool base_is_rdb,
                                           rewritten& names) {
  if (auto failure = make_directory()) return failure;
  auto next = manifest_;
  const auto number = next.last_base() + 1;
  names.base = base_file_name(number, base_is_rdb);
  if (const auto failure = files_.rename(temporary, path_of(names.base)))
    return {fmt::format("Error trying to rename the temporary AOF base file {} into {}: {}",
                        temporary.string(), names.base, failure.message())};
  next.retired_increment = next.last_increment();
  const auto kept =
      rewriting_ == rewriting::attached ? next.increments.end() - 1 : next.increments.end();
  next.history.insert(next.history.end(), next.increments.begin(), kept);
  next.increments.erase(next.increments.begin(), kept);
  if (next.base) next.history.push_back(*next.base);
  next.base = aof_file{names.base, number};
  if (rewriting_ == rewriting::detached) {
    const auto next_number = next.retired_increment + 1;
    names.increment = increment_name(next_number);
    if (const auto failure = files_.rename(path_of(detached_name()), path_of(names.increment))) {
      files_.remove(path_of(names.base));
      return {fmt::format("Error trying to rename the temporary AOF incr file {} into {}: {}",
                          detached_name(), names.increment, failure.message())};
    }
    next.increments.push_back({names.increment, next_number});
  }
  auto failure = persist(next);
  if (manifest_ != next) {
    if (rewriting_ == rewriting::detached)
      files_.rename(path_of(names.increment), path_of(detached_name()));
    files_.remove(path_of(names.base));
    return failure;
  }
  rewriting_ = rewriting::no;
  return failure;
}

void aof_directory::abandon_rewrite() {
  if (rewriting_ == rewriting::detached) files_.remove(path_of(detached_name()));
  rewriting_ = rewriting::no;
}

file_failure aof_directory::remove_history(
    const std::function<void(const std::string&)>& removing) {
  if (manifest_.history.empty()) return {};
  if (!names_last_)
    if (auto failure = sync_names()) return failure;
  auto rest = manifest_;
  std::erase_if(rest.history, [&](const aof_file& each) {
    removing(each.name);
    const auto failure = files_.remove(path_of(each.name));
    return !failure || failure == std::errc::no_such_file_or_directory;
  });
  return persist(rest);
}

}  // namespace hawser::persistence
