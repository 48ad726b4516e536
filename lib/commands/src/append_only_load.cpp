#include "reading_data.hpp"
#include <commands/append_only_file.hpp>
#include <engine/dispatcher.hpp>
#include <engine/no_link.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <persistence/aof_reader.hpp>
#include <persistence/file_system.hpp>

namespace hawser::commands {

namespace {

using engine::log_level;
using engine::node;
using persistence::aof_file;
using persistence::aof_reader;
using load_state = engine::data_load::state;
using outcome = load_result::outcome;

/// A file whose first bytes can be looked at before it is read.
class peeked_source final : public persistence::byte_source {
 public:
  explicit peeked_source(std::unique_ptr<persistence::byte_source> from) : from_(std::move(from)) {}

  std::string_view peek(std::size_t size, std::error_code& failure) {
    while (ahead_.size() < size) {
      const auto held = ahead_.size();
      ahead_.resize(size);
      const auto got = from_->read({ahead_.data() + held, size - held}, failure);
      ahead_.resize(held + got);
      if (got == 0) break;
    }
    return ahead_;
  }
  std::size_t read(std::span<char> room, std::error_code& failure) override {
    if (ahead_.empty()) return from_->read(room, failure);
    const auto got = ahead_.copy(room.data(), room.size());
    ahead_.erase(0, got);
    return got;
  }
  void breathe() override { from_->breathe(); }

 private:
  std::unique_ptr<persistence::byte_source> from_;
  std::string ahead_;
};

/// The client that the requests of the file come from. Nobody reads what it is replied.
class loading_client final : engine::no_link {
 public:
  explicit loading_client(engine::node& server)
      : server_(server), commands_(server), who_(0, *this) {
    who_.user = &server.access.server_itself();
    who_.authenticated = true;
  }
  ~loading_client() override {
    server_.waits.remove(who_);
    server_.watches.unwatch_all(who_);
    server_.pubsub.unsubscribe_all(who_);
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
  file_loading(node& server, const aof_file& file, std::unique_ptr<persistence::byte_source> from)
      : server_(server), name_(file.name), source_(std::move(from)) {}

  enum class result : std::uint8_t { more, loaded, cut_off, failed };

  /// Loads until the slice is over; so many bytes have been loaded before this file.
  result slice(loading_pace& pace, std::uint64_t before) {
    if (!begun_) begin();
    if (base_)
      if (const auto at = read_base(pace, before); at != load_state::done)
        return at == load_state::more ? result::more : result::failed;
    return read_requests(pace, before);
  }

  /// Of a file that is cut off: what can be kept of it.
  std::uint64_t whole() const { return requests_->end_of_units(); }

 private:
  bool old_style() const { return name_ == server_.options.appendfilename; }

  void begin() {
    begun_ = true;
    std::error_code failure;
    constexpr std::size_t signature = 6;
    if (!is_rdb(source_.peek(signature, failure))) {
      requests_.emplace(source_);
      return;
    }
    notice(old_style() ? "Reading RDB preamble from AOF file..."
                       : "Reading RDB base file on AOF loading...");
    base_.emplace(server_, source_, with_expired_keys(server_));
  }
  load_state read_base(loading_pace& pace, std::uint64_t before) {
    const auto at = base_->slice(pace, before);
    if (at == load_state::failed) {
      warn(base_->failure());
      warn(fmt::format("Error reading the RDB {} {}, AOF loading aborted",
                       old_style() ? "preamble of the AOF file" : "base file", name_));
    }
    if (at != load_state::done) return at;
    if (old_style()) notice("Reading the remaining AOF tail...");
    requests_.emplace(source_, base_->size(), base_->ahead());
    base_.reset();
    return at;
  }
  result read_requests(loading_pace& pace, std::uint64_t before) {
    auto& from = *requests_;
    if (!client_) client_.emplace(server_);
    auto how = from.next();
    while (how == aof_reader::state::request && client_->execute(from.words())) {
      if (!pace.go_on(before + from.offset())) return result::more;
      how = from.next();
    }
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
  void notice(std::string_view text) { server_.log(log_level::notice, text); }
  void warn(std::string_view text) { server_.log(log_level::warning, text); }

  node& server_;
  const std::string name_;
  peeked_source source_;
  bool begun_ = false;
  std::optional<rdb_load> base_;
  std::optional<aof_reader> requests_;
  std::optional<loading_client> client_;
};

/// All files of the log, one after the other.
class log_load {
 public:
  log_load(node& server, const persistence::aof_directory& directory, loading_pace::place where)
      : server_(server), directory_(directory), begun_ns_(server.clock.monotonic_ns()) {
    const auto& files = directory.manifest();
    if (files.base) files_.push_back({*files.base, "base"});
    for (const auto& each : files.increments) files_.push_back({each, "incr"});
    std::uint64_t total = 0;
    for (auto& each : files_) missing_ = !measure(each, total) || missing_;
    pace_.emplace(server, where, total);
  }
  ~log_load() { server_.changes = changes_; }
  log_load(const log_load&) = delete;
  log_load& operator=(const log_load&) = delete;

  bool empty() const { return files_.empty(); }

  load_state slice() {
    if (missing_) return load_state::failed;
    pace_->begin_slice();
    const auto at = go_on();
    pace_->end_slice();
    if (at == load_state::done)
      server_.log(log_level::notice, fmt::format("DB loaded from append only file: {:.3f} seconds",
                                                 seconds_since(server_, begun_ns_)));
    return at;
  }

 private:
  struct part {
    aof_file file;
    std::string_view kind;
    std::uint64_t size = 0;
  };

  void warn(const std::string& text) { server_.log(log_level::warning, text); }

  /// All files that the manifest names have to be there.
  bool measure(part& of, std::uint64_t& total) {
    std::error_code failure;
    of.size = server_.process.files().size(directory_.path_of(of.file.name), failure);
    if (failure)
      warn(fmt::format("Unable to obtain the AOF file {} length. stat: {}", of.file.name,
                       failure.message()));
    total += of.size;
    return !failure;
  }

  /// Until the slice or a file is over.
  load_state go_on() {
    if (next_ == files_.size()) return load_state::done;
    const auto& part = files_[next_];
    if (!current_) {
      if (part.size == 0) return finish(part);
      if (!open(part)) return load_state::failed;
    }
    switch (current_->slice(*pace_, before_)) {
      case file_loading::result::more:
        return load_state::more;
      case file_loading::result::failed:
        return load_state::failed;
      case file_loading::result::cut_off:
        if (!accept_cut_off(part)) return load_state::failed;
        break;
      case file_loading::result::loaded:
        break;
    }
    server_.log(log_level::notice,
                fmt::format("DB loaded from {} file {}: {:.3f} seconds", part.kind, part.file.name,
                            seconds_since(server_, file_begun_ns_)));
    return finish(part);
  }
  load_state finish(const part& of) {
    current_.reset();
    before_ += of.size;
    return ++next_ == files_.size() ? load_state::done : load_state::more;
  }

  bool open(const part& of) {
    file_begun_ns_ = server_.clock.monotonic_ns();
    std::error_code failure;
    auto source = server_.process.files().open(directory_.path_of(of.file.name), failure);
    if (failure) {
      warn(fmt::format("Fatal error: can't open the append log file {} for reading: {}",
                       of.file.name, failure.message()));
      return false;
    }
    current_.emplace(server_, of.file, pace_->pace(std::move(source)));
    return true;
  }

  /// A file may only be cut off at the end of the log: what follows would be wrong without what is
  /// missing.
  bool accept_cut_off(const part& of) {
    const auto& name = of.file.name;
    if (!server_.options.aof_load_truncated) {
      warn(fmt::format(
          "Unexpected end of file reading the append only file {}. You can: 1) Make a backup of "
          "your AOF file, then use ./redis-check-aof --fix <filename.manifest>. 2) Alternatively "
          "you can set the 'aof-load-truncated' configuration option to yes and restart the "
          "server.",
          name));
      return false;
    }
    if (next_ + 1 < files_.size()) {
      warn(fmt::format("The append only file {} is cut off at offset {}", name, current_->whole()));
      warn("Fatal error: the truncated file is not the last file");
      return false;
    }
    return truncate(name, current_->whole());
  }

  bool truncate(const std::string& name, std::uint64_t size) {
    warn(fmt::format("!!! Warning: short read while loading the AOF file {}!!!", name));
    warn(fmt::format("!!! Truncating the AOF {} at offset {} !!!", name, size));
    std::error_code failure;
    const auto file = server_.process.files().append(directory_.path_of(name), failure);
    if (!failure) failure = file->truncate(size);
    if (!failure) failure = file->sync();
    if (failure)
      warn(fmt::format("Error truncating the AOF file {}: {}", name, failure.message()));
    else
      warn(fmt::format("AOF {} loaded anyway because aof-load-truncated is enabled", name));
    return !failure;
  }

  node& server_;
  const persistence::aof_directory& directory_;
  const std::int64_t begun_ns_;
  const std::uint64_t changes_ = server_.changes;
  const unjournalled quiet_{server_.journal};
  std::vector<part> files_;
  bool missing_ = false;
  std::optional<loading_pace> pace_;
  std::size_t next_ = 0;
  std::uint64_t before_ = 0;  // bytes of the files before
  std::optional<file_loading> current_;
  std::int64_t file_begun_ns_ = 0;
};

/// At the start: what there is is loaded, and then written on.
class first_log_load final : public engine::data_load {
 public:
  first_log_load(append_only_file& file, node& server, const persistence::aof_directory& directory)
      : file_(file), load_(std::in_place, server, directory, loading_pace::place::beside_clients) {}

  load_state step() override {
    const auto at = load_->empty() ? load_state::done : load_->slice();
    if (at == load_state::more) return at;
    load_.reset();
    return at == load_state::done && file_.begin() ? load_state::done : load_state::failed;
  }

 private:
  append_only_file& file_;
  std::optional<log_load> load_;
};

}  // namespace

load_result::outcome append_only_file::load() {
  if (directory_.manifest().empty()) return outcome::no_file;
  log_load whole(server_, directory_, loading_pace::place::foreground);
  auto at = load_state::more;
  while (at == load_state::more) at = whole.slice();
  return at == load_state::done ? outcome::loaded : outcome::failed;
}

std::unique_ptr<engine::data_load> append_only_file::first_load() {
  return std::make_unique<first_log_load>(*this, server_, directory_);
}

}  // namespace hawser::commands
