#include "reading_data.hpp"
#include <commands/append_only_file.hpp>
#include <engine/dispatcher.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <persistence/aof_reader.hpp>

namespace hawser::commands {

namespace {

using engine::log_level;
using persistence::aof_reader;
using outcome = load_result::outcome;

/// A file whose first bytes can be looked at before it is read.
class peeked_source final : public persistence::byte_source {
 public:
  explicit peeked_source(persistence::byte_source& from) : from_(from) {}

  std::string_view peek(std::size_t size, std::error_code& failure) {
    while (ahead_.size() < size) {
      const auto held = ahead_.size();
      ahead_.resize(size);
      const auto got = from_.read({ahead_.data() + held, size - held}, failure);
      ahead_.resize(held + got);
      if (got == 0) break;
    }
    return ahead_;
  }
  std::size_t read(std::span<char> room, std::error_code& failure) override {
    if (ahead_.empty()) return from_.read(room, failure);
    const auto got = ahead_.copy(room.data(), room.size());
    ahead_.erase(0, got);
    return got;
  }

 private:
  persistence::byte_source& from_;
  std::string ahead_;
};

/// The client that the requests of the file come from. Nobody reads what it is replied.
class loading_client final : engine::client_link {
 public:
  explicit loading_client(engine::node& server)
      : server_(server), commands_(server), who_(0, *this) {
    who_.user = &server.access.server_itself();
    who_.authenticated = true;
    server_.replay(true);
  }
  ~loading_client() override {
    server_.waits.remove(who_);
    server_.watches.unwatch_all(who_);
    server_.pubsub.unsubscribe_all(who_);
    server_.replay(false);
  }

  /// False: there is no such command.
  bool execute(std::span<const std::string_view> words) {
    if (!commands_.replay(who_, words)) return false;
    const auto reply = who_.out.empty() ? std::string() : first_of_reply();
    if (reply.starts_with('-'))
      server_.log(log_level::warning,
                  fmt::format("== CRITICAL == This server is sending an error to its "
                              "AOF-loading-client: '{}' after processing the command '{}'",
                              reply.substr(0, reply.find('\r')), words[0]));
    who_.out.clear();
    return true;
  }

 private:
  std::string first_of_reply() const {
    constexpr std::size_t enough = 256;
    std::string_view first;
    who_.out.pieces({&first, 1});
    return first.starts_with('-') ? std::string(first.substr(0, enough)) : std::string();
  }
  void output_ready() override {}
  void close(bool) override {}
  void resume() override {}
  std::size_t unsent() const override { return 0; }
  std::pair<std::size_t, std::size_t> input_held() const override { return {0, 0}; }

  engine::node& server_;
  engine::dispatcher commands_;
  engine::client who_;
};

/// What is executed while this lives is not journalled again.
class unjournalled {
 public:
  explicit unjournalled(engine::journal& of) : of_(of), before_(of.following()) {
    of_.follow(true);
  }
  unjournalled(const unjournalled&) = delete;
  unjournalled& operator=(const unjournalled&) = delete;
  ~unjournalled() { of_.follow(before_); }

 private:
  engine::journal& of_;
  bool before_;
};

bool is_rdb(std::string_view beginning) {
  return beginning.starts_with("REDIS") || beginning.starts_with("VALKEY");
}

/// One file of the log.
class file_loading {
 public:
  file_loading(engine::node& server, const std::string& name) : server_(server), name_(name) {}

  enum class result : std::uint8_t { loaded, cut_off, failed };

  result load(persistence::byte_source& from, bool old_style) {
    peeked_source source(from);
    std::error_code failure;
    constexpr std::size_t signature = 6;
    if (!is_rdb(source.peek(signature, failure))) return read_requests(aof_reader(source));
    notice(old_style ? "Reading RDB preamble from AOF file..."
                     : "Reading RDB base file on AOF loading...");
    const auto read = read_base(server_, source);
    if (!read.failure.empty()) {
      warn(read.failure);
      warn(fmt::format("Error reading the RDB {} {}, AOF loading aborted",
                       old_style ? "preamble of the AOF file" : "base file", name_));
      return result::failed;
    }
    if (old_style) notice("Reading the remaining AOF tail...");
    return read_requests(aof_reader(source, read.size, read.ahead));
  }

  /// Of a file that is cut off: what can be kept of it.
  std::uint64_t whole() const { return whole_; }

 private:
  result read_requests(aof_reader from) {
    const auto how = execute_all(from);
    whole_ = from.end_of_units();
    switch (how) {
      case aof_reader::state::end:
        return result::loaded;
      case aof_reader::state::cut_off:
        if (from.in_unit())
          warn(fmt::format("Revert incomplete MULTI/EXEC transaction in AOF file {}", name_));
        return result::cut_off;
      case aof_reader::state::request:
        warn(fmt::format("Unknown command '{}' reading the append only file {}", from.words()[0],
                         name_));
        break;
      case aof_reader::state::malformed:
        warn(
            fmt::format("Bad file format reading the append only file {}: make a backup of your "
                        "AOF file, then use ./redis-check-aof --fix <filename.manifest>",
                        name_));
        break;
      case aof_reader::state::unreadable:
        warn(fmt::format("Unrecoverable error reading the append only file {}: {}", name_,
                         from.reason()));
        return result::failed;
    }
    warn(fmt::format("The append only file {} cannot be read at offset {}{}{}", name_,
                     from.offset(), from.reason().empty() ? "" : ": ", from.reason()));
    return result::failed;
  }
  /// What ended it; a request, if that is unknown.
  aof_reader::state execute_all(aof_reader& from) {
    loading_client client(server_);
    while (true) {
      const auto how = from.next();
      if (how != aof_reader::state::request || !client.execute(from.words())) return how;
    }
  }
  void notice(std::string_view text) { server_.log(log_level::notice, text); }
  void warn(std::string_view text) { server_.log(log_level::warning, text); }

  engine::node& server_;
  const std::string& name_;
  std::uint64_t whole_ = 0;
};

double seconds_since(const engine::node& server, std::int64_t start_ns) {
  return static_cast<double>(server.clock.monotonic_ns() - start_ns) / 1e9;
}

}  // namespace

/// All files that the manifest names have to be there.
bool append_only_file::loadable() {
  const auto& files = directory_.manifest();
  const auto present = [this](const persistence::aof_file& each) {
    std::error_code failure;
    server_.process.files().size(directory_.path_of(each.name), failure);
    if (failure)
      server_.log(log_level::warning,
                  fmt::format("Unable to obtain the AOF file {} length. stat: {}", each.name,
                              failure.message()));
    return !failure;
  };
  return (!files.base || present(*files.base)) && std::ranges::all_of(files.increments, present);
}

load_result::outcome append_only_file::load() {
  const auto& files = directory_.manifest();
  if (files.empty()) return outcome::no_file;
  if (!loadable()) return outcome::failed;
  const auto start = server_.clock.monotonic_ns();
  const auto changes = server_.changes;
  {
    const unjournalled quiet(server_.journal);
    const bool base_is_last = files.increments.empty();
    if (files.base && !load_one(*files.base, "base", base_is_last)) return outcome::failed;
    for (const auto& each : files.increments)
      if (!load_one(each, "incr", &each == &files.increments.back())) return outcome::failed;
  }
  server_.changes = changes;
  server_.log(log_level::notice, fmt::format("DB loaded from append only file: {:.3f} seconds",
                                             seconds_since(server_, start)));
  return outcome::loaded;
}

/// A file may only be cut off at the end of the log: what follows would be wrong without what is
/// missing.
bool append_only_file::load_one(const persistence::aof_file& file, std::string_view kind,
                                bool last) {
  const auto warn = [this](const std::string& text) { server_.log(log_level::warning, text); };
  const auto start = server_.clock.monotonic_ns();
  if (size_of(file.name) == 0) return true;
  std::error_code failure;
  const auto source = server_.process.files().open(directory_.path_of(file.name), failure);
  if (failure) {
    warn(fmt::format("Fatal error: can't open the append log file {} for reading: {}", file.name,
                     failure.message()));
    return false;
  }
  file_loading loading(server_, file.name);
  const auto result = loading.load(*source, file.name == server_.options.appendfilename);
  if (result == file_loading::result::failed) return false;
  if (result == file_loading::result::cut_off) {
    if (!server_.options.aof_load_truncated) {
      warn(fmt::format(
          "Unexpected end of file reading the append only file {}. You can: 1) Make a backup of "
          "your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively "
          "you can set the 'aof-load-truncated' configuration option to yes and restart the "
          "server.",
          file.name));
      return false;
    }
    if (!last) {
      warn(fmt::format("The append only file {} is cut off at offset {}", file.name,
                       loading.whole()));
      warn("Fatal error: the truncated file is not the last file");
      return false;
    }
    if (!truncate(file.name, loading.whole())) return false;
  }
  server_.log(log_level::notice, fmt::format("DB loaded from {} file {}: {:.3f} seconds", kind,
                                             file.name, seconds_since(server_, start)));
  return true;
}

bool append_only_file::truncate(const std::string& name, std::uint64_t size) {
  server_.log(log_level::warning,
              fmt::format("!!! Warning: short read while loading the AOF file {}!!!", name));
  server_.log(log_level::warning,
              fmt::format("!!! Truncating the AOF {} at offset {} !!!", name, size));
  std::error_code failure;
  const auto file = server_.process.files().append(directory_.path_of(name), failure);
  if (!failure) failure = file->truncate(size);
  if (!failure) failure = file->sync();
  if (failure)
    server_.log(log_level::warning,
                fmt::format("Error truncating the AOF file {}: {}", name, failure.message()));
  else
    server_.log(log_level::warning,
                fmt::format("AOF {} loaded anyway because aof-load-truncated is enabled", name));
  return !failure;
}

}  // namespace hawser::commands
