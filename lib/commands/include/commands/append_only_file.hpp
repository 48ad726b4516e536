#pragma once

#include <commands/data_file.hpp>
#include <engine/append_only.hpp>
#include <engine/data_load.hpp>
#include <engine/journal_log.hpp>
#include <engine/node.hpp>

#include <atomic>
#include <cstdint>
#include <future>
#include <optional>
#include <persistence/aof_directory.hpp>
#include <persistence/aof_writer.hpp>
#include <string>

namespace hawser::commands {

/// What is known of rewrites of the append-only file; times in seconds, -1: none.
struct rewrite_facts {
  bool in_progress = false;
  bool scheduled = false;
  bool failed = false;  // the last one
  std::int64_t last_seconds = -1;
  std::uint64_t begun = 0;
  std::uint64_t failures_in_a_row = 0;
};

/// The append-only file of a node: it is loaded at the start, follows the journal, and is rewritten
/// when it has grown. See persistence::aof_directory for the files and persistence::aof_writer for
/// what happens to them beside the strand. All functions on the strand, but for those of the base
/// class that say otherwise.
class append_only_file final : public engine::append_only {
 public:
  /// Who waits for progress waits for this key, which need not exist.
  static constexpr std::string_view progress_key = "hawser: the append-only file's progress";

  /// The node's; made at the first call.
  static append_only_file& of(engine::node& server);

  explicit append_only_file(engine::node& server);
  ~append_only_file() override;

  // The start

  /// Reads the manifest, whether or not the append-only file is on. False: it cannot be, and the
  /// log says why.
  bool open();
  /// Loads all that the manifest names into the databases; the reason of a failure is in the log.
  load_result::outcome load();
  /// Begins to write, behind what there is.
  bool begin();
  /// Both, in slices: the data set that the server begins with.
  std::unique_ptr<engine::data_load> first_load();

  // CONFIG SET appendonly

  /// Begins to write; the data set as it is now becomes the base. False: it cannot be written.
  bool switch_on();
  void switch_off();
  bool is_on() const { return state_ != state::off; }

  // Rewrites

  /// Makes the data set as it is now the base, beside commands; as soon as that can be, if another
  /// snapshot is under way. False: that could not be begun.
  bool start_rewrite();
  /// Gives the base that is being written up.
  void cancel_rewrite();
  rewrite_facts rewrites;

  /// Rewrites if that is due; called at each tick.
  void tick();
  /// DEBUG LOADAOF: writes what there is to be written, and loads it in the place of the data set.
  bool reload();
  /// The journal has begun anew. Found out by itself where its offsets show it.
  void follow_new_history();
  /// All that has been journalled is on disk when this returns. False: it is not.
  bool flush();
  /// The first base is still to be written.
  bool waits_for_base() const { return state_ == state::waits_for_base; }

  /// Bytes of all files that would be loaded.
  std::uint64_t size() const;
  std::int64_t current_rewrite_seconds() const {
    constexpr std::int64_t second = 1'000'000'000;
    if (!rewrites.in_progress) return -1;
    return (server_.clock.monotonic_ns() - rewrite_begun_ns_) / second;
  }
  std::uint64_t size_after_rewrite() const { return size_after_rewrite_; }
  persistence::aof_writer::status writer_status() const { return writer_.now(); }

  // engine::append_only
  void hand_over(std::size_t replies) override;
  bool holds_replies() const override { return holds_replies_.load(std::memory_order_relaxed); }
  std::uint64_t durable() const override { return writer_.synced(); }
  std::size_t buffered() const override { return writer_.now().buffered; }
  void look() override;

 private:
  enum class state : std::uint8_t { off, waits_for_base, on };

  bool report(const persistence::file_failure& failure);
  std::uint64_t size_of(const std::string& name);
  bool write_to(persistence::aof_directory::increment to);
  bool begin_rewrite();
  bool rewrite();
  void write_base();
  void base_written(std::error_code failure);
  void put_base();
  void rewrite_failed();
  void rewrite_if_grown();
  void remove_history();
  void start_writer();
  void follow_options();
  bool rewrite_is_held_back();

  engine::node& server_;
  persistence::aof_directory directory_;
  persistence::aof_writer writer_;
  std::optional<engine::journal_cursor> cursor_;
  state state_ = state::off;
  bool writer_runs_ = false;
  std::atomic<bool> holds_replies_{false};
  std::uint64_t older_bytes_ = 0;  // of the files before the one that is written
  std::uint64_t size_after_rewrite_ = 0;
  std::filesystem::path temporary_base_;
  bool base_is_rdb_ = true;
  std::shared_ptr<std::atomic<bool>> base_given_up_;  // what writes it looks at this
  std::int64_t rewrite_begun_ns_ = 0;
  base::milliseconds_t retry_at_ = 0;  // when the next rewrite may begin by itself
  int retry_minutes_ = 0;
  std::uint64_t retry_failures_ = 0;  // those there were when that was decided
  std::future<void> run_over_;        // of the writer's thread
  base::milliseconds_t last_stamp_ = 0;
};

}  // namespace hawser::commands
